"""Attributes that a derived DICOM file takes from its source: patient, study and references."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from datetime import datetime, tzinfo

from pydicom.datadict import keyword_for_tag
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset
from pydicom.tag import BaseTag, Tag
from pydicom.uid import UID

from btgui.engine.dicom.header_values import text_in, value_in
from btgui.engine.dicom.header_words import ALWAYS_LOSSY

# The modules Patient, Patient Study and the clinical trial modules (PS3.3 C.7.1.1, C.7.2.2,
# C.7.1.3, C.7.2.3) consist of these groups and some of the attributes below, which also make up
# General Study (C.7.2.1).
_GROUPS = frozenset({0x0010, 0x0012})
_NAMES = """
    AccessionNumber AdmissionID AdmittingDiagnosesCodeSequence AdmittingDiagnosesDescription
    BodyPartExamined ConsultingPhysicianIdentificationSequence
    ConsultingPhysicianName IssuerOfAccessionNumberSequence IssuerOfAdmissionIDSequence
    IssuerOfServiceEpisodeIDSequence LongitudinalTemporalInformationModified
    NameOfPhysiciansReadingStudy PatientState PhysiciansOfRecord
    PhysiciansOfRecordIdentificationSequence PhysiciansReadingStudyIdentificationSequence
    ProcedureCodeSequence ReasonForPerformedProcedureCodeSequence ReasonForVisit
    ReasonForVisitCodeSequence ReferencedPatientSequence ReferencedStudySequence
    ReferringPhysicianIdentificationSequence ReferringPhysicianName RequestingService
    RequestingServiceCodeSequence ServiceEpisodeDescription ServiceEpisodeID StudyDate
    StudyDescription StudyID StudyInstanceUID StudyTime TimezoneOffsetFromUTC
"""
_TAKEN = frozenset(_NAMES.split())
# Type 2 attributes: always present, possibly empty.
_ALWAYS = (
    *("PatientName", "PatientID", "PatientBirthDate", "PatientSex", "StudyDate", "StudyTime"),
    *("AccessionNumber", "ReferringPhysicianName", "StudyID"),
)
_EQUIPMENT = (
    *("Manufacturer", "InstitutionName", "StationName", "ManufacturerModelName"),
    *("DeviceSerialNumber", "SoftwareVersions"),
)
_UTF_8 = "ISO_IR 192"
# LossyImageCompressionMethod of the methods that are always lossy (PS3.3 C.7.6.1.1.5.1).
_LOSSY_METHODS = {"JPEG": "ISO_10918_1", "JPEG-LS": "ISO_14495_1"}


def patient_and_study(source: Dataset, own_texts: Iterable[str]) -> Dataset:
    """Return copies of a header's patient and study attributes, with their SpecificCharacterSet.

    The character set is the source's own, so that other programs find the same bytes in names. It
    becomes UTF-8 only where ``own_texts``, to be written beside them, contain non-ASCII characters
    and the source's encoding is known. Damaged elements are omitted.
    """
    taken = Dataset()
    for tag in source.keys():  # noqa: SIM118  (iterating over a data set yields elements)
        if _is_taken(tag) and (copied := _copy_of(source, tag)) is not None:
            taken[tag] = copied
    for keyword in _ALWAYS:
        if keyword not in taken:
            setattr(taken, keyword, None)
    if named := value_in(source, "SpecificCharacterSet"):
        taken.SpecificCharacterSet = deepcopy(named)
    is_known = "SpecificCharacterSet" in taken or _is_ascii(taken)
    if is_known and not all(text.isascii() for text in own_texts):
        taken.SpecificCharacterSet = _UTF_8
    return taken


def time_zone(source: Dataset) -> tzinfo | None:
    """Return the time zone of a header's times; None (this computer's) where it states none."""
    try:
        return datetime.strptime(text_in(source, "TimezoneOffsetFromUTC"), "%z").tzinfo
    except ValueError:
        return None


def source_image(source: Dataset) -> Dataset | None:
    """Return a reference to a file (PS3.3 10.8); None where the header does not identify it."""
    reference = Dataset()
    reference.ReferencedSOPClassUID = uid_in(source, "SOPClassUID")
    reference.ReferencedSOPInstanceUID = uid_in(source, "SOPInstanceUID")
    if not (reference.ReferencedSOPClassUID and reference.ReferencedSOPInstanceUID):
        return None
    return reference


def source_series(source: Dataset) -> Dataset | None:
    """Return a reference to a file within its series (PS3.3 C.12.2).

    None where the header does not identify the file, or has no series.
    """
    image, series = source_image(source), Dataset()
    series.SeriesInstanceUID = uid_in(source, "SeriesInstanceUID")
    if image is None or not series.SeriesInstanceUID:
        return None
    series.ReferencedInstanceSequence = [image]
    return series


def scanner(source: Dataset) -> Dataset | None:
    """Return the source's scanner as Contributing Equipment (PS3.3 C.12.1); None if not named."""
    equipment = _filled(source, _EQUIPMENT)
    equipment.PurposeOfReferenceCodeSequence = [coded("109101", "Acquisition Equipment")]
    return equipment if "Manufacturer" in equipment else None


def loss(source: Dataset, syntax: str) -> Dataset:
    """Return the lossy compression attributes, which every image derived from the source keeps."""
    lost = Dataset()
    stated = text_in(source, "LossyImageCompression")
    if stated == "01" or syntax in ALWAYS_LOSSY:
        lost = _filled(source, ("LossyImageCompressionRatio", "LossyImageCompressionMethod"))
        lost.LossyImageCompression = "01"
        if "LossyImageCompressionMethod" not in lost and syntax in ALWAYS_LOSSY:
            lost.LossyImageCompressionMethod = _LOSSY_METHODS[ALWAYS_LOSSY[UID(syntax)]]
    elif stated == "00":
        lost.LossyImageCompression = "00"
    return lost


def coded(value: str, meaning: str) -> Dataset:
    """Return a code of the DICOM standard (PS3.16 annex D) as a sequence item (PS3.3 8.8)."""
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, "DCM", meaning
    return item


def uid_in(source: Dataset, keyword: str) -> str:
    """Return an element as a UID; "" where it is missing, or too damaged to be written as a UID."""
    text = text_in(source, keyword)
    return text if text.isascii() else ""


def _filled(source: Dataset, keywords: Iterable[str]) -> Dataset:
    """Return copies of the given elements that have a value."""
    found = Dataset()
    for keyword in keywords:
        element = _copy_of(source, keyword)
        if element is not None and element.value:
            found.add(element)
    return found


def _is_taken(tag: BaseTag) -> bool:
    keyword = keyword_for_tag(tag)
    return bool(keyword) and (tag.group in _GROUPS or keyword in _TAKEN)


def _copy_of(source: Dataset, tag: int | str) -> DataElement | None:
    """Return a copy of an element by its tag or keyword; None where it is missing or damaged."""
    try:
        copied = deepcopy(source.get(Tag(tag)))
        if copied is not None:  # damage within a sequence shows only when it is written
            part, buffer = Dataset(), DicomBytesIO()
            part.add(copied)
            buffer.is_implicit_VR, buffer.is_little_endian = False, True
            write_dataset(buffer, part)
    except Exception:  # noqa: BLE001  (of many kinds; pydicom decodes an element on access)
        return None
    return copied


def _is_ascii(dataset: Dataset) -> bool:
    return all(str(element.value).isascii() for element in dataset)
