"""A data set as it was understood, and the files in its folder that are not used."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from btgui.engine.datasets.dataset import LabelledScan, read_dataset
from btgui.engine.datasets.table import PARTS, is_table
from btgui.engine.disk.folders import is_hidden
from btgui.engine.errors import Cancelled, ScanError
from btgui.engine.scan_source import is_scan_file

_NAMED_SUFFIXES = 4
# At most this many subfolders of a folder that is not a data set are examined.
_LOOKED_INTO = 100


@dataclass(frozen=True)
class Unused:
    """Files or folders of one kind that training will not use.

    ``kind`` is "outside" (scans outside any class folder), "other" (files that are not scans) or
    "empty" (folders without scans). ``count`` is their number. ``examples`` names some of them
    relative to the data set, or, for "other", their most frequent extensions.
    """

    kind: str
    count: int
    examples: tuple[str, ...]


@dataclass(frozen=True)
class Listing:
    """A data set as it was understood.

    Attributes
    ----------
    place
        The folder or table.
    scans
        The scans, as :func:`btgui.engine.datasets.dataset.read_dataset` lists them.
    unused
        Other files and folders within the folder; empty for a table.
    """

    place: Path
    scans: list[LabelledScan]
    unused: tuple[Unused, ...]

    def counts(self) -> dict[str, dict[str, int]]:
        """Return, for each label in alphabetical order, the number of its scans by split."""
        found: dict[str, dict[str, int]] = {}
        counted = Counter((scan.label, scan.split) for scan in self.scans)
        for (label, split), count in sorted(counted.items()):
            found.setdefault(label, {})[split] = count
        return found

    def parts_within_classes(self) -> tuple[str, ...]:
        """Return the folders within class folders that are named like a part, such as "Testing"."""
        paths = (scan.path for scan in self.scans if scan.path.is_relative_to(self.place))
        within = (path.relative_to(self.place).parts[1:-1] for path in paths)
        found = {name for folders in within for name in folders if name.casefold() in PARTS}
        return tuple(sorted(found))

    def samples(self, label: str, count: int) -> list[Path]:
        """Return at most ``count`` scans of a label, evenly spread over its list."""
        paths = [scan.path for scan in self.scans if scan.label == label]
        count = min(count, len(paths))
        return [paths[index * len(paths) // count] for index in range(count)]


def list_dataset(place: Path, stopped: Callable[[], bool] = lambda: False) -> Listing:
    """List a data set and the files in its folder that are not used.

    Raises
    ------
    DatasetError
        As in :func:`btgui.engine.datasets.dataset.read_dataset`.
    Cancelled
        ``stopped`` returned True.
    """
    scans = listed_scans(place, stopped)
    unused = () if is_table(place) else _unused(place, {scan.path for scan in scans}, stopped)
    return Listing(place, scans, unused)


def listed_scans(place: Path, stopped: Callable[[], bool]) -> list[LabelledScan]:
    """List the scans of a data set only; raises the same errors as :func:`list_dataset`."""

    def go_on() -> None:
        if stopped():
            raise Cancelled("Listing the data set was stopped.")

    return read_dataset(place, go_on)


def better_place(place: Path) -> Path | None:
    """Return the folder that was probably meant, if the chosen one is too deep or too high.

    This is the parent folder if the chosen one is only its training or test part, or the single
    subfolder that contains such parts. None where neither applies.
    """
    if not os.path.isdir(place):  # noqa: PTH112  (Path's raises where permission is denied)
        return None
    if _is_part(place):
        parts = [child for child in _folders_in(place.parent) if _is_part(child)]
        return place.parent if len(parts) > 1 else None
    children = _folders_in(place)
    if any(_is_part(child) for child in children):
        return None
    inside = [child for child in children[:_LOOKED_INTO] if any(map(_is_part, _folders_in(child)))]
    return inside[0] if len(inside) == 1 else None


def why_none_can_be_read(
    place: Path, scans: list[LabelledScan], stopped: Callable[[], bool]
) -> list[str]:
    """Return the reason why each scan of a data set cannot be read.

    The list is empty where any scan can be read, or where the data set is no longer there.
    """
    if not os.path.exists(place):  # noqa: PTH110  (as above)
        return []  # perhaps a disconnected disk: exporting the scans again would not help
    reasons = []
    for scan in scans:
        if stopped():
            return []
        try:
            scan.read()
        except ScanError as error:
            reasons.append(str(error))
        else:
            return []
    return reasons


def _is_part(folder: Path) -> bool:
    return folder.name.casefold() in PARTS


def _folders_in(folder: Path) -> list[Path]:
    try:
        return sorted(child for child in folder.iterdir() if child.is_dir())
    except OSError:  # permission denied, for example
        return []


def _unused(place: Path, used: set[Path], stopped: Callable[[], bool]) -> tuple[Unused, ...]:
    holding = {folder for path in used for folder in path.parents}
    outside: list[str] = []
    others: list[str] = []
    empty: list[str] = []
    for where, folders, files in os.walk(place):
        if stopped():
            raise Cancelled("Listing the data set was stopped.")
        here = Path(where)
        folders[:] = sorted(name for name in folders if not is_hidden(name))
        names = sorted(name for name in files if not is_hidden(name))
        unused = [here / name for name in names if here / name not in used]
        scans = {path for path in unused if is_scan_file(path)}
        outside += [_relative(path, place) for path in unused if path in scans]
        others += [path.suffix.casefold() or path.name for path in unused if path not in scans]
        if here not in holding and here.parent in holding and not scans:
            empty.append(_relative(here, place))
    kinds = Counter(others)
    suffixes = tuple(name for name, _ in kinds.most_common(_NAMED_SUFFIXES))
    found = (
        Unused("outside", len(outside), tuple(outside[:_NAMED_SUFFIXES])),
        Unused("other", len(others), suffixes),
        Unused("empty", len(empty), tuple(empty[:_NAMED_SUFFIXES])),
    )
    return tuple(one for one in found if one.count)


def _relative(path: Path, place: Path) -> str:
    return path.relative_to(place).as_posix()
