"""Which scans stay on one side of a split under the honest protocol, and which it leaves out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from btgui.engine.datasets.dataset import LabelledScan
from training.grouping.copies import Links, group_linked
from training.grouping.patients import linked

Pairs = Iterable[tuple[int, int]]


@dataclass(frozen=True)
class Belonging:
    """What belongs together among scans that are not of the test.

    Attributes
    ----------
    together
        Groups of two scans or more: near copies, neighbouring slices, scans of one patient.
    with_tested
        Scans of a patient or head of which another scan is of the test; they are in no group.
    """

    together: list[list[LabelledScan]] = field(default_factory=list)
    with_tested: list[LabelledScan] = field(default_factory=list)


class Sides:
    """Groups scans as :func:`training.scans.splits.make_splits` does.

    Its memory does not grow with the near copies, which come one pair after the other.

    Parameters
    ----------
    patients, heads
        Pairs of indices of scans that are of one patient, or of one head: enough to link all
        of them.
    """

    def __init__(self, scans: Sequence[LabelledScan], patients: Pairs, heads: Pairs) -> None:
        self._scans = scans
        self._links = Links(len(scans))
        self._tested = {index for index, scan in enumerate(scans) if scan.split == "test"}
        names = [group_linked(pairs, len(scans)).tolist() for pairs in (patients, heads)]
        self._out: set[int] = set()  # tested, or of a patient or head that is
        for of in names:
            of_tested = {of[index] for index in self._tested}
            self._out |= {index for index in range(len(scans)) if of[index] in of_tested}
        kept = [index for index in range(len(scans)) if index not in self._out]
        for of in names:
            for first, second in linked([of[index] for index in kept]):
                self._links.join(kept[first], kept[second])

    def add(self, first: int, second: int) -> None:
        """Keep two near copies together, unless one is left out."""
        if not {first, second} & self._out:
            self._links.join(first, second)

    def belonging(self) -> Belonging:
        """Return what belongs together, as far as it was added."""
        members: dict[int, list[LabelledScan]] = {}
        for index, group in enumerate(self._links.groups().tolist()):
            if index not in self._out:
                members.setdefault(group, []).append(self._scans[index])
        return Belonging(
            [group for group in members.values() if len(group) > 1],
            [self._scans[index] for index in sorted(self._out - self._tested)],
        )
