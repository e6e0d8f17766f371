"""Write a synthetic MR series of a simple head phantom, for tests, benchmarks and pictures.

    python tools/make_series.py FOLDER [--slices 30] [--size 128] [--plane axial]
                                [--enhanced] [--zip] [--gap 12]

The volume consists of ellipsoids: scalp, brain, ventricles and one bright lesion. It shows no person
and is not suitable to test a network.
"""

from __future__ import annotations

import argparse
import zipfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import EnhancedMRImageStorage, ExplicitVRLittleEndian, MRImageStorage, generate_uid

SPACING_MM = 1.5
THICKNESS_MM = 3.0
# Directions of rows and columns in each plane, in patient coordinates (left, posterior, head).
PLANES = {
    "axial": (1, 0, 0, 0, 1, 0),
    "coronal": (1, 0, 0, 0, 0, -1),
    "sagittal": (0, 1, 0, 0, 0, -1),
}
# Centre, semi-axes (relative to half the volume's side; left, posterior, head) and brightness.
_ELLIPSOIDS = (
    ((0.0, 0.0, 0.0), (0.75, 0.9, 0.9), 400),
    ((0.0, 0.0, 0.0), (0.65, 0.8, 0.8), 250),
    ((-0.12, 0.0, 0.1), (0.08, 0.3, 0.2), 80),
    ((0.12, 0.0, 0.1), (0.08, 0.3, 0.2), 80),
    ((0.35, -0.3, 0.2), (0.18, 0.16, 0.2), 700),
)


def make_series(  # noqa: PLR0913  (each is one option of the command)
    folder: Path,
    *,
    slices: int = 30,
    size: int = 128,
    plane: str = "axial",
    enhanced: bool = False,
    zipped: bool = False,
    gap: int | None = None,
    description: str = "T1 post contrast",
    patient: str = "PHANTOM",
) -> list[Path]:
    """Write a series and return its files, in order of position.

    Parameters
    ----------
    slices, size
        Number of slices, and their side in pixels.
    plane
        "axial", "coronal" or "sagittal".
    enhanced
        Whether to write one enhanced multi-frame file instead of one file per slice.
    zipped
        Whether to pack the files into one ZIP file, whose path is returned.
    gap
        Index of a slice to leave out.

    Raises
    ------
    ValueError
        The plane is not one of the three.
    """
    if plane not in PLANES:
        raise ValueError(f"expected a plane of {sorted(PLANES)}, received {plane!r}")
    folder.mkdir(parents=True, exist_ok=True)
    kept = [index for index in range(slices) if index != gap]
    pictures = [phantom_slice(plane, _height(index, slices), size) for index in kept]
    study = f"{folder.resolve()} {plane} {patient} {description}"
    positions = [_position(plane, index, slices, size) for index in kept]
    files = []
    if enhanced:
        dataset = _common(study, plane, size, description, patient, EnhancedMRImageStorage)
        _add_frames(dataset, plane, positions, pictures)
        files.append(_written(dataset, folder / "enhanced.dcm"))
    else:
        for number, position, picture in zip(kept, positions, pictures, strict=True):
            dataset = _common(study, plane, size, description, patient, MRImageStorage)
            dataset.SOPInstanceUID = generate_uid(entropy_srcs=[study, str(number)])
            dataset.InstanceNumber = number + 1
            dataset.ImagePositionPatient = position
            dataset.ImageOrientationPatient = list(PLANES[plane])
            dataset.PixelSpacing = [SPACING_MM, SPACING_MM]
            dataset.SliceThickness = THICKNESS_MM
            dataset.WindowCenter, dataset.WindowWidth = 350, 700
            dataset.PixelData = picture.tobytes()
            files.append(_written(dataset, folder / f"slice{number + 1:04}.dcm"))
    return [_zipped(files, folder / "series.zip")] if zipped else files


def phantom_slice(plane: str, height: float, size: int) -> NDArray[np.uint16]:
    """Return a (size, size) slice of the phantom at a height of -1 to 1 along the normal."""
    along = np.linspace(-1, 1, size)
    cosines = np.array(PLANES[plane], float)
    rows, columns = cosines[:3], cosines[3:]
    points = (
        along[None, :, None] * rows
        + along[:, None, None] * columns
        + height * np.cross(rows, columns)
    )
    values = np.zeros((size, size), np.uint16)
    for centre, axes, brightness in _ELLIPSOIDS:
        inside = (((points - np.array(centre)) / np.array(axes)) ** 2).sum(-1) <= 1
        values[inside] = brightness
    return values


def _height(index: int, slices: int) -> float:
    return 0.0 if slices == 1 else -1 + 2 * index / (slices - 1)


def _position(plane: str, index: int, slices: int, size: int) -> list[float]:
    """Return the position of the first pixel's centre in millimetres; the series is centred at 0."""
    cosines = np.array(PLANES[plane], float)
    rows, columns = cosines[:3], cosines[3:]
    corner = -(rows + columns) * SPACING_MM * (size - 1) / 2
    place = np.cross(rows, columns) * THICKNESS_MM * (index - (slices - 1) / 2)
    return [float(number) for number in corner + place]


def _common(
    study: str, plane: str, size: int, description: str, patient: str, kind: str
) -> Dataset:
    dataset = Dataset()
    dataset.SOPClassUID = kind
    dataset.SOPInstanceUID = generate_uid(entropy_srcs=[study])
    dataset.StudyInstanceUID = generate_uid(entropy_srcs=[study, "study"])
    dataset.SeriesInstanceUID = generate_uid(entropy_srcs=[study, "series"])
    dataset.FrameOfReferenceUID = generate_uid(entropy_srcs=["frame"])  # all share one origin
    dataset.PatientName, dataset.PatientID = f"{patient}^Head", patient
    dataset.PatientBirthDate = "19700101"
    dataset.Modality, dataset.SeriesNumber = "MR", sorted(PLANES).index(plane) + 1
    dataset.SeriesDescription = description
    dataset.InstanceNumber = 1
    dataset.Rows = dataset.Columns = size
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.BitsAllocated = dataset.BitsStored = 16
    dataset.HighBit, dataset.PixelRepresentation = 15, 0
    return dataset


def _add_frames(
    dataset: Dataset,
    plane: str,
    positions: list[list[float]],
    pictures: list[NDArray[np.uint16]],
) -> None:
    shared = Dataset()
    shared.PixelMeasuresSequence = _one(
        PixelSpacing=[SPACING_MM, SPACING_MM], SliceThickness=THICKNESS_MM
    )
    shared.PlaneOrientationSequence = _one(ImageOrientationPatient=list(PLANES[plane]))
    shared.FrameVOILUTSequence = _one(WindowCenter=350, WindowWidth=700)
    shared.PixelValueTransformationSequence = _one(
        RescaleSlope=1, RescaleIntercept=0, RescaleType="US"
    )
    dataset.SharedFunctionalGroupsSequence = Sequence([shared])
    frames = []
    for position in positions:
        frame = Dataset()
        frame.PlanePositionSequence = _one(ImagePositionPatient=position)
        frames.append(frame)
    dataset.PerFrameFunctionalGroupsSequence = Sequence(frames)
    dataset.NumberOfFrames = len(pictures)
    dataset.PixelData = b"".join(picture.tobytes() for picture in pictures)


def _one(**elements: object) -> Sequence:
    item = Dataset()
    for keyword, value in elements.items():
        setattr(item, keyword, value)
    return Sequence([item])


def _written(dataset: Dataset, path: Path) -> Path:
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.save_as(path, enforce_file_format=True)
    return path


def _zipped(files: list[Path], path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.write(file, file.name)
            file.unlink()
    return path


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--slices", type=int, default=30)
    parser.add_argument("--size", type=int, default=128)
    parser.add_argument("--plane", choices=sorted(PLANES), default="axial")
    parser.add_argument("--enhanced", action="store_true")
    parser.add_argument("--zip", dest="zipped", action="store_true")
    parser.add_argument("--gap", type=int)
    options = vars(parser.parse_args())
    for written in make_series(options.pop("folder"), **options):
        print(written)
