"""The scans of labelled data sets to test on, and those that count as their training part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from btgui.engine.datasets.dataset import (
    LabelledScan,
    open_ones_train,
    read_dataset,
    under_series_windows,
)
from btgui.engine.datasets.table import PARTS
from btgui.engine.disk.folders import folder_name
from btgui.engine.errors import DatasetError
from training.scans.disjoint import check_disjoint

if TYPE_CHECKING:
    from training.fitting.material import PartOfRun


@dataclass(frozen=True)
class Whole:
    """A data set without test scans, of which all scans are tested.

    ``count`` scans are tested, of which ``training`` and ``validation`` are in those parts of the data
    set; ``unread`` more could not be read. ``scans`` are the counted scans, and ``known_as`` the names
    under which a model's card may record the data set.
    """

    name: str
    count: int
    training: int
    validation: int
    unread: int = 0
    scans: tuple[LabelledScan, ...] = field(default=(), compare=False, repr=False)
    known_as: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls,
        name: str,
        scans: Sequence[LabelledScan],
        known_as: frozenset[str],
        unread: int = 0,
    ) -> Whole:
        """Return a data set with the counts of its scans."""
        parts = Counter(scan.split for scan in scans)
        trains, chooses = parts["train"], parts["validation"]
        return cls(name, len(scans), trains, chooses, unread, tuple(scans), known_as)


@dataclass(frozen=True)
class Tested:
    """Scans to test on.

    Attributes
    ----------
    data
        Names of the data sets.
    scans
        The test scans of each data set, or all scans of a data set without any.
    trained
        The training scans of the data sets with test scans, partially labelled ones included, among
        which copies of tested scans are looked for.
    wholes
        The data sets without test scans.
    known_as
        Names under which a model's card may record one of the data sets.
    unknown
        Number of scans that are not tested because they may be of several classes.
    part
        The part of a run that the scans are; None if data sets are tested.
    """

    __test__ = False  # tells pytest that this is not a test case

    data: tuple[str, ...]
    scans: list[LabelledScan]
    trained: list[LabelledScan]
    wholes: tuple[Whole, ...]
    known_as: frozenset[str]
    unknown: int = 0
    part: PartOfRun | None = None

    @property
    def words(self) -> str:
        """Description of the tested scans."""
        return self.part.words if self.part else ", ".join(self.data)

    @property
    def chose(self) -> bool:
        """Whether the scans are validation scans of a run, and so no test."""
        return self.part is not None and not self.part.is_test

    @property
    def split_given(self) -> bool:
        """Whether every data set has test scans of its own."""
        return not self.wholes


def choose_tested(places: Sequence[Path], go_on: Callable[[], None] = lambda: None) -> Tested:
    """Choose the scans to test on, data set by data set.

    ``go_on`` is called now and then; it may raise to stop.

    Raises
    ------
    DatasetError
        A data set cannot be read or is named twice, or two data sets share a tested scan.
    """
    scans: list[LabelledScan] = []
    trained: list[LabelledScan] = []
    wholes, unknown = [], 0
    names = [folder_name(place.resolve()) for place in places]
    sets = [read_dataset(place, go_on) for place in places]
    everything = iter(under_series_windows([scan for listed in sets for scan in listed], go_on))
    for place, name, listed in zip(places, names, sets, strict=True):
        windowed = list(islice(everything, len(listed)))
        found = [scan for scan in windowed if scan.is_known]
        unknown += len(listed) - len(found)
        test = [scan for scan in found if scan.split == "test"]
        scans += test or found
        if test:
            # Partially labelled scans train a network too, and tested scans may be copies of them.
            trained += [scan for scan in open_ones_train(windowed) if scan.split == "train"]
        else:
            wholes.append(Whole.of(name, found, frozenset(names_of(place))))
    if not scans:
        raise DatasetError(
            f"Expected scans of known class in {', '.join(names)}, received only scans that may be of "
            f"several classes."
        )
    check_disjoint(places, scans)
    known_as = frozenset(name for place in places for name in names_of(place))
    return Tested(tuple(names), scans, trained, tuple(wholes), known_as, unknown)


def as_read(tested: Tested, read: Sequence[LabelledScan]) -> Tested:
    """Return the tested scans with counts of those that could be read."""
    paths = {scan.path for scan in read}
    wholes = []
    for one in tested.wholes:
        kept = [scan for scan in one.scans if scan.path in paths]
        unread = len(one.scans) - len(kept)
        wholes.append(Whole.of(one.name, kept, one.known_as, unread) if one.scans else one)
    return replace(tested, wholes=tuple(wholes))


def of_part(part: PartOfRun) -> Tested:
    """Return a part of a run as scans to test on, with the run's training scans as training part."""
    return Tested(
        data=tuple(folder_name(folder.resolve()) for folder in part.folders),
        scans=part.scans,
        trained=part.trained,
        wholes=(),
        known_as=frozenset(name for folder in part.folders for name in names_of(folder)),
        part=part,
    )


def names_of(place: Path) -> tuple[str, ...]:
    """Return the names of a data set; a part of one, such as Training, also has the parent's name."""
    whole = place.resolve()
    if whole.name.casefold() in PARTS:
        return whole.name, folder_name(whole.parent)
    return (folder_name(whole),)
