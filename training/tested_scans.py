"""Which scans of labelled data sets are tested, and which count as the training part."""

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
from btgui.engine.errors import DatasetError
from training.scans.disjoint import check_disjoint

if TYPE_CHECKING:
    from training.fitting.material import PartOfRun


@dataclass(frozen=True)
class Whole:
    """A data set that names no test scans, so that all of it is tested.

    ``training`` and ``validation`` are how many of its scans it gives to those parts, and
    ``unread`` how many more it holds that could not be read; ``scans`` are those counted;
    ``known_as`` are names under which a model's card may have recorded it.
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
        """Count a data set's scans."""
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
        Of each data set its test scans or, where it names none, all of them.
    trained
        The training scans of those data sets that name test scans: copies of tested
        scans are looked for among them.
    wholes
        The data sets that name no test scans.
    known_as
        Names under which a model's card may have recorded one of the data sets.
    unknown
        How many scans were left out, since their class is known only in part.
    part
        The run's part that they are; None where data sets are tested.
    """

    __test__ = False  # it is not a test case

    data: tuple[str, ...]
    scans: list[LabelledScan]
    trained: list[LabelledScan]
    wholes: tuple[Whole, ...]
    known_as: frozenset[str]
    unknown: int = 0
    part: PartOfRun | None = None

    @property
    def words(self) -> str:
        """What is tested."""
        return self.part.words if self.part else ", ".join(self.data)

    @property
    def chose(self) -> bool:
        """Whether they chose a run's best epoch, and so are no test."""
        return self.part is not None and not self.part.is_test

    @property
    def split_given(self) -> bool:
        """Whether every data set names its test scans."""
        return not self.wholes


def choose_tested(places: Sequence[Path], go_on: Callable[[], None] = lambda: None) -> Tested:
    """Choose the scans to test on, data set by data set.

    ``go_on`` is called now and then; it may raise to stop.

    Raises
    ------
    DatasetError
        A data set cannot be read, or is named twice, or two of them test one scan.
    """
    scans: list[LabelledScan] = []
    trained: list[LabelledScan] = []
    wholes, unknown = [], 0
    names = [place.resolve().name for place in places]
    sets = [read_dataset(place, go_on) for place in places]
    everything = iter(under_series_windows([scan for listed in sets for scan in listed], go_on))
    for place, name, listed in zip(places, names, sets, strict=True):
        found = [scan for scan in islice(everything, len(listed)) if scan.is_known]
        unknown += len(listed) - len(found)
        test = [scan for scan in found if scan.split == "test"]
        scans += test or found
        training = [scan for scan in open_ones_train(found) if scan.split == "train"]
        if test:
            trained += training
        else:
            wholes.append(Whole.of(name, found, frozenset(names_of(place))))
    if not scans:
        raise DatasetError(
            f"Expected scans whose class is known in {', '.join(names)}; that of all is known only in "
            f"part."
        )
    check_disjoint(places, scans)
    known_as = frozenset(name for place in places for name in names_of(place))
    return Tested(tuple(names), scans, trained, tuple(wholes), known_as, unknown)


def as_read(tested: Tested, read: Sequence[LabelledScan]) -> Tested:
    """Return what was tested with the counts of those scans that could be read."""
    paths = {scan.path for scan in read}
    wholes = []
    for one in tested.wholes:
        kept = [scan for scan in one.scans if scan.path in paths]
        unread = len(one.scans) - len(kept)
        wholes.append(Whole.of(one.name, kept, one.known_as, unread) if one.scans else one)
    return replace(tested, wholes=tuple(wholes))


def of_part(part: PartOfRun) -> Tested:
    """Return a part of a run as scans to test on; the scans that train it are its training part."""
    return Tested(
        data=tuple(folder.resolve().name for folder in part.folders),
        scans=part.scans,
        trained=part.trained,
        wholes=(),
        known_as=frozenset(name for folder in part.folders for name in names_of(folder)),
        part=part,
    )


def names_of(place: Path) -> tuple[str, ...]:
    """Return the names of a data set: a part of one, such as its Training, is of it."""
    whole = place.resolve()
    if whole.name.casefold() in PARTS:
        return whole.name, whole.parent.name
    return (whole.name,)
