"""Impossible numbers in a header, and pixel values that are not part of the image."""

from dataclasses import replace

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import ImplicitVRLittleEndian

from btgui.engine.errors import ScanError
from btgui.engine.pictures.presets import first_window, window_presets
from btgui.engine.preprocessing import PreprocessingParameters, find_head
from btgui.engine.scan import Window
from tests.dicom_files import put, ramp_dataset, read


@pytest.fixture
def dataset():
    return ramp_dataset()


@pytest.mark.parametrize("apart", ["", "0", "-1", "101", "0.0009", "inf", "nan", "1e-320", "1e30"])
def test_an_absurd_spacing_is_none(dataset, apart):
    for spacing in (f"{apart}\\0.5", f"0.5\\{apart}"):
        put(dataset, "PixelSpacing", spacing)
        assert read(dataset).spacing_mm is None


@pytest.mark.parametrize(
    ("centre", "width"),
    [
        *(("1e300", "1e300"), ("0", "2e9"), ("-2e9", "100"), ("nan", "inf"), ("0", "1e-300")),
        *(("", "100"), ("600", ""), ("600", "0"), ("600", "-5")),
    ],
)
def test_an_absurd_window_or_half_of_one_is_none(dataset, centre, width):
    put(dataset, "WindowCenter", centre)
    put(dataset, "WindowWidth", width)
    scan = read(dataset)
    assert "percentile" in scan.window_source
    assert abs(scan.window.centre) < 5000
    assert all(abs(preset.window.width) < 10_000 for preset in window_presets(scan))


def test_an_absurd_position_is_none(dataset):
    put(dataset, "ImagePositionPatient", "0\\0\\1e300")
    assert read(dataset).slice_location_mm is None


@pytest.mark.parametrize(("slope", "intercept"), [("", ""), ("0", "0"), ("1", "")])
def test_a_rescale_that_says_nothing_is_none(dataset, slope, intercept):
    put(dataset, "RescaleSlope", slope)
    put(dataset, "RescaleIntercept", intercept)
    scan = read(dataset)
    assert np.array_equal(scan.values, dataset.pixel_array)
    assert scan.grey.max() == 255


@pytest.mark.parametrize("slope", ["1e300", "nan", "inf"])
def test_a_rescale_that_leads_out_of_the_range_of_numbers_makes_no_black_picture(dataset, slope):
    put(dataset, "RescaleSlope", slope)
    with pytest.raises(ScanError, match="damaged"):
        read(dataset)


def test_a_rescale_that_is_no_number_is_refused(dataset):
    put(dataset, "RescaleSlope", "0,5")
    put(dataset, "RescaleIntercept", "0")
    with pytest.raises(ScanError, match="damaged"):
        read(dataset)


@pytest.mark.parametrize(
    ("keyword", "kind"), [("FloatPixelData", np.float32), ("DoubleFloatPixelData", np.float64)]
)
def test_fractions_are_read_and_those_that_are_no_numbers_are_0(dataset, keyword, kind):
    fractions = dataset.pixel_array.astype(kind) / 8
    fractions[0, :2] = np.nan, np.inf
    for name in ("PixelData", "BitsStored", "HighBit", "PixelRepresentation"):
        delattr(dataset, name)
    dataset.BitsAllocated = 8 * fractions.itemsize
    setattr(dataset, keyword, fractions.tobytes())
    scan = read(dataset)
    assert np.array_equal(scan.values[0, :4], [0, 0, 2 / 8, 3 / 8])
    assert np.array_equal(scan.values[1:], fractions[1:])
    assert scan.grey.max() == 255
    assert scan.metadata["Depth"] == f"{8 * fractions.itemsize} bits"


def padded(dataset, values, *, signed=False, **padding):
    """A ramp from 0 to 999 under rows of padding."""
    kind = np.int16 if signed else np.uint16
    filled = np.resize(np.array(values).astype(kind), (32, 64))
    ramp = (np.arange(32 * 64) % 1000).astype(kind).reshape(32, 64)
    dataset.PixelRepresentation = int(signed)
    dataset.BitsStored, dataset.HighBit = 16, 15
    dataset.PixelData = np.concatenate([filled, ramp]).tobytes()
    for keyword, value in padding.items():
        dataset.add_new(keyword, "US" if value > 0 else "SS", value)
    return dataset


@pytest.mark.parametrize(
    ("values", "signed", "padding"),
    [
        ([60000], False, {"PixelPaddingValue": 60000}),
        ([-2000], True, {"PixelPaddingValue": -2000}),
        ([-2000], True, {"PixelPaddingValue": 63536}),
        (
            [60000, 60010, 60020],
            False,
            {"PixelPaddingValue": 60000, "PixelPaddingRangeLimit": 60020},
        ),
        (
            [-2000, -1900, -1990],
            True,
            {"PixelPaddingValue": -1900, "PixelPaddingRangeLimit": -2000},
        ),
    ],
    ids=["one", "negative", "negative, written as unsigned", "range", "range downwards"],
)
@pytest.mark.parametrize("slope", [1, -2])
def test_padding_decides_no_window(dataset, values, signed, padding, slope):
    dataset = padded(dataset, values, signed=signed, **padding)
    dataset.RescaleSlope, dataset.RescaleIntercept = slope, 5
    scan = read(dataset)
    widths = {preset.name: preset.window.width for preset in window_presets(scan)}
    assert 900 * abs(slope) < scan.window.width < 1000 * abs(slope)
    assert widths["automatic"] == pytest.approx(scan.window.width, rel=0.02)
    assert widths["full"] == 999 * abs(slope)
    assert widths["soft"] == 1.5 * widths["automatic"]


@pytest.mark.parametrize("interpretation", ["MONOCHROME1", "MONOCHROME2"])
@pytest.mark.parametrize("function", ["no window", "LINEAR", "SIGMOID", "table"])
@pytest.mark.parametrize(("value", "signed"), [(30000, False), (-2000, True)])
def test_padding_is_black(dataset, interpretation, function, value, signed):
    dataset = padded(dataset, [value], signed=signed, PixelPaddingValue=value)
    dataset.PhotometricInterpretation = interpretation
    if function == "table":
        table = Dataset()
        table.LUTDescriptor = [1000, 0, 16]
        table.add_new("LUTData", "OW", np.arange(1000, dtype=np.uint16).tobytes())
        dataset.VOILUTSequence = Sequence([table])
    elif function != "no window":
        dataset.WindowCenter, dataset.WindowWidth = 500, 400
        dataset.VOILUTFunction = function
    grey = read(dataset).grey
    assert not grey[:32].any()
    assert grey[32:].min() < 5
    assert grey[32:].max() > 250


def test_a_head_in_a_field_padded_with_the_largest_value_is_found(dataset):
    y, x = np.mgrid[:128, :128]
    away = np.hypot(x - 64, y - 64)
    values = np.where(away < 40, 600, 5)
    dataset.PixelData = np.where(away > 62, 4095, values).astype(np.uint16).tobytes()
    dataset.Rows = dataset.Columns = 128
    dataset.WindowCenter, dataset.WindowWidth = 500, 1000
    dataset.add_new("PixelPaddingValue", "US", 4095)
    box = find_head(read(dataset).grey, PreprocessingParameters()).box
    assert (box.left, box.top) == pytest.approx((24, 24), abs=6)
    assert (box.width, box.height) == pytest.approx((80, 80), abs=10)


def test_padding_does_not_widen_what_a_voi_table_starts_with(dataset):
    table = Dataset()
    table.LUTDescriptor = [4096, 0, 16]
    table.add_new("LUTData", "OW", np.arange(4096, dtype=np.uint16).tobytes())
    dataset = padded(dataset, [-2000], signed=True, PixelPaddingValue=-2000)
    dataset.VOILUTSequence = Sequence([table])
    scan = read(dataset)
    widths = {preset.name: preset.window.width for preset in window_presets(scan)}
    assert scan.window.width == widths["file"] == widths["full"] == 999
    absurd = replace(scan, window=Window(float("nan"), 1.0))
    assert first_window(absurd) == scan.window


def test_padding_in_an_implicit_file_is_read_with_its_sign(dataset):
    dataset = padded(dataset, [-2000], signed=True, PixelPaddingValue=-2000)
    dataset.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
    assert read(dataset).padding == (-2000, -2000)
