import io
import logging
import subprocess
import sys
import warnings

import pytest
from PIL import Image
from pydicom import dcmread

from btgui.engine.dicom.headers import read_header
from btgui.engine.dicom.source import read_patient_and_study
from btgui.engine.scan_source import read_scan
from btgui.engine.studies.dicomdir import missing_files
from btgui.engine.studies.pictures_in_files import pictures_in
from tests.conftest import write_head
from tests.dicom_files import dicom_test_file
from tests.nifti_files import change_header, world_volume, write_nifti

READS = """
import sys, threading
from pathlib import Path
from btgui.engine.scan_source import read_scan
from btgui.engine.dicom.headers import read_header
path = Path(sys.argv[1])
for read in (read_scan, read_header):
    thread = threading.Thread(target=read, args=(path,))
    thread.start()
    thread.join()
import warnings
warnings.warn("of another package")
"""


@pytest.fixture
def telling(tmp_path):
    """A DICOM file of which pydicom's warning quotes a value."""
    dataset = dcmread(dicom_test_file("MR_small.dcm"))
    dataset.add_new("SpecificCharacterSet", "CS", "ISO_IR 6")
    path = tmp_path / "telling.dcm"
    dataset.save_as(path)
    path.write_bytes(path.read_bytes().replace(b"ISO_IR 6", b"SMITH^JO"))
    return path


def test_pydicom_would_tell_a_value(telling):
    with pytest.warns(UserWarning, match="SMITH"):
        str(dcmread(telling))


def test_no_value_of_a_header_is_shown_by_any_thread(telling):
    ran = subprocess.run(
        [sys.executable, "-W", "always", "-c", READS, telling],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "SMITH" not in ran.stdout + ran.stderr
    assert "of another package" in ran.stderr


def test_a_volume_with_an_odd_header_is_read_without_a_word(tmp_path):
    file = change_header(write_nifti(tmp_path / "a.nii", world_volume()), sform_code=77)
    read = "import sys; from pathlib import Path; from btgui.engine.scan_source import read_scan; "
    ran = subprocess.run(
        [sys.executable, "-c", f"{read}read_scan(Path(sys.argv[1]))", file],
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout + ran.stderr == ""


def test_no_value_of_a_header_reaches_a_log_of_all_packages(telling):
    # Not caplog, which listens to loggers that pass nothing on as well.
    shown = io.StringIO()
    log, handler = logging.getLogger(), logging.StreamHandler(shown)
    log.addHandler(handler)
    try:
        read_scan(telling)
        read_header(telling)
        read_patient_and_study(telling)
        log.warning("of another package")
    finally:
        log.removeHandler(handler)
    assert shown.getvalue() == "of another package\n"


def test_reading_leaves_the_filters_of_the_process_alone(telling, tmp_path, monkeypatch):
    picture = write_head(tmp_path / "a.png")
    Image.open(picture).save(tmp_path / "a.tif")

    def changed(*_, **__):
        raise AssertionError("the filters of all threads are changed")

    monkeypatch.setattr(warnings, "catch_warnings", changed)
    for path in (telling, picture, tmp_path / "a.tif"):
        read_scan(path)
    read_header(telling)
    pictures_in([tmp_path / "a.tif"])
    missing_files(dicom_test_file("dicomdirtests/DICOMDIR"))
