"""JPEG of 12 bits a sample (ITU-T T.81, process 4), as DICOM's JPEG Extended may hold.

A decoder for pydicom, whose own have only 8 bits; the work is libjpeg-turbo's, by
imagecodecs. pydicom finds the three names below by itself once it is told of the module.
"""

from __future__ import annotations

import numpy as np
from pydicom.pixels.decoders.base import DecodeRunner, get_decoder
from pydicom.uid import JPEGExtended12Bit

# What pydicom names where a decoder is missing.
DECODER_DEPENDENCIES = {JPEGExtended12Bit: ("numpy", "imagecodecs")}
_LABEL = "imagecodecs"


def is_available(uid: str) -> bool:
    """Whether the transfer syntax can be decoded here."""
    return uid == JPEGExtended12Bit


def decode_frame(frame: bytes, runner: DecodeRunner) -> bytes:
    """Return a grey frame's (rows, columns) values as little-endian 16-bit bytes.

    Raises
    ------
    NotImplementedError
        It has 8 bits, or colours: for pydicom's own decoders, or for none.
    ValueError
        It is not of the size that the header tells.
    """
    from imagecodecs import jpeg8_decode  # its libraries are loaded where they are needed

    if runner.samples_per_pixel != 1:
        raise NotImplementedError("12-bit JPEG in colours is not read")
    values = jpeg8_decode(frame)
    if values.dtype != np.uint16:
        raise NotImplementedError("8 bits a sample are read by other decoders")
    if values.shape != (runner.rows, runner.columns):
        raise ValueError(
            f"expected {runner.rows} x {runner.columns} pixels, received {values.shape}"
        )
    runner.set_option("bits_allocated", 16)
    return values.astype("<u2").tobytes()


def offer_to_pydicom() -> None:
    """Let pydicom decode such frames by this module; once is enough, more does no harm."""
    decoder = get_decoder(JPEGExtended12Bit)
    if _LABEL not in decoder.available_plugins:
        decoder.add_plugin(_LABEL, (__name__, decode_frame.__name__))
