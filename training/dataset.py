"""Which scans a data set holds, with their classes and their given split."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from btgui.engine.errors import DatasetError
from btgui.engine.scan_source import find_scans

_SPLIT_FOLDERS = {
    "train": ("Training", "training", "Train", "train"),
    "test": ("Testing", "testing", "Test", "test"),
}
MINIMUM_CLASSES = 2


@dataclass(frozen=True)
class LabelledScan:
    """One scan file with what is known of it.

    ``label`` is a class, or several joined by "|" of which the scan is one, not known
    which. ``split`` is "train", "test" or "" (where the data set leaves it open);
    ``source`` is the name of the folder it was found under.
    """

    path: Path
    label: str
    split: str
    source: str

    @property
    def possible_classes(self) -> tuple[str, ...]:
        """The classes it may be of: one, where its class is known."""
        return tuple(self.label.split("|"))


def read_dataset(folder: Path) -> list[LabelledScan]:
    """List a data set of class folders, with or without ``Training`` and ``Testing``.

    Raises
    ------
    DatasetError
        The folder is missing, or fewer than two class folders hold scans.
    """
    if not folder.is_dir():
        raise DatasetError(
            f"Expected a folder with one sub-folder a class; {folder} is not a folder."
        )
    scans: list[LabelledScan] = []
    for split, names in _SPLIT_FOLDERS.items():
        for name in dict.fromkeys(n for n in names if _has_exact_name(folder, n)):
            scans += _read_class_folders(folder / name, split, folder.name)
    if not scans:
        scans = _read_class_folders(folder, "", folder.name)
    labels = sorted({scan.label for scan in scans})
    if len(labels) < MINIMUM_CLASSES:
        raise DatasetError(
            f"Expected at least two class folders with scans in {folder}, "
            f"found {', '.join(labels) or 'none'}. Put the scans of each class in a folder of "
            f"its own."
        )
    return scans


def read_class_folder(folder: Path, label: str) -> list[LabelledScan]:
    """List a folder all of whose scans belong to one class; they join the training material.

    Raises
    ------
    DatasetError
        The folder is missing or holds no scan.
    """
    if not folder.is_dir():
        raise DatasetError(
            f"Expected a folder of scans of class {label}; {folder} is not a folder."
        )
    scans = [
        LabelledScan(path, label, "train", f"{folder.parent.name}/{folder.name}")
        for path in find_scans([folder])
    ]
    if not scans:
        raise DatasetError(f"Expected scans of class {label} in {folder}, found none.")
    return scans


def classes_of(scans: list[LabelledScan]) -> tuple[str, ...]:
    """Return the class names in alphabetical order: the order of a network's outputs."""
    return tuple(sorted({name for scan in scans for name in scan.possible_classes}))


def _has_exact_name(folder: Path, name: str) -> bool:
    # On file systems that ignore case "Train" and "train" are one folder: list, do not probe.
    return any(child.name == name and child.is_dir() for child in folder.iterdir())


def _read_class_folders(folder: Path, split: str, source: str) -> list[LabelledScan]:
    return [
        LabelledScan(path, class_folder.name, split, source)
        for class_folder in sorted(folder.iterdir())
        if class_folder.is_dir() and not class_folder.name.startswith(".")
        for path in find_scans([class_folder])
    ]
