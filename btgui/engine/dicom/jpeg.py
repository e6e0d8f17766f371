"""A pydicom plugin for the JPEG transfer syntaxes that pydicom does not decode itself.

Decodes 12-bit JPEG Extended (ITU-T T.81, process 4) and lossless JPEG of 2 to 16 bits
(process 14) with libjpeg-turbo through imagecodecs. pydicom looks up ``DECODER_DEPENDENCIES``,
``is_available`` and ``decode_frame`` in this module once it is registered. (GDCM decodes lossless
JPEG too, but crashes the whole process on some damaged files.)
"""

from __future__ import annotations

import numpy as np
from pydicom.pixels.decoders.base import DecodeRunner, get_decoder
from pydicom.uid import JPEGExtended12Bit, JPEGLossless, JPEGLosslessSV1

_SYNTAXES = (JPEGExtended12Bit, JPEGLossless, JPEGLosslessSV1)
# The packages that pydicom names in its message if a decoder is missing.
DECODER_DEPENDENCIES = dict.fromkeys(_SYNTAXES, ("numpy", "imagecodecs"))
_LABEL = "imagecodecs"


def is_available(uid: str) -> bool:
    """Whether this module decodes the transfer syntax."""
    return uid in _SYNTAXES


def decode_frame(frame: bytes, runner: DecodeRunner) -> bytes:
    """Return a frame's (rows, columns[, 3]) values as bytes, 8 or (little-endian) 16 bits each.

    The stored colour space is kept.

    Raises
    ------
    NotImplementedError
        The frame is lossy 8-bit, left to pydicom's own decoders, or lossy 12-bit colour, which no
        decoder supports.
    ValueError
        The frame's size differs from the size in the header.
    """
    from imagecodecs import jpeg8_decode  # imported late, because it loads large libraries

    coloured = runner.samples_per_pixel > 1
    lossy = runner.transfer_syntax == JPEGExtended12Bit
    if lossy and coloured:
        raise NotImplementedError("lossy JPEG in colours is read by other decoders")
    # Declaring both input and output as RGB prevents any colour conversion.
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
    """Register this module as a decoder plugin of pydicom; repeated calls have no effect."""
    for syntax in _SYNTAXES:
        decoder = get_decoder(syntax)
        if _LABEL not in decoder.available_plugins:
            decoder.add_plugin(_LABEL, (__name__, decode_frame.__name__))
