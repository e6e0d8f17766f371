"""The audit of a data set: copies, leaks, label conflicts, shortcuts and unreadable files."""

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
# The consequence of copies across each pair of splits.
_LEAKAGES = {
    ("test", "train"): "the accuracy on them says little.",
    ("test", "validation"): "the test includes scans that choose the best epoch.",
    ("validation", "train"): "scans that the network has memorised choose its best epoch.",
}
_UNEVEN_WORDS = {"sizes": "sizes", "modes": "depths or colours"}
# Number of scans compared at once with all later ones, which takes some seconds.
_BLOCK = 512


@dataclass(frozen=True)
class Alarm:
    """A finding that a person should look at.

    ``kind`` is "leakage", "patients", "heads", "conflicts", "shortcut", "several", "imbalance", "sizes",
    "modes" or "unreadable"; ``text`` is one or two sentences.
    """

    kind: str
    text: str


@dataclass(frozen=True)
class Audit:
    """All findings of an audit.

    Attributes
    ----------
    counts
        Number of scans by split ("train", "validation", "test", or "" if not assigned) and class.
    unreadable
        (path, reason) of each file that cannot be read.
    several
        (path, remark) of each file with several pictures, of which only the first is used.
    leaks
        Pairs across splits, as :func:`training.auditing.pairs.across_splits` orders them.
    conflicts
        Pairs of different classes, near ones last.
    copies, near_copies
        Groups within a class and split, from :func:`training.auditing.pairs.groups_within`.
    nearly
        For each class, the number of its scans that have a near copy, but no copy, in their class
        and split.
    sizes, modes, formats
        Number of scans by (width, height), by depth and colour, and by file format.
    uneven
        For "sizes" and "modes", the classes whose files differ in that property from the others'.
    shared_patients
        Number of known patients with scans in more than one split.
    shared_heads
        Number of patients inferred from the order of the files with scans in more than one split.
    belonging
        The scans that the honest protocol keeps together.
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
        """Number of test scans with an identical or copied scan in the training split."""
        return spoilt(self.leaks, ("test", "train"))[0]

    @property
    def near_tests(self) -> int:
        """Number of further test scans with only a near copy in the training split."""
        return spoilt(self.leaks, ("test", "train"))[1]

    @property
    def repeats(self) -> dict[str, int]:
        """For each class, the number of its scans with a copy in the same class and split."""
        return scans_by_class(self.copies)

    @property
    def imbalance(self) -> float:
        """Ratio of the largest class's scans to the smallest's, without scans of several classes."""
        totals: Counter[str] = Counter()
        for by_class in self.counts.values():
            totals.update({label: n for label, n in by_class.items() if "|" not in label})
        return max(totals.values()) / max(1, min(totals.values())) if totals else 1.0

    @property
    def unmeasured(self) -> str:
        """A sentence on the classes not checked for shortcuts; "" if all were checked."""
        labels = {label for by_class in self.counts.values() for label in by_class}
        measured = {shortcut.label for shortcut in self.shortcuts}
        names = sorted(name for name in labels - measured if "|" not in name)
        return (
            f"Shortcuts could not be measured for {', '.join(names)}: there are too few patients or "
            f"groups of related scans."
            if names
            else ""
        )

    def alarms(self) -> list[Alarm]:
        """Return the findings that a person should look at."""
        found = [Alarm("leakage", text) for text in self._leakages()]
        if count := self.shared_patients:
            text = (
                f"{counted(count, 'patient')} {one_or(count, 'has', 'have')} scans in more than one of training, "
                f"validation and test. Train under the honest protocol, which splits by patient."
            )
            found.append(Alarm("patients", text))
        if count := self.shared_heads:
            text = (
                f"{counted(count, 'inferred patient')} {one_or(count, 'seems', 'seem')} to have scans in more than one of "
                f"training, validation and test: scans with consecutive numbers look alike. Train under "
                f"the honest protocol, which keeps such scans together."
            )
            found.append(Alarm("heads", text))
        if surely := sum(pair.kind != "near" for pair in self.conflicts):
            text = (
                f"{counted(surely, 'pair')} of scans {one_or(surely, 'looks', 'look')} alike but "
                f"{one_or(surely, 'has', 'have')} different labels."
            )
            found.append(Alarm("conflicts", text))
        found += [
            Alarm(
                "shortcut",
                f"“{shortcut.label}” can be recognised without the anatomy (by "
                f"{', '.join(shortcut.strongest)}; AUC {shortcut.auc:.2f}): the class may coincide "
                f"with a source or a sequence. Add scans of this class from other sources.",
            )
            for shortcut in self.shortcuts
            if shortcut.alarm
        ]
        if count := len(self.several):
            text = (
                f"{counted(count, 'file')} {one_or(count, 'holds', 'hold')} several pictures, of which only "
                f"the first is used: it may not show the class. Save the pictures that do as separate files."
            )
            found.append(Alarm("several", text))
        if self.imbalance > _IMBALANCE_ALARM:
            text = (
                f"The largest class has {self.imbalance:.1f} times as many scans as the smallest."
            )
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
        """Return all findings as plain JSON values; the scans of a leak by the names of their splits."""
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
    """Examine every scan and compare all pairs of scans in eight orientations.

    Raises
    ------
    DatasetError
        No scan can be read.
    Cancelled
        ``control`` has received a stop command.
    """
    start = time.monotonic()
    control = control or Control("The audit")
    scans = open_ones_train(scans)
    say(f"Reading {len(scans):,} scans …")
    facts, unreadable = read_facts(scans, say, control)
    if not facts:
        raise DatasetError("Expected readable scans; none of the files can be read.")
    thumbnails = np.stack([fact.thumbnail for fact in facts])
    read = [fact.scan for fact in facts]
    patients, heads = list(same_patient(scans, say)), list(neighbours(read, thumbnails))
    of_read = list(_among(read, patients, scans))
    sides = Sides(read, of_read, heads)
    say("Comparing all pairs of scans in eight orientations …")
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
    # Shortcuts and file properties are measured on the scans whose class is known.
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
    """Yield each pair of similar scans once, the earlier scan first."""
    count = begin(reporter, "comparing", len(thumbnails))
    for start in range(0, len(thumbnails), _BLOCK):
        control.raise_if_stop_wanted()
        block = thumbnails[start : start + _BLOCK]
        # Earlier blocks have been compared with this one already.
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
    """Yield pairs that link all scans of one patient, as indices into ``some``.

    ``pairs`` links the scans of each patient by indices into ``scans``, of which ``some`` is a part.
    """
    kept = {id(scan) for scan in some}
    names = group_linked(pairs, len(scans)).tolist()
    yield from linked([name for name, scan in zip(names, scans, strict=True) if id(scan) in kept])


def _in_several_splits(pairs: Iterable[tuple[int, int]], scans: list[LabelledScan]) -> int:
    """Return how many groups of linked scans, given as pairs of indices, span several splits."""
    splits: dict[int, set[str]] = {}
    for scan, group in zip(scans, group_linked(pairs, len(scans)).tolist(), strict=True):
        splits.setdefault(group, set()).add(scan.split)
    return sum(len(of - {""}) > 1 for of in splits.values())
