"""Groups of scans that the honest protocol keeps on one side of a split, and scans it leaves out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from btgui.engine.datasets.dataset import LabelledScan
from training.grouping.copies import Links, group_linked
from training.grouping.patients import linked

Pairs = Iterable[tuple[int, int]]


@dataclass(frozen=True)
class Belonging:
    """Related scans outside the test set.

    Attributes
    ----------
    together
        Groups of two or more scans: near copies, neighbouring slices, scans of one patient.
    with_tested
        Scans of a known or inferred patient who also has a test scan; they are in no group.
    """

    together: list[list[LabelledScan]] = field(default_factory=list)
    with_tested: list[LabelledScan] = field(default_factory=list)


class Sides:
    """Groups related scans as :func:`training.scans.splits.make_splits` does.

    Near copies are added pair by pair, and the pairs themselves are not kept in memory.

    Parameters
    ----------
    patients, heads
        Pairs of indices of scans of one patient, or of one inferred patient: enough pairs to link
        all scans of each.
    """

    def __init__(self, scans: Sequence[LabelledScan], patients: Pairs, heads: Pairs) -> None:
        self._scans = scans
        self._links = Links(len(scans))
        self._tested = {index for index, scan in enumerate(scans) if scan.split == "test"}
        names = [group_linked(pairs, len(scans)).tolist() for pairs in (patients, heads)]
        self._out: set[int] = set()  # test scans and scans of their known or inferred patients
        for of in names:
            of_tested = {of[index] for index in self._tested}
            self._out |= {index for index in range(len(scans)) if of[index] in of_tested}
        kept = [index for index in range(len(scans)) if index not in self._out]
        for of in names:
            for first, second in linked([of[index] for index in kept]):
                self._links.join(kept[first], kept[second])

    def add(self, first: int, second: int) -> None:
        """Keep two near copies together, unless either is left out."""
        if not {first, second} & self._out:
            self._links.join(first, second)

    def belonging(self) -> Belonging:
        """Return the groups formed by the pairs added so far."""
        members: dict[int, list[LabelledScan]] = {}
        for index, group in enumerate(self._links.groups().tolist()):
            if index not in self._out:
                members.setdefault(group, []).append(self._scans[index])
        return Belonging(
            [group for group in members.values() if len(group) > 1],
            [self._scans[index] for index in sorted(self._out - self._tested)],
        )
