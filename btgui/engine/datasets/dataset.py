"""Which scans a data set holds, with their classes, patients and given split."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from btgui.engine.datasets.table import PARTS, is_table, read_table, tidy_label
from btgui.engine.disk.folders import is_hidden
from btgui.engine.errors import DatasetError
from btgui.engine.scan import Scan, ScanAddress, Window
from btgui.engine.scan_source import find_scans, read_scan
from btgui.engine.studies.file_windows import windows_of

MINIMUM_CLASSES = 2
_HOW_FOLDER = (
    "Put the scans of each class in a folder of its own, and choose the folder that holds these."
)
_HOW_TABLE = "Add rows of another class, or choose the table that holds those of all classes."


@dataclass(frozen=True)
class LabelledScan:
    """One scan file with what is known of it.

    ``label`` is a class, or several, each once, joined by "|" of which the scan is one, not
    known which. ``split`` is "train", "validation", "test" or "" (where the data set leaves it
    open); ``source`` is the name of the folder or table it was found by; ``patient`` is
    whatever tells patients of one collection apart, "" where unknown; ``window`` is that of its
    series, where headers give none and :func:`under_series_windows` found one.
    """

    path: Path
    label: str
    split: str
    source: str
    patient: str = ""
    window: Window | None = None

    def read(self) -> Scan:
        """Read it as the application does: as a slice of its series, where that has a window.

        Raises
        ------
        ScanError
            As :func:`btgui.engine.scan_source.read_scan`.
        """
        return read_scan(self.path, self.window)

    @property
    def possible_classes(self) -> tuple[str, ...]:
        """The classes it may be of: one, where its class is known."""
        return tuple(self.label.split("|"))

    @property
    def is_known(self) -> bool:
        """Whether its class is known, and not only that it is one of several."""
        return len(self.possible_classes) == 1

    @property
    def collection(self) -> str:
        """The collection it is of: what stands before the slash of its source."""
        return self.source.partition("/")[0]


def read_dataset(place: Path, go_on: Callable[[], None] = lambda: None) -> list[LabelledScan]:
    """List a data set.

    Parameters
    ----------
    place
        A folder with a sub-folder a class, or with ``Training`` and ``Testing`` (and
        perhaps ``Validation``) that hold these; or a CSV as
        :func:`btgui.engine.datasets.table.read_table` reads it.
    go_on
        Called now and then while it is listed; may raise to stop.

    Raises
    ------
    DatasetError
        It cannot be reached or is neither, a row of the table is wrong, or fewer than two
        classes have scans.
    """
    if is_table(place):
        scans = [
            LabelledScan(row.path, row.label, row.split, row.source or place.stem, row.patient)
            for row in read_table(place, go_on)
        ]
    elif os.path.isdir(place):  # noqa: PTH112  (as below)
        scans = _read_folder(place, go_on)
    elif not os.path.exists(place):  # noqa: PTH110  (Path's raises where a share does not answer)
        raise DatasetError(
            f"{place} cannot be reached. Connect the drive or folder that it lies on, or check the "
            f"path, and try again."
        )
    else:
        raise DatasetError(
            f"Expected a folder with one sub-folder a class, or a CSV with the columns path and "
            f"label; {place} is neither."
        )
    labels = classes_of(scans)
    if len(labels) < MINIMUM_CLASSES:
        raise DatasetError(
            f"Expected scans of at least two classes in {place}, found "
            f"{', '.join(labels) or 'none'}. {_HOW_TABLE if is_table(place) else _HOW_FOLDER}"
        )
    return scans


def read_class_folder(
    folder: Path, label: str, go_on: Callable[[], None] = lambda: None
) -> list[LabelledScan]:
    """List a folder all of whose scans have one label; they join the training material.

    ``go_on`` is as in :func:`read_dataset`.

    Raises
    ------
    DatasetError
        The folder is missing or holds no scan.
    """
    if not os.path.isdir(folder):  # noqa: PTH112  (as above)
        raise DatasetError(
            f"Expected a folder of scans; {folder} is not a folder. Check its name, or connect the "
            f"drive that it lies on."
        )
    label = tidy_label(label)
    scans = [
        LabelledScan(path, label, "train", f"{folder.parent.name}/{folder.name}")
        for path in find_scans([folder], go_on=go_on)
    ]
    if not scans:
        raise DatasetError(f"Expected scans in {folder}, found none. Name another folder.")
    return scans


def under_series_windows(
    scans: list[LabelledScan], go_on: Callable[[], None] = lambda: None
) -> list[LabelledScan]:
    """Return the scans, each with the window of its series where that has one.

    To be asked of all scans of the data sets at once: a slice must not be seen otherwise for being
    in another part of a split than its neighbours. ``go_on`` is as in
    :func:`btgui.engine.studies.file_windows.windows_of`.
    """
    windows = windows_of([scan.path for scan in scans], go_on)
    return [replace(scan, window=windows.get(ScanAddress(scan.path))) for scan in scans]


def open_ones_train(scans: list[LabelledScan]) -> list[LabelledScan]:
    """Return the scans, those of no part as training scans where others are for the test.

    That is what a run makes of them: it draws a test only where no scan is given to one.
    """
    if all(scan.split != "test" for scan in scans):
        return scans
    return [scan if scan.split else replace(scan, split="train") for scan in scans]


def classes_of(scans: list[LabelledScan]) -> tuple[str, ...]:
    """Return the class names in alphabetical order: the order of a network's outputs."""
    return tuple(sorted({name for scan in scans for name in scan.possible_classes}))


def known_classes(scans: Iterable[LabelledScan]) -> set[str]:
    """Return the classes that some scan is known to be of."""
    return {scan.label for scan in scans if scan.is_known}


def without(scans: list[LabelledScan], left_out: frozenset[Path]) -> list[LabelledScan]:
    """Return the scans that a person has not left out."""
    return [scan for scan in scans if scan.path not in left_out]


def _read_folder(folder: Path, go_on: Callable[[], None]) -> list[LabelledScan]:
    children = _folders_in(folder)
    scans = [
        scan
        for split in dict.fromkeys(PARTS.values())
        for child in children
        if PARTS.get(child.name.casefold()) == split
        for scan in _read_class_folders(child, split, folder.name, go_on)
    ]
    # A folder of classes may well have one named "test"; it is a split only if classes are in it.
    return scans or _read_class_folders(folder, "", folder.name, go_on)


def _read_class_folders(
    folder: Path, split: str, source: str, go_on: Callable[[], None]
) -> list[LabelledScan]:
    return [
        LabelledScan(path, _as_class(class_folder.name), split, source)
        for class_folder in _folders_in(folder)
        if not is_hidden(class_folder.name)
        for path in find_scans([class_folder], go_on=go_on)
    ]


def _folders_in(folder: Path) -> list[Path]:
    try:
        return sorted(child for child in folder.iterdir() if child.is_dir())
    except OSError as error:
        raise DatasetError(
            f"{error.filename or folder} cannot be listed ({error.strerror}). Check that you may look "
            f"into it, and that its drive is connected."
        ) from error


def _as_class(folder: str) -> str:
    """Return a folder's name as one class, in text that can be written wherever it is kept."""
    return tidy_label(folder.replace("|", "-").encode(errors="backslashreplace").decode())
