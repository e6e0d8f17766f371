"""The kinds of JPEG that DICOM has and pydicom's own decoders have not, read by libjpeg-turbo.

JPEG Extended of 12 bits a sample (ITU-T T.81, process 4) and JPEG lossless of 2 to 16 bits
(process 14), through imagecodecs. pydicom finds ``DECODER_DEPENDENCIES``, ``is_available``
and ``decode_frame`` by itself once it is told of the module. (GDCM reads lossless JPEG
too, but ends the whole process over some damaged files.)
"""

from __future__ import annotations

import numpy as np
from pydicom.pixels.decoders.base import DecodeRunner, get_decoder
from pydicom.uid import JPEGExtended12Bit, JPEGLossless, JPEGLosslessSV1

_SYNTAXES = (JPEGExtended12Bit, JPEGLossless, JPEGLosslessSV1)
# What pydicom names where a decoder is missing.
DECODER_DEPENDENCIES = dict.fromkeys(_SYNTAXES, ("numpy", "imagecodecs"))
_LABEL = "imagecodecs"


def is_available(uid: str) -> bool:
    """Whether the transfer syntax can be decoded here."""
    return uid in _SYNTAXES


def decode_frame(frame: bytes, runner: DecodeRunner) -> bytes:
    """Return a frame's (rows, columns[, 3]) values as bytes, 8 or (little-endian) 16 bits each.

    Colours are as they are stored.

    Raises
    ------
    NotImplementedError
        Lossy and of 8 bits, or of 12 and coloured: for pydicom's own decoders, or for none.
    ValueError
        It is not of the size that the header tells.
    """
    from imagecodecs import jpeg8_decode  # its libraries are loaded where they are needed

    coloured = runner.samples_per_pixel > 1
    lossy = runner.transfer_syntax == JPEGExtended12Bit
    if lossy and coloured:
        raise NotImplementedError("lossy JPEG in colours is read by other decoders")
    # To say that both are RGB leaves the colours alone, whatever they are.
    colours = "RGB" if coloured else None
    values = jpeg8_decode(frame, colorspace=colours, outcolorspace=colours)
    if lossy and values.dtype == np.uint8:
        raise NotImplementedError("lossy JPEG of 8 bits is read by other decoders")
    expected = (runner.rows, runner.columns, *([runner.samples_per_pixel] if coloured else []))
    if values.shape != expected:
        raise ValueError(f"expected values of shape {expected}, received {values.shape}")
    runner.set_option("bits_allocated", 8 * values.dtype.itemsize)
    runner.set_option("planar_configuration", 0)
    return values.astype(values.dtype.newbyteorder("<")).tobytes()


def offer_to_pydicom() -> None:
    """Let pydicom decode such frames by this module; once is enough, more does no harm."""
    for syntax in _SYNTAXES:
        decoder = get_decoder(syntax)
        if _LABEL not in decoder.available_plugins:
            decoder.add_plugin(_LABEL, (__name__, decode_frame.__name__))
