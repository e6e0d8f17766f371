"""JPEG that pydicom's own decoders do not read: lossless, and 12-bit lossy."""

import numpy as np
import pytest
from imagecodecs import jpeg8_encode
from pydicom import dcmread
from pydicom.encaps import encapsulate
from pydicom.uid import JPEGExtended12Bit, JPEGLossless, JPEGLosslessSV1

from btgui.engine.dicom.file import DicomFile
from btgui.engine.dicom.jpeg import offer_to_pydicom
from btgui.engine.errors import ScanError
from btgui.engine.scan_source import read_scan
from tests.dicom_files import dicom_test_file

SIDE = 48


@pytest.fixture
def write(tmp_path):
    """Write a file with one compressed frame of 16 bits, or of the given number of bits."""

    def written(syntax, frame, bits=16, *, coloured=False, signed=False, side=SIDE):
        dataset = dcmread(dicom_test_file("MR_small.dcm"))
        dataset.file_meta.TransferSyntaxUID = syntax
        dataset.Rows = dataset.Columns = side
        dataset.BitsAllocated, dataset.BitsStored = (8 if bits <= 8 else 16), bits
        dataset.HighBit, dataset.PixelRepresentation = bits - 1, int(signed)
        if coloured:
            dataset.SamplesPerPixel, dataset.PlanarConfiguration = 3, 0
            dataset.PhotometricInterpretation = "RGB"
        dataset.PixelData = encapsulate([frame])
        dataset["PixelData"].VR = "OB"
        file = tmp_path / "slice.dcm"
        dataset.save_as(file)
        return file

    return written


def noise(bits, *shape):
    kind = np.uint8 if bits <= 8 else np.uint16
    return np.random.default_rng(bits).integers(0, 2**bits, shape).astype(kind)


def lossless(values, bits, predictor=1, **colours):
    return jpeg8_encode(values, lossless=True, predictor=predictor, bitspersample=bits, **colours)


def test_to_offer_the_decoder_twice_does_no_harm():
    offer_to_pydicom()


@pytest.mark.parametrize("bits", [8, 10, 12, 16])
@pytest.mark.parametrize("predictor", range(1, 8))
def test_lossless_jpeg_gives_back_the_values(write, bits, predictor):
    values = noise(bits, SIDE, SIDE)
    file = write(JPEGLossless, lossless(values, bits, predictor), bits)
    assert np.array_equal(DicomFile(file).frame_pixels(0), values)


def test_values_of_one_byte_that_the_header_gives_two_are_read(write):
    values = noise(8, SIDE, SIDE)
    file = write(JPEGLossless, lossless(values, 8), 8)
    dataset = dcmread(file)
    dataset.BitsAllocated = 16
    dataset.save_as(file)
    assert np.array_equal(DicomFile(file).frame_pixels(0), values)


def test_lossless_colours_stay_as_they_are_stored(write):
    values = noise(8, SIDE, SIDE, 3)
    frame = lossless(values, 8, colorspace="RGB", outcolorspace="RGB")
    file = write(JPEGLosslessSV1, frame, 8, coloured=True)
    assert np.array_equal(DicomFile(file).frame_pixels(0), values)


def test_signed_values_of_fewer_bits_than_they_take_keep_their_sign(write):
    values = np.arange(SIDE * SIDE, dtype=np.int16).reshape(SIDE, SIDE) - 1000
    frame = lossless((values & 0xFFF).astype(np.uint16), 12)
    file = write(JPEGLosslessSV1, frame, 12, signed=True)
    assert np.array_equal(DicomFile(file).frame_pixels(0), values)


def test_a_frame_of_another_size_than_the_header_tells_is_refused(write):
    file = write(JPEGLosslessSV1, lossless(noise(16, SIDE, SIDE), 16), side=SIDE + 1)
    with pytest.raises(ScanError, match=r"slice\.dcm cannot be decoded"):
        read_scan(file)


@pytest.mark.parametrize("share", [0.3, 0.9])
@pytest.mark.parametrize("syntax", [JPEGLosslessSV1, JPEGExtended12Bit])
def test_a_truncated_frame_is_shown_or_refused_in_words(write, syntax, share):
    frame = lossless(noise(12, SIDE, SIDE), 12)
    if syntax == JPEGExtended12Bit:
        frame = jpeg8_encode(noise(12, SIDE, SIDE), level=90, bitspersample=12)
    file = write(syntax, frame[: int(share * len(frame))], 12)
    try:
        assert read_scan(file).shape == (SIDE, SIDE)
    except ScanError as refused:
        assert "slice.dcm" in str(refused)  # noqa: PT017  (either may be right)
