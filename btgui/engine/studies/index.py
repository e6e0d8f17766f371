"""Indexing the DICOM files, NIfTI volumes and pictures in folders by their headers only."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

from btgui.engine.dicom.headers import Header, header_of
from btgui.engine.dicom.mark import is_dicom
from btgui.engine.disk.folders import files_within, why_not_listed
from btgui.engine.disk.ordinary_file import check_ordinary
from btgui.engine.disk.time_limit import TimedReading, let_end
from btgui.engine.errors import Cancelled, ScanError
from btgui.engine.nifti.mark import is_nifti
from btgui.engine.scan_source import IMAGE_SUFFIXES
from btgui.engine.studies.archives import UnpackedArchives
from btgui.engine.studies.copies import Copies
from btgui.engine.studies.dicomdir import missing_files
from btgui.engine.studies.series import Index, PassedOver, Series
from btgui.engine.studies.sorting import sorted_into_series

_NO_SCANS = {
    "SR": "a report",
    "SEG": "a segmentation",
    "PR": "a presentation state",
    "KO": "a selection of key images",
    "DOC": "a document",
    "REG": "a registration",
    "RTSTRUCT": "radiotherapy structures",
    "RTPLAN": "a radiotherapy plan",
    "RTDOSE": "a radiotherapy dose",
}
_SPECTRUM = "1.2.840.10008.5.1.4.1.1.4.2"  # MR Spectroscopy Storage: Rows, Columns, but no pixels
# A network drive is slow to open a file, however small, and no slower to open several at once.
_AT_ONCE = 8
# The result of examining a file: a slice, volumes, a remark on a DICOMDIR, or a plain picture.
_Look = Header | tuple[Series, ...] | PassedOver | Path


def index_places(
    places: Sequence[Path],
    on_progress: Callable[[int, int], None] = lambda _done, _total: None,
    is_cancelled: Callable[[], bool] = lambda: False,
    archives: UnpackedArchives | None = None,
) -> Index:
    """Index files and folders with all their subfolders; links to folders are not followed.

    Parameters
    ----------
    places
        Files and folders. A file given explicitly is never skipped: if it cannot be sorted, it is
        listed among the pictures, and opening it reports the reason. A DICOMDIR stands for the
        folder that contains it.
    on_progress
        Called with (files unpacked, files known so far) while a ZIP file is unpacked, then with
        (files examined, total files) after every file.
    is_cancelled
        Called before every file, and while a drive does not respond; True stops the indexing.
    archives
        Where ZIP files are unpacked; must stay open as long as the series are read. Without it,
        ZIP files are skipped.

    Raises
    ------
    Cancelled
        ``is_cancelled`` returned True.
    """
    found = _Found()
    paths = _files(places, found.passed_over, is_cancelled)
    paths = _with_unpacked(paths, archives, found.passed_over, on_progress, is_cancelled)
    with closing(_looked_at(paths)) as looks:
        for done, ((path, named), look) in enumerate(zip(paths.items(), looks, strict=True), 1):
            _go_on(is_cancelled)
            try:
                found.take(look.result(is_cancelled))
            except ScanError as error:
                if named:
                    found.pictures.append(path)  # opening it reports the reason
                else:
                    found.passed_over.append(PassedOver(path, str(error)))
            on_progress(done, len(paths))
    series = (*sorted_into_series(found.copies), *found.volumes)
    return Index(series, tuple(found.passed_over), tuple(found.pictures))


class _Found:
    """The results of indexing so far."""

    def __init__(self) -> None:
        self.copies = Copies()
        self.volumes: list[Series] = []
        self.pictures: list[Path] = []
        self.passed_over: list[PassedOver] = []

    def take(self, look: _Look) -> None:
        """Add an examined file; raises a ScanError with the reason if it is not a scan."""
        match look:
            case Header():
                self._take_slice(look)
            case PassedOver():
                self.passed_over.append(look)
            case Path():
                self.pictures.append(look)
            case _:
                self.volumes.extend(look)

    def _take_slice(self, header: Header) -> None:
        if reason := why_no_slice(header):
            raise ScanError(reason)
        if found := self.copies.take(header):
            copy, original = (one.path for one in found)
            reason = f"{copy.name} is a copy of {_distinct_name(original, copy)}."
            self.passed_over.append(PassedOver(copy, reason))


def _looked_at(paths: Iterable[Path]) -> Generator[TimedReading[_Look], None, None]:
    """Yield the examination of each file in order, while the next files are examined ahead."""
    begun: deque[TimedReading[_Look]] = deque()
    try:
        for path in paths:
            begun.append(TimedReading(path, partial(_look_at, path)))
            if len(begun) == _AT_ONCE:
                yield begun[0]
                begun.popleft()
        yield from begun
    finally:
        let_end(begun)


def _look_at(path: Path) -> _Look:
    """Examine a file; libraries for reading it are loaded only when first needed."""
    check_ordinary(path)
    if path.name.upper() == "DICOMDIR":
        missing = missing_files(path)
        return PassedOver(path, _missing_words(path, missing)) if missing else ()
    if path.suffix.casefold() in IMAGE_SUFFIXES and not is_dicom(path):
        return path
    if is_nifti(path):
        from btgui.engine.studies.nifti_series import series_of_nifti

        return series_of_nifti(path)
    return header_of(path)


def _files(
    places: Sequence[Path], passed_over: list[PassedOver], is_cancelled: Callable[[], bool]
) -> dict[Path, bool]:
    """Return all files in natural order, each with whether it was given explicitly."""
    found: dict[Path, bool] = {}

    def refuse(folder: Path) -> None:
        passed_over.append(PassedOver(folder, why_not_listed(folder), is_folder=True))

    for place_ in places:
        folder = place_.parent if place_.name.upper() == "DICOMDIR" else place_
        if not os.path.isdir(folder):  # noqa: PTH112  (Path's raises where the name is invalid)
            found[place_] = True
            continue
        for file in files_within(folder, refuse, partial(_go_on, is_cancelled)):
            found.setdefault(file, False)
    return found


def _go_on(is_cancelled: Callable[[], bool]) -> None:
    if is_cancelled():
        raise Cancelled("Searching the folder was stopped.")


def _with_unpacked(
    paths: dict[Path, bool],
    archives: UnpackedArchives | None,
    passed_over: list[PassedOver],
    on_progress: Callable[[int, int], None],
    is_cancelled: Callable[[], bool],
) -> dict[Path, bool]:
    """Return the files with each ZIP file replaced by the files that it contains."""
    found: dict[Path, bool] = {}
    for path, named in paths.items():
        if path.suffix.casefold() != ".zip":
            found[path] = named
        elif archives is None:
            reason = f"{path.name} is a ZIP file. Unpack it first, then open the folder."
            passed_over.append(PassedOver(path, reason))
        else:
            try:
                inside = archives.unpack(path, is_cancelled, on_progress)
            except ScanError as error:
                passed_over.append(PassedOver(path, str(error)))
            else:
                passed_over.extend(inside.passed_over)
                found.update(_files([inside.folder], passed_over, is_cancelled))
    return found


def _missing_words(path: Path, missing: tuple[str, ...]) -> str:
    files = "a missing file:" if len(missing) == 1 else f"{len(missing)} missing files, such as"
    return f"{path.name} lists {files} {missing[0]}. Copy the whole disc again."


def why_no_slice(header: Header) -> str:
    """Return the reason why a DICOM file is not a slice of a series, in words; "" where it is one."""
    name = header.path.name
    if header.modality in _NO_SCANS:
        return f"{name} is {_NO_SCANS[header.modality]}, not a scan."
    if header.kind == _SPECTRUM:
        return f"{name} is a spectrum, not a scan."
    if not header.frames:
        return f"{name} is a DICOM file without an image."
    return ""


def _distinct_name(file: Path, other: Path) -> str:
    """Return a file's name, preceded by its folder's name where the other file has the same name."""
    return file.name if file.name != other.name else f"{file.parent.name}/{file.name}"
