"""Every DICOM file that comes with pydicom: shown with pydicom's own values, or refused."""

import warnings
from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.pixels.processing import apply_color_lut, apply_modality_lut, convert_color_space

from btgui.engine.errors import ScanError
from btgui.engine.scan import Scan, ScanAddress
from btgui.engine.scan_source import read_scan
from tests.dicom_files import dicom_test_file
from tools.dicom_table import page

ROOT = Path(__file__).resolve().parents[3]

FOLDER = Path(pydicom.__file__).parent / "data" / "test_files"
FILES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.dcm"))


def readable_by_pydicom(file: Path) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return dcmread(file, force=True).pixel_array.size > 0
        except Exception:  # noqa: BLE001  (it raises many kinds)
            return False


def first_frame(dataset: Dataset, pixels: np.ndarray) -> np.ndarray:
    return pixels if int(dataset.get("NumberOfFrames") or 1) == 1 else pixels[0]


def colours_by_pydicom(file: Path) -> tuple[np.ndarray, int]:
    """Return a file's first frame as (rows, columns, 3) red, green and blue, and their bits."""
    dataset = dcmread(file, force=True)
    kind = dataset.PhotometricInterpretation
    if kind == "PALETTE COLOR":
        colours = apply_color_lut(first_frame(dataset, dataset.pixel_array), dataset)
        deeper = dataset.RedPaletteColorLookupTableDescriptor[2] - 8  # shown in 8 bits
        return colours[..., :3] / 2.0**deeper, 8
    if kind.startswith("YBR_FULL"):
        stored = first_frame(dataset, pydicom.pixel_array(file, raw=True))
        return convert_color_space(stored, "YBR_FULL", "RGB"), dataset.BitsStored
    # JPEG 2000 decoders convert its own colour spaces (YBR_RCT, YBR_ICT) back to RGB.
    return first_frame(dataset, dataset.pixel_array), dataset.BitsStored


@pytest.mark.parametrize("name", FILES)
def test_values_are_pydicoms_or_the_file_is_refused(name):
    try:
        scan = read_scan(FOLDER / name)
    except ScanError:
        # docs/dicom-files.md lists the messages; pydicom must not be able to read the file either.
        assert not readable_by_pydicom(FOLDER / name)
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        dataset = dcmread(FOLDER / name, force=True)
        if not dataset.PhotometricInterpretation.startswith("MONOCHROME"):
            assert_brightness(scan, *colours_by_pydicom(FOLDER / name))
            return
        if "TransferSyntaxUID" not in dataset.file_meta:
            dataset.file_meta.TransferSyntaxUID = pydicom.uid.ImplicitVRLittleEndian
        pixels = first_frame(dataset, dataset.pixel_array)
        assert np.array_equal(scan.values, np.float32(apply_modality_lut(pixels, dataset)))


def assert_brightness(scan: Scan, colours: np.ndarray, bits: int) -> None:
    """Compare a scan with the luma of these colours, to a millionth of their range (float32)."""
    luma = colours.astype(np.float64) @ [0.299, 0.587, 0.114]  # ITU-R BT.601
    white = 2.0**bits - 1
    np.testing.assert_allclose(scan.values, luma, rtol=0, atol=1e-6 * white)
    assert scan.window_source == "luma of the colour image"
    shown = np.clip(luma / 2.0 ** (bits - 8), 0, 255)
    np.testing.assert_allclose(scan.grey, shown, rtol=0, atol=0.501)


def test_the_page_says_what_becomes_of_each_file():
    text = (ROOT / "docs" / "dicom-files.md").read_text(encoding="utf-8")
    assert text == page(), "run tools/dicom_table.py"


@pytest.mark.parametrize("name", ["rtdose.dcm", "rtdose_rle.dcm", "rtdose_expb.dcm"])
def test_every_frame_is_read_as_pydicom_does(name):
    dataset = dcmread(dicom_test_file(name))
    whole = dataset.pixel_array
    for frame in (0, 7, 14):
        scan = read_scan(ScanAddress(Path(dicom_test_file(name)), frame))
        assert np.array_equal(scan.values, np.float32(apply_modality_lut(whole[frame], dataset)))
        assert scan.slice_location_mm is None
