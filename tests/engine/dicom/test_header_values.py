from pydicom.dataset import Dataset

from btgui.engine.dicom.header_values import listed_in, number_in, numbers_in, text_in, whole_in
from tests.dicom_files import put


def test_what_is_missing_or_broken_is_no_value():
    dataset = Dataset()
    put(dataset, "EchoTime", "soon")
    put(dataset, "ImagePositionPatient", "1\\2\\x")
    for key in ("EchoTime", "RepetitionTime", 0x00191010):
        assert (number_in(dataset, key), whole_in(dataset, key)) == (None, 0)
    assert numbers_in(dataset, "ImagePositionPatient", 3) is None
    assert (text_in(dataset, "SeriesDescription"), listed_in(dataset, "ImageType")) == ("", [])


def test_one_value_is_a_list_of_one():
    dataset = Dataset()
    dataset.ImageType = "ORIGINAL"
    dataset.EchoNumbers = [1, 2]
    assert listed_in(dataset, "ImageType") == ["ORIGINAL"]
    assert listed_in(dataset, "EchoNumbers") == [1, 2]


def test_a_text_with_a_backslash_is_told_as_it_was_written():
    dataset = Dataset()
    dataset.SeriesDescription = ["AX T2", "FLAIR "]
    dataset.PatientName = "Doe^Jane"
    assert text_in(dataset, "SeriesDescription") == "AX T2\\FLAIR"
    assert text_in(dataset, "PatientName") == "Doe^Jane"
