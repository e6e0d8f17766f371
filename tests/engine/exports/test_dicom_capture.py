from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.uid import ExplicitVRLittleEndian, SecondaryCaptureImageStorage

from btgui.engine.dicom.patient import patient_lines
from btgui.engine.errors import ExportError
from btgui.engine.exports.dicom_capture import Capture, write_dicom_capture
from btgui.engine.feature_grid import FeatureGrid
from btgui.engine.results import Analysis, Device, Prediction, StageMap
from btgui.engine.scan import ScanAddress
from btgui.engine.scan_source import read_scan
from tests.dicom_files import dicom_test_file, ramp_dataset
from tools.make_series import make_series

WHEN = datetime(2026, 3, 4, 22, 30, 5, tzinfo=UTC)
JAPANESE = "Yamada^Tarou=山田^太郎=やまだ^たろう"
RUSSIAN = "Люксембург^Роза"


def reading(path, frame=0, *, names=("Glioma", "No tumour"), model="MobileNetV2"):
    """A reading of a file as a network might have given it."""
    scan = read_scan(ScanAddress(path, frame))
    prediction = Prediction(("g", "n"), names, (0.9, 0.1), (1.0, 0.0))
    device = Device("cpu", "none")
    return Analysis(scan, None, prediction, "mobilenet-v5", model, device, {})


def capture(analysis, shape=(31, 41)):
    nothing = np.zeros(analysis.scan.shape, np.float32)
    stage = StageMap("Stage 5", "conv_5", nothing, FeatureGrid.even(nothing.shape), nothing)
    pixels = np.random.default_rng(0).integers(0, 255, (*shape, 3), dtype=np.uint8)
    return Capture(pixels, analysis, stage, 0, "grad_cam", WHEN)


@pytest.fixture
def head(tmp_path):
    """An MR file of a patient, as a scanner writes it."""
    dataset = ramp_dataset()
    dataset.PatientName, dataset.PatientID = "Doe^Jane", "42"
    dataset.PatientBirthDate, dataset.AccessionNumber = "19700101", "A7"
    dataset.StudyDescription, dataset.SeriesDescription = "Head", "T1 post contrast"
    dataset.BodyPartExamined, dataset.Manufacturer = "BRAIN", "ACME"
    dataset.TimezoneOffsetFromUTC = "+0900"
    dataset.save_as(tmp_path / "head.dcm")
    return tmp_path / "head.dcm"


def changed(head, **elements):
    dataset = dcmread(head)
    for keyword, value in elements.items():
        if value is None:
            del dataset[keyword]
        else:
            setattr(dataset, keyword, value)
    dataset.save_as(head)
    return head


def saved(head, frame=0, **how):
    file = head.with_name("saved.dcm")
    write_dicom_capture(file, capture(reading(head, frame, **how)))
    return dcmread(file)


def test_the_pixels_are_stored_as_they_are_even_where_their_number_is_odd(head):
    file = head.with_name("saved.dcm")
    handed = capture(reading(head))
    write_dicom_capture(file, handed)
    written = dcmread(file)
    assert np.array_equal(written.pixel_array, handed.pixels)
    assert len(written.PixelData) % 2 == 0
    assert written.file_meta.TransferSyntaxUID == ExplicitVRLittleEndian
    assert (written.PhotometricInterpretation, written.PlanarConfiguration) == ("RGB", 0)
    assert (written.SamplesPerPixel, written.BitsAllocated, written.BitsStored) == (3, 8, 8)
    assert (written.HighBit, written.PixelRepresentation) == (7, 0)


def test_a_large_picture_is_stored_too(head):
    file = head.with_name("saved.dcm")
    write_dicom_capture(file, capture(reading(head), (4001, 2999)))
    assert dcmread(file).pixel_array.shape == (4001, 2999, 3)


def test_it_is_a_capture_of_its_own_series_for_research(head):
    written = saved(head)
    assert written.SOPClassUID == written.file_meta.MediaStorageSOPClassUID
    assert written.SOPClassUID == SecondaryCaptureImageStorage
    assert written.SOPInstanceUID == written.file_meta.MediaStorageSOPInstanceUID
    assert (written.Modality, written.ConversionType) == ("OT", "WSD")
    assert list(written.ImageType) == ["DERIVED", "SECONDARY"]
    assert (written.BurnedInAnnotation, written.ContentQualification) == ("YES", "RESEARCH")
    assert written.SeriesDescription == "btgui research heatmap: T1 post contrast"
    assert (written.SeriesNumber, written.InstanceNumber) == (9000, 1)
    assert list(written.SoftwareVersions) == ["btgui 0.1.0", "mobilenet-v5"]
    assert written.SecondaryCaptureDeviceManufacturer == written.Manufacturer == "btgui"
    assert written.ContributingEquipmentSequence[0].Manufacturer == "ACME"
    for words in (written.DerivationDescription, written.ImageComments):
        assert words.startswith("Research use, not for diagnosis.")
        assert "MobileNetV2 (mobilenet-v5)" in words
    assert "Stage 5, layer conv_5" in written.DerivationDescription
    assert "Verdict: Glioma. Probabilities: Glioma 90 %, No tumour 10 %." in written.ImageComments
    for keyword in ("PixelSpacing", "ImagePositionPatient", "FrameOfReferenceUID", "WindowCenter"):
        assert keyword not in written  # nothing can be measured in it


def test_whose_it_is_stands_in_it_as_in_the_scan(head):
    source, written = dcmread(head), saved(head)
    for keyword in (
        *("PatientName", "PatientID", "PatientBirthDate", "PatientSex", "PatientWeight"),
        *("StudyInstanceUID", "StudyDate", "StudyTime", "StudyID", "StudyDescription"),
        *("AccessionNumber", "ReferringPhysicianName", "BodyPartExamined"),
    ):
        assert written[keyword].value == source[keyword].value, keyword


def test_times_are_in_the_zone_that_the_scan_s_are_in(head):
    written = saved(head)
    assert written.TimezoneOffsetFromUTC == "+0900"
    for name in ("Series", "Content", "InstanceCreation"):
        assert written[f"{name}Date"].value == "20260305"
        assert written[f"{name}Time"].value == "073005"
    assert (written.DateOfSecondaryCapture, written.TimeOfSecondaryCapture) == (
        "20260305",
        "073005",
    )
    changed(head, TimezoneOffsetFromUTC=None)
    here = WHEN.astimezone(None)
    assert saved(head).ContentTime == here.strftime("%H%M%S")


def test_it_refers_to_the_scan_and_every_file_has_numbers_of_its_own(head):
    source, written = dcmread(head), saved(head)
    (image,) = written.SourceImageSequence
    assert image.ReferencedSOPInstanceUID == source.SOPInstanceUID
    assert image.ReferencedSOPClassUID == source.SOPClassUID
    assert image.PurposeOfReferenceCodeSequence[0].CodeValue == "121322"
    assert image.SpatialLocationsPreserved == "NO"  # no viewer is to measure or localise in it
    assert "ReferencedFrameNumber" not in image
    (series,) = written.ReferencedSeriesSequence
    assert series.SeriesInstanceUID == source.SeriesInstanceUID
    uids = {written.SOPInstanceUID, written.SeriesInstanceUID}
    again = saved(head)
    uids |= {again.SOPInstanceUID, again.SeriesInstanceUID}
    uids |= {source.SOPInstanceUID, source.SeriesInstanceUID}
    assert len(uids) == 6
    assert all(uid.is_valid for uid in uids)
    assert again.SOPInstanceUID.startswith("2.25.")


@pytest.mark.parametrize(
    ("character_set", "name"),
    [
        (["", "ISO 2022 IR 87"], JAPANESE),
        ("ISO_IR 144", RUSSIAN),
        ("ISO_IR 192", JAPANESE),
        ("GB18030", "Wang^XiaoDong=王^小东"),
    ],
)
def test_a_name_has_the_same_bytes_as_in_the_scan(head, character_set, name):
    changed(head, SpecificCharacterSet=character_set, PatientName=name)
    written = saved(head)
    assert written.SpecificCharacterSet == character_set
    assert written.PatientName == name
    assert written.PatientName.original_string == dcmread(head).PatientName.original_string


def test_classes_in_other_letters_than_the_patient_are_written_too(head):
    changed(head, SpecificCharacterSet=["", "ISO 2022 IR 87"], PatientName=JAPANESE)
    written = saved(head, names=("Глиома", "Нет"))
    assert written.SpecificCharacterSet == "ISO_IR 192"
    assert written.PatientName == JAPANESE
    assert "Verdict: Глиома." in written.ImageComments


def test_names_of_models_are_one_value_and_no_longer_than_the_standard_allows(head):
    changed(head, SeriesDescription="long " * 12)
    written = saved(head, model="a\\b\x1b\n" + "m" * 2000)
    assert len(written.DerivationDescription) <= 1024
    assert "a/b m" in written.DerivationDescription
    assert len(written.SeriesDescription) <= 64


def test_a_scan_without_a_study_is_refused_and_nothing_is_written(head):
    changed(head, StudyInstanceUID=None)
    with pytest.raises(ExportError, match="has no StudyInstanceUID"):
        saved(head)
    assert list(head.parent.iterdir()) == [head]


def test_a_scan_that_says_next_to_nothing_will_do(head):
    for keyword in ("PatientName", "PatientID", "SeriesDescription", "SOPInstanceUID", "StudyDate"):
        changed(head, **{keyword: None})
    written = saved(head)
    assert written.PatientID in {"", None}
    assert written.SeriesDescription == "btgui research heatmap"
    assert "SourceImageSequence" not in written
    assert "ReferencedSeriesSequence" not in written


def test_a_damaged_description_is_as_good_as_none(head):
    content = head.read_bytes()
    place = content.index(b"\x08\x00\x3e\x10LO")
    head.write_bytes(content[: place + 4] + b"L\xff" + content[place + 6 :])
    assert saved(head).SeriesDescription == "btgui research heatmap"


def test_a_description_with_a_backslash_is_told_as_it_was_written(head):
    changed(head, SeriesDescription="T1\\SE")
    assert saved(head).SeriesDescription == "btgui research heatmap: T1/SE"


def test_of_a_file_of_several_frames_the_one_that_was_read_is_referred_to(tmp_path):
    (file,) = make_series(tmp_path, slices=4, size=32, enhanced=True)
    written = saved(file, frame=2)
    assert written.SourceImageSequence[0].ReferencedFrameNumber == 3
    assert written.StudyInstanceUID == dcmread(file).StudyInstanceUID
    assert "NumberOfFrames" not in written
    assert "PerFrameFunctionalGroupsSequence" not in written


def test_a_paired_part_keeps_its_side_and_a_head_has_none(head):
    assert "Laterality" not in saved(head)
    assert saved(changed(head, BodyPartExamined="KNEE", Laterality="L")).Laterality == "L"
    assert saved(changed(head, BodyPartExamined=None, Laterality=None))["Laterality"].is_empty


def test_what_a_compressed_scan_has_lost_stays_told(tmp_path):
    file = tmp_path / "lossy.dcm"
    file.write_bytes(dicom_test_file("JPEG-lossy.dcm").read_bytes())
    written = saved(file)
    assert written.LossyImageCompression == "01"
    assert "ISO_10918_1" in written.LossyImageCompressionMethod


def test_a_file_that_was_there_is_replaced_whole_and_the_scan_never(head):
    analysis = reading(head)
    before = head.read_bytes()
    with pytest.raises(ExportError, match="is the scan itself"):
        write_dicom_capture(head, capture(analysis))
    assert head.read_bytes() == before
    (head.parent / "old.dcm").write_bytes(b"old")
    write_dicom_capture(head.parent / "old.dcm", capture(analysis))
    assert dcmread(head.parent / "old.dcm").Modality == "OT"
    assert {file.name for file in head.parent.iterdir()} == {"head.dcm", "old.dcm"}


def test_where_it_cannot_be_written_that_is_told(head, tmp_path):
    with pytest.raises(ExportError, match="Choose another folder"):
        write_dicom_capture(tmp_path / "none" / "x.dcm", capture(reading(head)))


@pytest.mark.parametrize("how", ["other", "damaged", "gone"])
def test_a_scan_that_has_changed_since_is_not_taken_for_the_one_that_was_read(head, how):
    analysis = reading(head)
    if how == "other":
        changed(head, PatientName="Roe^Richard")
    elif how == "damaged":
        head.write_bytes(b"\x02\x00\x00\x00 no more")
    else:
        head.unlink()
    with pytest.raises(ExportError, match="Open it again"):
        write_dicom_capture(head.with_name("saved.dcm"), capture(analysis))
    assert not head.with_name("saved.dcm").exists()


def test_it_opens_again_and_is_no_mr(head):
    written = saved(head)
    scan = read_scan(head.with_name("saved.dcm"))
    assert scan.metadata["Modality"] == "OT"
    assert scan.shape == written.pixel_array.shape[:2]
    assert patient_lines(scan.header)[0] == "Doe, Jane"


@pytest.mark.parametrize(
    ("description", "before"),
    [
        ("T1 post contrast", "T1 post contrast"),
        ("t1_mprage_sag_p2_iso_1mm_post_contrast_MPR_transverse", "t1_mprage_sag_p2_iso_"),
    ],
    ids=["short", "cut to 64 letters"],
)
def test_which_volume_of_a_series_it_is_of_ends_the_description(head, description, before):
    changed(head, SeriesDescription=description)
    file = head.with_name("echo.dcm")
    write_dicom_capture(file, replace(capture(reading(head)), volume="echo 2 (TE 98 ms)"))
    described = dcmread(file).SeriesDescription
    assert described == f"btgui research heatmap: {before}, echo 2 (TE 98 ms)"
