import pytest
from pydicom.datadict import dictionary_VR, tag_for_keyword
from pydicom.dataelem import DataElement
from pydicom.tag import Tag

from btgui.engine.dicom import confidentiality
from btgui.engine.dicom.confidentiality import identifies


def element(keyword: str) -> DataElement:
    tag = tag_for_keyword(keyword)
    assert tag is not None, keyword
    return DataElement(tag, dictionary_VR(tag), None)


@pytest.mark.parametrize(
    "keyword",
    [
        *("AccessionNumber", "InstitutionName", "InstitutionAddress", "StationName"),
        *("StudyDescription", "SeriesDescription", "ProtocolName", "StudyID", "ImageComments"),
        *("ClinicalTrialSubjectID", "ClinicalTrialSiteName", "PatientState", "SpecialNeeds"),
        *("CurrentPatientLocation", "ServiceEpisodeID", "ServiceEpisodeDescription"),
        *("PlacerOrderNumberImagingServiceRequest", "FillerOrderNumberImagingServiceRequest"),
        *("OrderCallbackPhoneNumber", "ReasonForStudy", "InterpretationText", "ResultsID"),
        *("PerformedProcedureStepID", "ScheduledProcedureStepID", "DeviceSerialNumber"),
        *("StudyInstanceUID", "SOPInstanceUID", "FrameOfReferenceUID", "OperatorsName"),
        *("StudyDate", "SeriesTime", "AcquisitionDateTime", "DateOfLastCalibration"),
    ],
)
def test_what_the_standard_s_profile_removes_or_cleans_identifies(keyword):
    assert identifies(element(keyword))


@pytest.mark.parametrize(
    "keyword",
    [
        *("Modality", "SOPClassUID", "Manufacturer", "EchoTime", "SequenceName"),
        *("MagneticFieldStrength", "ImagePositionPatient", "PixelSpacing", "BodyPartExamined"),
        *("InstanceNumber", "WindowCenter", "LossyImageCompressionRatio"),
    ],
)
def test_how_the_picture_was_made_does_not(keyword):
    assert not identifies(element(keyword))


@pytest.mark.parametrize(
    ("tag", "kind"),
    [
        (0x00091001, "LO"),  # private
        (0x00200055, "LO"),  # of no dictionary
        (0x50021001, "LO"),  # curves
        (0x60004000, "LT"),  # overlay comments
    ],
)
def test_what_nobody_knows_and_repeating_groups_identify(tag, kind):
    assert identifies(DataElement(Tag(tag), kind, None))


def test_the_table_holds_only_what_the_dictionary_knows_and_no_rule_covers():
    for keyword in confidentiality._TABLE:
        of_table = element(keyword)
        assert of_table.tag.group not in confidentiality._GROUPS
        assert of_table.VR not in confidentiality._KINDS
