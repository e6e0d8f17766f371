from pathlib import Path

import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, JPEGBaseline8Bit

from btgui.engine.dicom_header import header_facts
from btgui.engine.scan_source import read_scan
from tests.dicom_files import dicom_test_file


@pytest.fixture
def dataset():
    """An axial slice's header, rows to the left and columns to the back."""
    made = Dataset()
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    made.PatientName = "DOE^JANE"
    made.PatientID = "0042"
    made.PatientSex = "F"
    made.PatientBirthDate = "19610302"
    made.InstitutionName = "Some Hospital"
    made.StudyInstanceUID = "1.2.3"
    made.EchoTime = 12.5
    made.ImageType = ["ORIGINAL", "PRIMARY"]
    made.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    made.ImagePositionPatient = [-100, -120, 34.5]
    made.add_new(0x00091001, "LO", "a private note")
    made.PixelData = b"\0\0"
    return made


def test_place_and_letters_come_from_position_and_orientation(dataset):
    facts = header_facts(dataset)
    assert facts.plane == "axial"
    assert (facts.edges.left, facts.edges.right) == ("R", "L")
    assert (facts.edges.top, facts.edges.bottom) == ("A", "P")
    assert facts.slice_location_mm == pytest.approx(34.5)


@pytest.mark.parametrize("broken", [None, [1, 0, 0], [2, 0, 0, 0, 1, 0], ["x"] * 6])
def test_nothing_is_invented_where_the_orientation_is_missing_or_broken(dataset, broken):
    del dataset.ImageOrientationPatient
    if broken and broken[0] != "x":
        dataset.ImageOrientationPatient = broken
    facts = header_facts(dataset)
    assert (facts.edges, facts.plane, facts.slice_location_mm) == (None, "", None)


def test_the_patient_is_named_in_lines(dataset):
    assert header_facts(dataset).overlay_patient == ("DOE^JANE", "ID 0042, F", "born 1961-03-02")
    for keyword in ("PatientName", "PatientID", "PatientBirthDate"):
        delattr(dataset, keyword)
    assert header_facts(dataset).overlay_patient == ("F",)


def test_every_element_but_pixels_is_shown_and_what_identifies_is_marked(dataset):
    facts = header_facts(dataset)
    assert facts.header["EchoTime (0018,0081)"] == "12.5"
    assert facts.header["ImageType (0008,0008)"] == "ORIGINAL, PRIMARY"
    assert not [key for key in facts.header if "PixelData" in key]
    open_ones = set(facts.header) - facts.header_patient
    assert open_ones == {
        "EchoTime (0018,0081)",
        "ImageType (0008,0008)",
        "ImageOrientationPatient (0020,0037)",
        "ImagePositionPatient (0020,0032)",
    }


def test_long_texts_and_sequences_are_shortened(dataset):
    dataset.SeriesDescription = "T1"
    dataset.AdditionalPatientHistory = "x" * 5000
    dataset.ReferencedImageSequence = [Dataset(), Dataset()]
    facts = header_facts(dataset)
    assert len(facts.header["AdditionalPatientHistory (0010,21b0)"]) == 402
    assert facts.header["ReferencedImageSequence (0008,1140)"] == "2 items"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, ""),
        ({"LossyImageCompression": "00"}, ""),
        ({"LossyImageCompression": "01"}, "lossy compression"),
        (
            {
                "LossyImageCompression": "01",
                "LossyImageCompressionMethod": "ISO_10918_1",
                "LossyImageCompressionRatio": 10,
            },
            "lossy JPEG, 10:1",
        ),
        (
            {
                "LossyImageCompression": "01",
                "LossyImageCompressionMethod": ["ISO_10918_1", "ISO_15444_1"],
                "LossyImageCompressionRatio": [2, 8.25],
            },
            "lossy JPEG 2000, 8.25:1",
        ),
    ],
)
def test_loss_is_told_as_the_header_does(dataset, changes, words):
    for keyword, value in changes.items():
        setattr(dataset, keyword, value)
    assert header_facts(dataset).lossy == words


def test_loss_is_told_too_where_only_the_compression_says_so(dataset):
    dataset.file_meta.TransferSyntaxUID = JPEGBaseline8Bit
    assert header_facts(dataset).lossy == "lossy JPEG"


def test_a_real_file_s_header_arrives_with_its_scan():
    file = Path(dicom_test_file("MR_small.dcm"))
    scan, dataset = read_scan(file), dcmread(file)
    assert scan.overlay_patient[0] == str(dataset.PatientName)
    assert scan.header["PatientName (0010,0010)"] == str(dataset.PatientName)
    assert "PatientName (0010,0010)" in scan.header_patient
    assert scan.header["Rows (0028,0010)"] == "64"
    assert scan.plane
    assert scan.edges is not None
    known = " ".join(scan.metadata.values())
    assert str(dataset.PatientID) not in known  # metadata is free of identity
