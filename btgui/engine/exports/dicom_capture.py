"""Saving a reading as a DICOM Secondary Capture image, to be archived with its study.

See DICOM PS3.3 A.8.1 and C.8.6. The caller supplies the picture; this module adds the attributes
that state the patient and study, the source image, the equipment, and the research purpose.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.uid import SecondaryCaptureImageStorage, generate_uid

from btgui import __version__
from btgui.engine.dicom.file import open_dicom
from btgui.engine.dicom.frames import frame_count
from btgui.engine.dicom.header_values import text_in
from btgui.engine.disk.files import not_written, replacing
from btgui.engine.disk.time_limit import read_in_time
from btgui.engine.errors import ExportError
from btgui.engine.exports.dicom_origin import (
    coded,
    loss,
    patient_and_study,
    scanner,
    source_image,
    source_series,
    time_zone,
    uid_in,
)
from btgui.engine.percentages import percent
from btgui.engine.results import CAM_METHODS, Analysis, CamMethod, StageMap
from btgui.engine.scan import Scan

NOT_FOR_DIAGNOSIS = "Research use, not for diagnosis"
PROGRAM = f"btgui {__version__}"
_SERIES_NUMBER = 9000  # above scanners' own numbers; the description names the source series
_LONGEST, _LONGEST_DESCRIPTION = 64, 1024  # characters of the VRs LO and ST (PS3.5 6.2)
_NOT_IN_TEXT = str.maketrans({"\\": "/"})  # the backslash separates values


@dataclass(frozen=True, eq=False)
class Capture:
    """A picture of a reading, with the reading.

    Attributes
    ----------
    pixels
        (height, width, 3) uint8 RGB, with all text that the reader has to see.
    analysis
        The reading.
    stage, target_index, method
        The heatmap in the picture: its stage, the class for which it shows evidence, and the method.
    when
        Time at which the picture was taken, with its time zone.
    volume
        Name of the scan's volume if its series holds several, else "".
    """

    pixels: NDArray[np.uint8]
    analysis: Analysis
    stage: StageMap
    target_index: int
    method: CamMethod
    when: datetime
    volume: str = ""


def write_dicom_capture(file: Path, capture: Capture) -> None:
    """Write a picture of a reading as a DICOM file with the patient and study of the scan.

    Patient and study are read from the scan's file again. Replaces ``file`` without asking: the
    caller has asked.

    Raises
    ------
    ExportError
        ``file`` cannot be written or is the scan itself, or the scan's file has changed, is
        missing or has no StudyInstanceUID.
    ScanError
        The scan's file takes too long to read.
    """
    scan = capture.analysis.scan
    source, syntax = read_in_time(scan.path, lambda: _source(scan))
    dataset = secondary_capture(source, syntax, capture)
    try:
        if file.exists() and file.samefile(scan.path):
            raise ExportError(f"{file.name} is the scan itself. Choose another name.")
        with replacing(file) as temporary:
            dataset.save_as(temporary, enforce_file_format=True)
    except OSError as error:
        raise not_written(file, error) from error


def secondary_capture(source: Dataset, syntax: str, capture: Capture) -> Dataset:
    """Return a picture of a reading as a Secondary Capture image, ready to be saved.

    Parameters
    ----------
    source
        The header of the frame that was read.
    syntax
        The UID of the transfer syntax of the source file.

    Raises
    ------
    ExportError
        The header has no StudyInstanceUID, so that the image would belong to no study.
    """
    if not uid_in(source, "StudyInstanceUID"):
        raise ExportError(
            f"{capture.analysis.scan.path.name} has no StudyInstanceUID, so no archive could file "
            f"the reading with its study. Save a picture instead."
        )
    model = f"{capture.analysis.model_name} ({capture.analysis.model_id})"
    derivation, comments = _derivation(capture, model), _comments(capture, model)
    dataset = patient_and_study(source, (derivation, comments))
    _add_series(dataset, source, capture)
    _add_equipment(dataset, source, capture)
    _add_instance(dataset, source, capture)
    dataset.DerivationDescription = derivation
    dataset.ImageComments = comments
    dataset.update(loss(source, syntax))
    dataset.set_pixel_data(capture.pixels, "RGB", 8, generate_instance_uid=False)
    return dataset


def _source(scan: Scan) -> tuple[Dataset, str]:
    try:
        opened = open_dicom(scan.path)
        if opened.sha256 == scan.sha256:
            return opened.frame_header(scan.frame), str(opened.syntax)
    except OSError as error:
        raise ExportError(
            f"{scan.path.name} cannot be read again ({error.strerror}), and only this file states "
            f"the patient and study. Open it again."
        ) from error
    except Exception as error:  # the file was readable before, so it must have been replaced
        raise _changed(scan) from error
    raise _changed(scan)


def _changed(scan: Scan) -> ExportError:
    return ExportError(f"{scan.path.name} has changed since it was read. Open it again.")


def _derivation(capture: Capture, model: str) -> str:
    name = capture.analysis.prediction.display_names[capture.target_index]
    words = (
        f"{NOT_FOR_DIAGNOSIS}. Scan beside the heatmap ({CAM_METHODS[capture.method]}, "
        f"{capture.stage.label}, layer {capture.stage.layer}) of a network's evidence for "
        f"{name}. Model: {model}. Scaled for display, not for measuring. {PROGRAM}."
    )
    return _plain(words, _LONGEST_DESCRIPTION)


def _comments(capture: Capture, model: str) -> str:
    prediction = capture.analysis.prediction
    shares = ", ".join(
        f"{name} {percent(share)}"
        for name, share in zip(prediction.display_names, prediction.probabilities, strict=True)
    )
    verdict = prediction.display_names[prediction.verdict_index]
    words = f"{NOT_FOR_DIAGNOSIS}. Verdict: {verdict}. Probabilities: {shares}. Model: {model}."
    return _plain(words, 10 * _LONGEST_DESCRIPTION)


def _add_series(dataset: Dataset, source: Dataset, capture: Capture) -> None:
    """Add General Series (PS3.3 C.7.3.1): a new series of modality OT, not an acquired image."""
    dataset.Modality = "OT"
    dataset.SeriesInstanceUID = generate_uid(prefix=None)
    dataset.SeriesNumber = _SERIES_NUMBER
    of = text_in(source, "SeriesDescription")
    words = f"btgui research heatmap: {of}" if of else "btgui research heatmap"
    # A long description is truncated before the volume, which distinguishes it from its neighbours.
    volume = f", {capture.volume}" if capture.volume else ""
    begin = _plain(words, max(0, _LONGEST - len(volume)))
    dataset.SeriesDescription = _plain(begin + volume, _LONGEST)
    side = text_in(source, "Laterality")
    if side or not dataset.get("BodyPartExamined"):
        # Type 2C for paired body parts: without BodyPartExamined, the part may be paired.
        dataset.Laterality = side
    dataset.SeriesDate, dataset.SeriesTime = _moment(capture, source)


def _add_equipment(dataset: Dataset, source: Dataset, capture: Capture) -> None:
    """Add General Equipment and SC Equipment (PS3.3 C.7.5.1, C.8.6.1): this program, a workstation."""
    versions = [PROGRAM, _plain(capture.analysis.model_id, _LONGEST)]
    dataset.ConversionType = "WSD"
    dataset.Manufacturer = dataset.SecondaryCaptureDeviceManufacturer = "btgui"
    dataset.ManufacturerModelName = dataset.SecondaryCaptureDeviceManufacturerModelName = "btgui"
    dataset.SoftwareVersions = dataset.SecondaryCaptureDeviceSoftwareVersions = versions
    if (equipment := scanner(source)) is not None:
        dataset.ContributingEquipmentSequence = [equipment]


def _add_instance(dataset: Dataset, source: Dataset, capture: Capture) -> None:
    """Add General Image, General Reference, SC Image, SOP Common (PS3.3 C.7.6.1, C.12.4, C.8.6.2)."""
    dataset.SOPClassUID = SecondaryCaptureImageStorage
    dataset.SOPInstanceUID = generate_uid(prefix=None)
    dataset.InstanceNumber = 1
    dataset.ImageType = ["DERIVED", "SECONDARY"]
    date, time = _moment(capture, source)
    dataset.InstanceCreationDate, dataset.InstanceCreationTime = date, time
    dataset.ContentDate, dataset.ContentTime = date, time
    dataset.DateOfSecondaryCapture, dataset.TimeOfSecondaryCapture = date, time
    dataset.ContentQualification = "RESEARCH"
    dataset.PatientOrientation = None  # two pictures, whose orientation letters are drawn in them
    # The burned-in text comes from this program, a model and the source: de-identification programs
    # have to check it.
    dataset.BurnedInAnnotation = "YES"
    dataset.DerivationCodeSequence = [coded("123110", "Artificial Intelligence")]
    if (image := source_image(source)) is not None:
        if frame_count(source) > 1:
            image.ReferencedFrameNumber = capture.analysis.scan.frame + 1
        purpose = coded("121322", "Source image for image processing operation")
        image.PurposeOfReferenceCodeSequence = [purpose]
        image.SpatialLocationsPreserved = "NO"
        dataset.SourceImageSequence = [image]
    if (series := source_series(source)) is not None:
        dataset.ReferencedSeriesSequence = [series]


def _plain(text: str, longest: int) -> str:
    """Return a text as a single value of an element: one line of printable characters."""
    letters = (letter if letter.isprintable() else " " for letter in text.translate(_NOT_IN_TEXT))
    return " ".join("".join(letters).split())[:longest].strip()


def _moment(capture: Capture, source: Dataset) -> tuple[str, str]:
    """Return the date and time of a picture, in the time zone of the source's times."""
    moment = capture.when.astimezone(time_zone(source))
    return f"{moment:%Y%m%d}", f"{moment:%H%M%S}"
