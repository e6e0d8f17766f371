import pytest
from pydicom.dataset import Dataset

from btgui.engine.dicom_header import header_texts, lossy_words, patient_lines

JPEG, JPEG_2000, PLAIN = "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.91", "1.2.840.10008.1.2.1"


@pytest.mark.parametrize(
    ("flag", "ratio", "syntax", "words"),
    [
        ("01", "10", JPEG, "lossy JPEG, 10:1"),
        ("01", ["2", "7.5"], JPEG_2000, "lossy JPEG 2000, 7.5:1"),
        ("01", "2100.4", PLAIN, "lossy compression, 2100:1"),
        ("", "", JPEG, "lossy JPEG"),
        ("", "", JPEG_2000, "possibly lossy JPEG 2000"),
        ("00", "", JPEG_2000, ""),
        ("00", "", PLAIN, ""),
    ],
)
def test_loss_is_told_in_words(flag, ratio, syntax, words):
    dataset = Dataset()
    if flag:
        dataset.LossyImageCompression = flag
    if ratio:
        dataset.LossyImageCompressionRatio = ratio
    assert lossy_words(dataset, syntax) == words


def test_private_elements_and_names_count_as_identifying_and_binary_ones_are_left_out():
    dataset = Dataset()
    dataset.OperatorsName = "One^Two"
    dataset.Modality = "MR"
    dataset.add_new(0x00091001, "LO", "a maker's note")
    dataset.add_new(0x00280010, "US", 5)
    dataset.PixelData = b"12"
    dataset["PixelData"].VR = "OW"
    texts, patient = header_texts(dataset)
    assert dict(texts) == {
        "Modality (0008,0060)": "MR",
        "OperatorsName (0008,1070)": "One^Two",
        "Private (0009,1001)": "a maker's note",
        "Rows (0028,0010)": "5",
    }
    assert patient == {"OperatorsName (0008,1070)", "Private (0009,1001)"}


def test_a_patient_without_a_name_has_no_lines():
    assert patient_lines(Dataset()) == ()
