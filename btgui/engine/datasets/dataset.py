"""The scans of a data set, with their classes, patients and predefined split."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from btgui.engine.datasets.table import PARTS, is_table, read_table, tidy_label
from btgui.engine.disk.folders import folder_name, is_hidden
from btgui.engine.errors import DatasetError
from btgui.engine.scan import Scan, ScanAddress, Window
from btgui.engine.scan_source import find_scans, read_scan
from btgui.engine.studies.file_windows import windows_of

MINIMUM_CLASSES = 2
_HOW_FOLDER = "Put the scans of each class in a subfolder, and choose the parent folder."
_HOW_TABLE = "Add rows of another class, or choose a table that contains all classes."


@dataclass(frozen=True)
class LabelledScan:
    """One scan file with its label and origin.

    Attributes
    ----------
    label
        The scan's class; or several distinct classes joined by "|", one of which it is, unknown
        which.
    split
        "train", "validation" or "test"; "" where the data set leaves it open.
    source
        Name of the folder or table that lists the scan.
    patient
        Any text that distinguishes patients within one collection; "" where unknown.
    window
        The window of the scan's series, where the headers give none and
        :func:`under_series_windows` found one.
    """

    path: Path
    label: str
    split: str
    source: str
    patient: str = ""
    window: Window | None = None

    def read(self) -> Scan:
        """Read the scan as the application does, with the window of its series if there is one.

        Raises
        ------
        ScanError
            As in :func:`btgui.engine.scan_source.read_scan`.
        """
        return read_scan(self.path, self.window)

    @property
    def possible_classes(self) -> tuple[str, ...]:
        """The classes to which the scan may belong; a single one where its class is known."""
        return tuple(self.label.split("|"))

    @property
    def is_known(self) -> bool:
        """Whether the scan's class is known, not just narrowed down to several."""
        return len(self.possible_classes) == 1

    @property
    def collection(self) -> str:
        """The collection to which the scan belongs: the part of its source before the slash."""
        return self.source.partition("/")[0]


def read_dataset(place: Path, go_on: Callable[[], None] = lambda: None) -> list[LabelledScan]:
    """List a data set.

    Parameters
    ----------
    place
        A folder with one subfolder per class, or with the folders ``Training`` and ``Testing``
        (optionally ``Validation``) that contain these; or a CSV for
        :func:`btgui.engine.datasets.table.read_table`.
    go_on
        Called repeatedly while the data set is listed; may raise to stop.

    Raises
    ------
    DatasetError
        The data set cannot be reached or is neither of these, a row of the table is invalid, or
        fewer than two classes have scans.
    """
    if is_table(place):
        scans = [
            LabelledScan(row.path, row.label, row.split, row.source or place.stem, row.patient)
            for row in read_table(place, go_on)
        ]
    elif os.path.isdir(place):  # noqa: PTH112  (as below)
        scans = _read_folder(place, go_on)
    elif not os.path.exists(place):  # noqa: PTH110  (Path's raises if a share does not respond)
        raise DatasetError(
            f"{place} cannot be reached. Connect the drive or network folder, or check the path, "
            f"and try again."
        )
    else:
        raise DatasetError(
            f"Expected a folder with one subfolder per class, or a CSV with the columns path and "
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
    """List the scans of a folder under a single label, all in the training split.

    ``go_on`` is as in :func:`read_dataset`.

    Raises
    ------
    DatasetError
        The folder is missing or contains no scans.
    """
    if not os.path.isdir(folder):  # noqa: PTH112  (as above)
        raise DatasetError(
            f"Expected a folder of scans; {folder} is not a folder. Check the name, or connect its "
            f"drive."
        )
    label = tidy_label(label)
    scans = [
        LabelledScan(path, label, "train", f"{folder.parent.name}/{folder.name}")
        for path in find_scans([folder], go_on=go_on)
    ]
    if not scans:
        raise DatasetError(f"Expected scans in {folder}, found none. Choose another folder.")
    return scans


def under_series_windows(
    scans: list[LabelledScan], go_on: Callable[[], None] = lambda: None
) -> list[LabelledScan]:
    """Return the scans, each with the window of its series if there is one.

    Pass all scans of the data sets at once: the window of a slice must not depend on whether its
    neighbours are in the same part of the split. ``go_on`` is as in
    :func:`btgui.engine.studies.file_windows.windows_of`.
    """
    windows = windows_of([scan.path for scan in scans], go_on)
    return [replace(scan, window=windows.get(ScanAddress(scan.path))) for scan in scans]


def open_ones_train(scans: list[LabelledScan]) -> list[LabelledScan]:
    """Return the scans, with an open split set to "train" if any scan is assigned to the test.

    Training runs do the same: they sample a test set only where the data set defines none.
    """
    if all(scan.split != "test" for scan in scans):
        return scans
    return [scan if scan.split else replace(scan, split="train") for scan in scans]


def classes_of(scans: list[LabelledScan]) -> tuple[str, ...]:
    """Return the class names in alphabetical order: the order of a network's outputs."""
    return tuple(sorted({name for scan in scans for name in scan.possible_classes}))


def known_classes(scans: Iterable[LabelledScan]) -> set[str]:
    """Return the classes of the scans whose class is known."""
    return {scan.label for scan in scans if scan.is_known}


def without(scans: list[LabelledScan], left_out: frozenset[Path]) -> list[LabelledScan]:
    """Return the scans without those that the user has left out."""
    return [scan for scan in scans if scan.path not in left_out]


def _read_folder(folder: Path, go_on: Callable[[], None]) -> list[LabelledScan]:
    children = _folders_in(folder)
    scans = [
        scan
        for split in dict.fromkeys(PARTS.values())
        for child in children
        if PARTS.get(child.name.casefold()) == split
        for scan in _read_class_folders(child, split, folder_name(folder), go_on)
    ]
    # A class may well be named "test"; such a folder is part of a split only if it contains classes.
    return scans or _read_class_folders(folder, "", folder_name(folder), go_on)


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
            f"{error.filename or folder} cannot be listed ({error.strerror}). Check that you have "
            f"permission to read it and that its drive is connected."
        ) from error


def _as_class(folder: str) -> str:
    """Return a folder's name as the label of a single class, in valid Unicode text."""
    return tidy_label(folder.replace("|", "-").encode(errors="backslashreplace").decode())
