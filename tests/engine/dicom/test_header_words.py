from pathlib import Path

import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.uid import JPEG2000, ExplicitVRLittleEndian, JPEGBaseline8Bit

from btgui.engine.dicom.header_words import header_texts, lossy_words
from btgui.engine.scan_source import read_scan
from tests.dicom_files import dicom_test_file


@pytest.fixture
def dataset():
    made = Dataset()
    made.PatientName = "DOE^JANE"
    made.PatientID = "0042"
    made.PatientBirthDate = "19610302"
    made.InstitutionName = "Some Hospital"
    made.StudyInstanceUID = "1.2.3"
    made.StudyDate = "20260101"
    made.EchoTime = 12.5
    made.ImagePositionPatient = [-100, -120, 34.5]
    made.add_new(0x00091001, "LO", "a private note")
    made.PixelData = b"\0\0"
    return made


def test_every_element_but_pixels_is_shown_and_what_identifies_is_marked(dataset):
    texts, patient = header_texts(dataset)
    assert texts["EchoTime (0018,0081)"] == "12.5"
    assert not [key for key in texts if "PixelData" in key]
    assert set(texts) - patient == {"EchoTime (0018,0081)", "ImagePositionPatient (0020,0032)"}


def test_long_texts_are_shortened(dataset):
    dataset.AdditionalPatientHistory = "x" * 5000
    texts, _ = header_texts(dataset)
    assert len(texts["AdditionalPatientHistory (0010,21B0)"]) == 400


@pytest.mark.parametrize(
    ("said", "ratio", "syntax", "words"),
    [
        ("", None, ExplicitVRLittleEndian, ""),
        ("00", None, JPEG2000, ""),
        ("", None, JPEG2000, "possibly lossy JPEG 2000"),
        ("01", None, ExplicitVRLittleEndian, "lossy compression"),
        ("", None, JPEGBaseline8Bit, "lossy JPEG"),
        ("01", 10, JPEGBaseline8Bit, "lossy JPEG, 10:1"),
        ("01", [2, 8.25], JPEG2000, "lossy JPEG 2000, 8.2:1"),
        ("01", -1, JPEG2000, "lossy JPEG 2000"),
    ],
)
def test_loss_is_told_as_header_and_syntax_tell(dataset, said, ratio, syntax, words):
    if said:
        dataset.LossyImageCompression = said
    if ratio is not None:
        dataset.LossyImageCompressionRatio = ratio
    assert lossy_words(dataset, str(syntax)) == words


def test_a_real_file_s_header_arrives_with_its_scan():
    file = Path(dicom_test_file("MR_small.dcm"))
    scan, dataset = read_scan(file), dcmread(file)
    assert scan.header["PatientName (0010,0010)"] == str(dataset.PatientName)
    assert "PatientName (0010,0010)" in scan.header_patient
    assert scan.plane == "axial"
    assert (scan.edges.left, scan.edges.top) == ("R", "A")
    assert str(dataset.PatientID) not in " ".join(scan.metadata.values())
