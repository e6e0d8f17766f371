"""Every DICOM file that comes with pydicom: shown with pydicom's own values, or refused."""

import warnings
from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom import dcmread
from pydicom.pixels.processing import apply_modality_lut

from btgui.engine.errors import ScanError
from btgui.engine.scan import ScanAddress
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


@pytest.mark.parametrize("name", FILES)
def test_grey_values_are_pydicoms_or_the_file_is_refused(name):
    try:
        scan = read_scan(FOLDER / name)
    except ScanError:
        # docs/dicom-files.md lists the sentences; pydicom must not do better.
        assert not readable_by_pydicom(FOLDER / name)
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        dataset = dcmread(FOLDER / name, force=True)
        if not dataset.PhotometricInterpretation.startswith("MONOCHROME"):
            assert scan.grey.shape == (dataset.Rows, dataset.Columns)
            return
        if "TransferSyntaxUID" not in dataset.file_meta:
            dataset.file_meta.TransferSyntaxUID = pydicom.uid.ImplicitVRLittleEndian
        pixels = dataset.pixel_array
        pixels = pixels if int(dataset.get("NumberOfFrames") or 1) == 1 else pixels[0]
        assert np.array_equal(scan.values, np.float32(apply_modality_lut(pixels, dataset)))


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
