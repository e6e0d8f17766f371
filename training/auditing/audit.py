"""What a data set hides: copies, leaks, label conflicts, shortcuts, files that cannot be read."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btgui.engine.counting import counted, one_or
from btgui.engine.datasets.dataset import LabelledScan, open_ones_train
from btgui.engine.errors import DatasetError
from btgui.engine.training_runs.events import PhaseStarted
from training.auditing.appearance import Uneven, find_uneven
from training.auditing.groups import Belonging, Sides
from training.auditing.pairs import (
    Group,
    Pair,
    PairsSeen,
    across_classes,
    across_splits,
    groups_within,
    nearly_only,
    scans_by_class,
    spoilt,
)
from training.auditing.reading import Fact, read_facts
from training.auditing.shortcuts import Shortcut, find_shortcuts
from training.control import Control
from training.event_output import Reporter, begin
from training.grouping.copies import (
    COPY_CORRELATION,
    NEAR_CORRELATION,
    CopyPair,
    Links,
    find_copies,
    group_linked,
)
from training.grouping.neighbours import neighbours
from training.grouping.patients import linked, same_patient

_IMBALANCE_ALARM = 3.0
SPLIT_WORDS = {"test": "test", "validation": "validation", "train": "training"}
# What copies across two splits mean.
_LEAKAGES = {
    ("test", "train"): "an accuracy on them says little.",
    ("test", "validation"): "the test is of scans that choose the best epoch.",
    ("validation", "train"): "scans that the network learned by heart choose its best epoch.",
}
_UNEVEN_WORDS = {"sizes": "sizes", "modes": "depths or colours"}
# Scans compared at once with all later ones: some seconds of work.
_BLOCK = 512


@dataclass(frozen=True)
class Alarm:
    """Something that a person should look at.

    ``kind`` is "leakage", "patients", "heads", "conflicts", "shortcut", "several", "imbalance", "sizes",
    "modes" or "unreadable"; ``text`` is one or two sentences.
    """

    kind: str
    text: str


@dataclass(frozen=True)
class Audit:
    """Everything that was found.

    Attributes
    ----------
    counts
        Split ("train", "validation", "test" or "" where open) to class to number of scans.
    unreadable
        (path, reason).
    several
        (path, remark) of each file of several pictures, of which only the first is used.
    leaks
        Pairs across splits, as :func:`training.auditing.pairs.across_splits` orders them.
    conflicts
        Pairs of different classes, near ones last.
    copies, near_copies
        Groups within a class and split, as :func:`training.auditing.pairs.groups_within` does.
    nearly
        Class to the number of its scans that have a near copy in their class and split, and
        no copy.
    sizes, modes, formats
        (width, height), depth and colour, and file format to number of scans.
    uneven
        "sizes" and "modes" to the classes whose files differ in it from the others'.
    shared_patients
        How many patients, where known, have scans in more than one split.
    shared_heads
        How many heads, as far as the order of files tells them, have.
    belonging
        Which scans the honest protocol keeps on one side.
    """

    counts: dict[str, dict[str, int]]
    unreadable: list[tuple[str, str]]
    several: list[tuple[str, str]]
    leaks: list[Pair]
    conflicts: list[Pair]
    copies: list[Group]
    near_copies: list[Group]
    nearly: dict[str, int]
    sizes: dict[tuple[int, int], int]
    modes: dict[str, int]
    formats: dict[str, int]
    uneven: dict[str, list[Uneven]]
    shortcuts: list[Shortcut]
    shared_patients: int
    shared_heads: int
    belonging: Belonging
    seconds: float

    @property
    def leaked_tests(self) -> int:
        """How many test scans have an identical or copied scan in training."""
        return spoilt(self.leaks, ("test", "train"))[0]

    @property
    def near_tests(self) -> int:
        """How many further test scans have a near copy only."""
        return spoilt(self.leaks, ("test", "train"))[1]

    @property
    def repeats(self) -> dict[str, int]:
        """Class to the number of its scans that copy another of the same class and split."""
        return scans_by_class(self.copies)

    @property
    def imbalance(self) -> float:
        """Scans of the largest class over scans of the smallest; those of known class count."""
        totals: Counter[str] = Counter()
        for by_class in self.counts.values():
            totals.update({label: n for label, n in by_class.items() if "|" not in label})
        return max(totals.values()) / max(1, min(totals.values())) if totals else 1.0

    @property
    def unmeasured(self) -> str:
        """Say for which classes no shortcut could be looked for; "" where it was for all."""
        labels = {label for by_class in self.counts.values() for label in by_class}
        measured = {shortcut.label for shortcut in self.shortcuts}
        names = sorted(name for name in labels - measured if "|" not in name)
        return (
            f"Whether cheap properties give a class away was not measured for {', '.join(names)}: "
            f"too few patients, or groups of scans that belong together."
            if names
            else ""
        )

    def alarms(self) -> list[Alarm]:
        """Return each thing that a person should look at."""
        found = [Alarm("leakage", text) for text in self._leakages()]
        if count := self.shared_patients:
            text = (
                f"{counted(count, 'patient')} {one_or(count, 'has', 'have')} scans in more than one of training, "
                f"validation and test. Train under the honest protocol, which keeps them apart."
            )
            found.append(Alarm("patients", text))
        if count := self.shared_heads:
            text = (
                f"{counted(count, 'head')} {one_or(count, 'seems', 'seem')} to have scans in more than one of training, "
                f"validation and test: scans with numbers next to each other look alike. Train under "
                f"the honest protocol, which keeps them apart."
            )
            found.append(Alarm("heads", text))
        if surely := sum(pair.kind != "near" for pair in self.conflicts):
            text = (
                f"{counted(surely, 'pair')} of scans {one_or(surely, 'looks', 'look')} alike and "
                f"{one_or(surely, 'carries', 'carry')} different classes."
            )
            found.append(Alarm("conflicts", text))
        found += [
            Alarm(
                "shortcut",
                f"“{shortcut.label}” can be told without looking at the anatomy (by "
                f"{', '.join(shortcut.strongest)}; AUC {shortcut.auc:.2f}): it may equal a source "
                f"or a sequence. Add scans of that class from elsewhere.",
            )
            for shortcut in self.shortcuts
            if shortcut.alarm
        ]
        if count := len(self.several):
            text = (
                f"{counted(count, 'file')} {one_or(count, 'holds', 'hold')} several pictures, of which only "
                f"the first is used: it may not show the class. Save those that do as files of their own."
            )
            found.append(Alarm("several", text))
        if self.imbalance > _IMBALANCE_ALARM:
            text = f"The largest class has {self.imbalance:.1f} times the smallest's scans."
            found.append(Alarm("imbalance", text))
        found += [
            Alarm(
                kind,
                f"Files of different classes have different {_UNEVEN_WORDS[kind]}: "
                f"{'; '.join(one.words for one in classes)}. The classes may come from different "
                f"sources, and a network can learn that.",
            )
            for kind, classes in self.uneven.items()
            if classes
        ]
        if self.unreadable:
            found.append(
                Alarm("unreadable", f"{counted(len(self.unreadable), 'file')} cannot be read.")
            )
        return found

    def _leakages(self) -> list[str]:
        texts = []
        for (first, second), meaning in _LEAKAGES.items():
            copied, _ = spoilt(self.leaks, (first, second))
            if copied:
                total = sum(self.counts[first].values())
                texts.append(
                    f"{copied:,} of {counted(total, f'{SPLIT_WORDS[first]} scan')} "
                    f"{one_or(copied, 'is a copy', 'are copies')} of "
                    f"{SPLIT_WORDS[second]} scans: {meaning} Train under the honest protocol."
                )
        return texts

    def to_json(self) -> dict[str, Any]:
        """Return all of it as plain JSON values; a leak's scans by the names of their splits."""
        return {
            "counts": self.counts,
            "unreadable": [{"path": path, "reason": reason} for path, reason in self.unreadable],
            "several": [{"path": path, "remark": remark} for path, remark in self.several],
            "leaked_test_scans": self.leaked_tests,
            "near_test_scans": self.near_tests,
            "leaks": [
                pair.to_json(pair.between) | {"between": list(pair.between)} for pair in self.leaks
            ],
            "label_conflicts": [
                pair.to_json() | {"labels": [pair.first.label, pair.second.label]}
                for pair in self.conflicts
            ],
            "repeats": self.repeats,
            "near_repeats": self.nearly,
            "groups": [group.to_json() for group in (*self.copies, *self.near_copies)],
            "shared_patients": self.shared_patients,
            "shared_heads": self.shared_heads,
            "together": [[str(s.path) for s in group] for group in self.belonging.together],
            "with_tested": [str(scan.path) for scan in self.belonging.with_tested],
            "imbalance": self.imbalance,
            "sizes": {f"{width}x{height}": n for (width, height), n in self.sizes.items()},
            "modes": self.modes,
            "formats": self.formats,
            "uneven": {kind: [asdict(one) for one in of] for kind, of in self.uneven.items()},
            "shortcuts": [asdict(one) | {"alarm": one.alarm} for one in self.shortcuts],
            "alarms": [asdict(alarm) for alarm in self.alarms()],
            "seconds": round(self.seconds, 1),
        }


def audit(scans: list[LabelledScan], say: Reporter, control: Control | None = None) -> Audit:
    """Look at every scan and compare each with each in eight orientations.

    Raises
    ------
    DatasetError
        No scan can be read.
    Cancelled
        ``control`` was told to stop.
    """
    start = time.monotonic()
    control = control or Control("The audit")
    scans = open_ones_train(scans)
    say(f"Reading {len(scans):,} scans …")
    facts, unreadable = read_facts(scans, say, control)
    if not facts:
        raise DatasetError("Expected scans that can be read; none of the files is.")
    thumbnails = np.stack([fact.thumbnail for fact in facts])
    read = [fact.scan for fact in facts]
    patients, heads = list(same_patient(scans, say)), list(neighbours(read, thumbnails))
    of_read = list(_among(read, patients, scans))
    sides = Sides(read, of_read, heads)
    say("Comparing each with each in eight orientations …")
    seen, together = PairsSeen(), Links(len(facts))
    for one, other in (*of_read, *heads):
        together.join(one, other)
    for pair in _alike(thumbnails, say, control):
        seen.add(_pair(facts, pair))
        sides.add(pair.first, pair.second)
        together.join(*pair.indices)
    copies, near_copies = (groups_within(seen, near=near) for near in (False, True))
    say("Looking for shortcuts …")
    say.emit(PhaseStarted("measuring"))
    features = np.stack([fact.features for fact in facts])
    # What tells a class apart is asked of the scans whose class is known.
    known = [place for place, scan in enumerate(read) if scan.is_known]
    labels = [read[place].label for place in known]
    files = [facts[place] for place in known]
    whose = group_linked(of_read, len(read))[known].tolist()
    return Audit(
        counts=_counts(scans),
        unreadable=unreadable,
        several=[(str(fact.scan.path), fact.remark) for fact in facts if fact.remark],
        leaks=across_splits(seen.kept),
        conflicts=across_classes(seen.kept),
        copies=copies,
        near_copies=near_copies,
        nearly=nearly_only(copies, near_copies),
        sizes=dict(Counter(fact.size for fact in facts).most_common()),
        modes=dict(Counter(fact.mode for fact in facts).most_common()),
        formats=dict(Counter(fact.file_format for fact in facts).most_common()),
        uneven={
            "sizes": find_uneven(
                labels, [f"{w} x {h}" for w, h in (fact.size for fact in files)], whose
            ),
            "modes": find_uneven(labels, [fact.mode for fact in files], whose),
        },
        shortcuts=find_shortcuts(features[known], labels, together.groups()[known]),
        shared_patients=_in_several_splits(patients, scans),
        shared_heads=_in_several_splits(heads, read),
        belonging=sides.belonging(),
        seconds=time.monotonic() - start,
    )


def _alike(
    thumbnails: NDArray[np.uint8], reporter: Reporter, control: Control
) -> Iterator[CopyPair]:
    """Yield each two scans that look alike once, the earlier one first."""
    count = begin(reporter, "comparing", len(thumbnails))
    for start in range(0, len(thumbnails), _BLOCK):
        control.raise_if_stop_wanted()
        block = thumbnails[start : start + _BLOCK]
        # Earlier blocks have been compared with this one: only what follows is left.
        for pair in find_copies(block, thumbnails[start:], NEAR_CORRELATION):
            if pair.first < pair.second:
                yield CopyPair(
                    pair.first + start, pair.second + start, pair.similarity, pair.transform
                )
        count(min(start + _BLOCK, len(thumbnails)))


def _pair(facts: list[Fact], pair: CopyPair) -> Pair:
    first, second = facts[pair.first], facts[pair.second]
    if first.sha256 == second.sha256:
        kind = "identical"
    else:
        kind = "copy" if pair.similarity >= COPY_CORRELATION else "near"
    return Pair(first.scan, second.scan, kind, pair.transform, min(1.0, pair.similarity))


def _counts(scans: list[LabelledScan]) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for scan in scans:
        by_class = counts.setdefault(scan.split, {})
        by_class[scan.label] = by_class.get(scan.label, 0) + 1
    return counts


def _among(
    some: list[LabelledScan], pairs: list[tuple[int, int]], scans: list[LabelledScan]
) -> Iterator[tuple[int, int]]:
    """Yield pairs of indices of some scans, from pairs that link all of one patient."""
    kept = {id(scan) for scan in some}
    names = group_linked(pairs, len(scans)).tolist()
    yield from linked([name for name, scan in zip(names, scans, strict=True) if id(scan) in kept])


def _in_several_splits(pairs: Iterable[tuple[int, int]], scans: list[LabelledScan]) -> int:
    """Return how many groups of linked scans, given by pairs of indices, are in several given splits."""
    splits: dict[int, set[str]] = {}
    for scan, group in zip(scans, group_linked(pairs, len(scans)).tolist(), strict=True):
        splits.setdefault(group, set()).add(scan.split)
    return sum(len(of - {""}) > 1 for of in splits.values())
