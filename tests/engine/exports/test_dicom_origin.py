from datetime import timedelta

import pytest
from pydicom.datadict import tag_for_keyword
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.tag import Tag

from btgui.engine.exports import dicom_origin
from btgui.engine.exports.dicom_origin import (
    loss,
    patient_and_study,
    scanner,
    source_image,
    source_series,
    time_zone,
)

JPEG, JPEG_2000 = "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.91"


@pytest.fixture
def source():
    source = Dataset()
    source.SOPClassUID, source.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.4", "1.2.3"
    source.StudyInstanceUID, source.SeriesInstanceUID = "1.2.1", "1.2.2"
    return source


def put(dataset, keyword, kind, content):
    """Set an element to raw bytes as in a file."""
    tag = Tag(keyword)
    dataset[tag] = RawDataElement(tag, kind, len(content), content, 0, False, True)


def test_the_names_are_the_dictionary_s_and_no_group_has_them():
    for keyword in dicom_origin._TAKEN:
        assert tag_for_keyword(keyword) is not None, keyword
        assert tag_for_keyword(keyword) >> 16 not in dicom_origin._GROUPS


def test_patient_and_study_are_copied_and_the_scanner_s_work_is_not(source):
    source.PatientName, source.PatientID, source.PatientAge = "Doe^Jane", "7", "050Y"
    source.OtherPatientIDs, source.ClinicalTrialSubjectID = "8", "T1"
    issuer = Dataset()
    issuer.LocalNamespaceEntityID = "Ward"
    source.IssuerOfAccessionNumberSequence = [issuer]
    source.StudyDescription, source.BodyPartExamined = "Head", "BRAIN"
    source.EchoTime, source.SeriesDescription, source.OperatorsName = 90, "T1", "Roe"
    source.add_new(0x00111001, "LO", "private")
    source.add_new(0x00090010, "LO", "MAKER")
    taken = patient_and_study(source, ["ASCII"])
    for keyword in (
        "PatientName",
        "PatientID",
        "PatientAge",
        "OtherPatientIDs",
        "StudyInstanceUID",
    ):
        assert taken[keyword].value == source[keyword].value
    assert taken.ClinicalTrialSubjectID == "T1"
    assert taken.IssuerOfAccessionNumberSequence[0].LocalNamespaceEntityID == "Ward"
    assert (taken.StudyDescription, taken.BodyPartExamined) == ("Head", "BRAIN")
    for keyword in ("EchoTime", "SeriesDescription", "OperatorsName", "SeriesInstanceUID"):
        assert keyword not in taken
    assert not any(element.tag.is_private for element in taken)
    taken.IssuerOfAccessionNumberSequence[0].LocalNamespaceEntityID = "changed"
    assert source.IssuerOfAccessionNumberSequence[0].LocalNamespaceEntityID == "Ward"


def test_what_has_to_be_there_is_there_empty(source):
    taken = patient_and_study(source, [])
    for keyword in ("PatientName", "PatientID", "PatientBirthDate", "PatientSex", "StudyDate"):
        assert not taken[keyword].value
    for keyword in ("StudyTime", "AccessionNumber", "ReferringPhysicianName", "StudyID"):
        assert not taken[keyword].value
    assert "SpecificCharacterSet" not in taken


def test_a_damaged_element_is_left_out(source):
    source.PatientID = "7"
    put(source, "PregnancyStatus", "US", b"abc")
    item = Dataset()
    put(item, "PatientID", "\xff\x00", b"7 ")
    source.OtherPatientIDsSequence = [item]
    taken = patient_and_study(source, [])
    assert "PregnancyStatus" not in taken
    assert "OtherPatientIDsSequence" not in taken
    assert patient_and_study(source, []).PatientID == "7"


@pytest.mark.parametrize(
    ("named", "name", "own", "becomes"),
    [
        ("ISO_IR 144", "Роза", "Glioma", "ISO_IR 144"),
        (["", "ISO 2022 IR 87"], "Yamada", "Glioma", ["", "ISO 2022 IR 87"]),
        ("ISO_IR 100", "Müller", "Глиома", "ISO_IR 192"),
        (None, "Doe", "Глиома", "ISO_IR 192"),
        (None, "Doe", "Glioma", None),
        (None, "\xc8\xe2\xe0\xed", "Глиома", None),  # nobody knows what these bytes mean
        ("", "\xc8\xe2\xe0\xed", "Глиома", None),
    ],
)
def test_the_character_set_is_the_source_s_unless_own_words_need_another(
    source, named, name, own, becomes
):
    source.PatientName = name
    if named is not None:
        source.SpecificCharacterSet = named
    assert patient_and_study(source, [own]).get("SpecificCharacterSet") == becomes


@pytest.mark.parametrize(
    ("said", "minutes"),
    [
        *(("+0530", 330), ("-0400", -240), ("+05:30", 330)),
        *(("", None), ("0100", None), ("+9900", None), ("+0199", None)),
    ],
)
def test_the_zone_of_the_times_is_the_header_s(source, said, minutes):
    source.TimezoneOffsetFromUTC = said
    zone = time_zone(source)
    assert (None if zone is None else zone.utcoffset(None)) == (
        None if minutes is None else timedelta(minutes=minutes)
    )


def test_a_file_is_referred_to_within_its_series(source):
    assert source_image(source).ReferencedSOPInstanceUID == "1.2.3"
    series = source_series(source)
    assert series.SeriesInstanceUID == "1.2.2"
    assert series.ReferencedInstanceSequence[0].ReferencedSOPClassUID == source.SOPClassUID
    del source.SeriesInstanceUID
    assert source_series(source) is None
    del source.SOPInstanceUID
    assert source_image(source) is None


def test_the_scanner_is_named_where_its_maker_is(source):
    assert scanner(source) is None
    source.StationName = "MR1"
    assert scanner(source) is None
    source.Manufacturer, source.SoftwareVersions = "ACME", ["1", "2"]
    named = scanner(source)
    assert (named.Manufacturer, named.StationName) == ("ACME", "MR1")
    assert list(named.SoftwareVersions) == ["1", "2"]
    assert named.PurposeOfReferenceCodeSequence[0].CodeValue == "109101"


def test_what_was_lost_stays_told(source):
    assert len(loss(source, JPEG_2000)) == 0  # nobody can tell
    source.LossyImageCompression = "00"
    assert loss(source, JPEG_2000).LossyImageCompression == "00"
    lost = loss(source, JPEG)  # the syntax knows better than the header
    assert (lost.LossyImageCompression, lost.LossyImageCompressionMethod) == ("01", "ISO_10918_1")
    source.LossyImageCompression = "01"
    source.LossyImageCompressionRatio = [4, 12]
    source.LossyImageCompressionMethod = ["ISO_10918_1", "ISO_15444_1"]
    lost = loss(source, JPEG_2000)
    assert [float(ratio) for ratio in lost.LossyImageCompressionRatio] == [4, 12]
    assert list(lost.LossyImageCompressionMethod) == ["ISO_10918_1", "ISO_15444_1"]


def test_a_uid_in_letters_is_none_and_a_place_in_any_letters_is_kept(source):
    source.Manufacturer, source.InstitutionName = "Maker", "Klinik 北京"
    assert scanner(source).InstitutionName == "Klinik 北京"
    source.SpecificCharacterSet = "ISO_IR 192"
    put(source, "SOPInstanceUID", "LO", b"1.2\xff")
    assert source_image(source) is None
    assert source_series(source) is None
