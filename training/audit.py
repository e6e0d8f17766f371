"""What a data set hides: copies, leaks, label conflicts, shortcuts, files that cannot be read."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from btgui.engine.dataset import LabelledScan
from btgui.engine.errors import Cancelled, DatasetError, ScanError
from btgui.engine.scan_source import read_scan
from btgui.engine.training_events import PhaseStarted
from training.control import Control
from training.copies import (
    COPY_CORRELATION,
    NEAR_CORRELATION,
    SIGNATURE_SIDE,
    CopyPair,
    find_copies,
    group_linked,
    signature_of,
)
from training.patients import same_patient
from training.reporting import Reporter, begin
from training.shortcuts import Shortcut, cheap_features, find_shortcuts

_IMBALANCE_ALARM = 3.0
# Scans compared at once with all later ones: some seconds of work.
_BLOCK = 512


@dataclass(frozen=True)
class Pair:
    """Two scans that look alike.

    ``kind`` is "identical" (the same bytes), "copy" (correlation of 0.97 or more under
    one of the eight flips and quarter turns) or "near" (0.93 or more: probably the next
    slice); ``transform`` names what was done to the second scan to match the first.
    """

    first: LabelledScan
    second: LabelledScan
    kind: str
    transform: str
    similarity: float


@dataclass(frozen=True)
class Alarm:
    """Something that a person should look at.

    ``kind`` is "leakage", "patients", "conflicts", "shortcut", "imbalance" or
    "unreadable"; ``text`` is one or two sentences.
    """

    kind: str
    text: str


@dataclass(frozen=True)
class Audit:
    """Everything that was found.

    Attributes
    ----------
    counts
        Split ("train", "test" or "" where open) to class to number of scans.
    unreadable
        (path, reason).
    leaks
        Pairs of a test scan (first) and a training scan (second).
    conflicts
        Pairs of different classes.
    repeats
        Class to the number of its scans that copy another of the same class and split.
    sizes, formats
        (width, height) and file format to number of scans.
    shared_patients
        How many patients, where known, have scans in more than one split.
    """

    counts: dict[str, dict[str, int]]
    unreadable: list[tuple[str, str]]
    leaks: list[Pair]
    conflicts: list[Pair]
    repeats: dict[str, int]
    sizes: dict[tuple[int, int], int]
    formats: dict[str, int]
    shortcuts: list[Shortcut]
    shared_patients: int
    seconds: float

    @property
    def leaked_tests(self) -> int:
        """How many test scans have an identical or copied scan in training."""
        return len({pair.first.path for pair in self.leaks if pair.kind != "near"})

    @property
    def near_tests(self) -> int:
        """How many further test scans have a near copy only."""
        near = {pair.first.path for pair in self.leaks}
        return len(near) - self.leaked_tests

    @property
    def imbalance(self) -> float:
        """Scans of the largest class over scans of the smallest."""
        totals: Counter[str] = Counter()
        for by_class in self.counts.values():
            totals.update(by_class)
        return max(totals.values()) / max(1, min(totals.values()))

    def alarms(self) -> list[Alarm]:
        """Return each thing that a person should look at."""
        tests = sum(self.counts.get("test", {}).values())
        found = []
        if self.leaked_tests:
            text = (
                f"{self.leaked_tests:,} of {tests:,} test scans are copies of training scans: an "
                f"accuracy on them says little. Train under the honest protocol."
            )
            found.append(Alarm("leakage", text))
        if self.shared_patients:
            text = (
                f"{self.shared_patients:,} patients have scans in more than one of training, "
                f"validation and test. Train under the honest protocol, which keeps them apart."
            )
            found.append(Alarm("patients", text))
        if self.conflicts:
            text = f"{len(self.conflicts):,} pairs of scans look alike and carry different classes."
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
        if self.imbalance > _IMBALANCE_ALARM:
            text = f"The largest class has {self.imbalance:.1f} times the smallest's scans."
            found.append(Alarm("imbalance", text))
        if self.unreadable:
            found.append(Alarm("unreadable", f"{len(self.unreadable):,} files cannot be read."))
        return found

    def to_json(self) -> dict[str, Any]:
        """Return all of it as plain JSON values; leaks by the names ``test`` and ``train``."""
        return {
            "counts": self.counts,
            "unreadable": [{"path": path, "reason": reason} for path, reason in self.unreadable],
            "leaked_test_scans": self.leaked_tests,
            "near_test_scans": self.near_tests,
            "leaks": [_pair_json(pair, "test", "train") for pair in self.leaks],
            "label_conflicts": [
                _pair_json(pair, "first", "second")
                | {"labels": [pair.first.label, pair.second.label]}
                for pair in self.conflicts
            ],
            "repeats": self.repeats,
            "shared_patients": self.shared_patients,
            "imbalance": self.imbalance,
            "sizes": {f"{width}x{height}": n for (width, height), n in self.sizes.items()},
            "formats": self.formats,
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
    control = control or Control()
    say(f"Reading {len(scans):,} scans …")
    facts, unreadable = _read(scans, say, control)
    if not facts:
        raise DatasetError("Expected scans that can be read; none of the files is.")
    vectors = np.stack([fact.signature for fact in facts])
    say("Comparing each with each in eight orientations …")
    alike = list(_alike(vectors, say, control))
    pairs = [_pair(facts, pair) for pair in alike]
    say("Looking for shortcuts …")
    say.emit(PhaseStarted("measuring"))
    groups = group_linked(
        (pair.indices for pair in alike if pair.similarity >= COPY_CORRELATION), len(facts)
    )
    features = np.stack([fact.features for fact in facts])
    labels = [fact.scan.label for fact in facts]
    return Audit(
        counts=_counts(scans),
        unreadable=unreadable,
        leaks=sorted(
            (_test_first(pair) for pair in pairs if _crosses(pair)),
            key=lambda pair: (str(pair.first.path), -pair.similarity),
        ),
        conflicts=[
            pair for pair in pairs if pair.first.label != pair.second.label and pair.kind != "near"
        ],
        repeats=_repeats(pairs),
        sizes=dict(Counter(fact.size for fact in facts).most_common()),
        formats=dict(Counter(fact.file_format for fact in facts).most_common()),
        shortcuts=find_shortcuts(features, labels, groups),
        shared_patients=_shared_patients(scans),
        seconds=time.monotonic() - start,
    )


@dataclass(frozen=True, eq=False)
class _Fact:
    scan: LabelledScan
    sha256: str
    size: tuple[int, int]
    file_format: str
    signature: NDArray[np.float32]
    features: NDArray[np.float32]


def _read(
    scans: list[LabelledScan], reporter: Reporter, control: Control
) -> tuple[list[_Fact], list[tuple[str, str]]]:
    def look(labelled: LabelledScan) -> _Fact | str:
        _end_if_told(control)
        try:
            scan = read_scan(labelled.path)
        except ScanError as error:
            return str(error)
        side = (SIGNATURE_SIDE, SIGNATURE_SIDE)
        small = np.asarray(cv2.resize(scan.grey, side, interpolation=cv2.INTER_AREA), np.uint8)
        return _Fact(
            labelled,
            scan.sha256,
            (scan.shape[1], scan.shape[0]),
            scan.file_format,
            signature_of(small),
            cheap_features(scan, small),
        )

    facts: list[_Fact] = []
    unreadable: list[tuple[str, str]] = []
    count = begin(reporter, "reading", len(scans))
    with ThreadPoolExecutor() as pool:
        for done, (scan, found) in enumerate(zip(scans, pool.map(look, scans), strict=True), 1):
            if isinstance(found, _Fact):
                facts.append(found)
            else:
                unreadable.append((str(scan.path), found))
            count(done)
    return facts, unreadable


def _alike(
    vectors: NDArray[np.float32], reporter: Reporter, control: Control
) -> Iterator[CopyPair]:
    """Yield each two scans that look alike once, the earlier one first."""
    count = begin(reporter, "comparing", len(vectors))
    for start in range(0, len(vectors), _BLOCK):
        _end_if_told(control)
        block = vectors[start : start + _BLOCK]
        # Earlier blocks have been compared with this one: only what follows is left.
        for pair in find_copies(block, vectors[start:], NEAR_CORRELATION):
            if pair.first < pair.second:
                yield CopyPair(
                    pair.first + start, pair.second + start, pair.similarity, pair.transform
                )
        count(min(start + _BLOCK, len(vectors)))


def _end_if_told(control: Control) -> None:
    if control.stop_wanted():
        raise Cancelled("The check was stopped. Nothing was kept.")


def _pair(facts: list[_Fact], pair: CopyPair) -> Pair:
    first, second = facts[pair.first], facts[pair.second]
    if first.sha256 == second.sha256:
        kind = "identical"
    else:
        kind = "copy" if pair.similarity >= COPY_CORRELATION else "near"
    return Pair(first.scan, second.scan, kind, pair.transform, min(1.0, pair.similarity))


def _crosses(pair: Pair) -> bool:
    return {pair.first.split, pair.second.split} == {"train", "test"}


def _test_first(pair: Pair) -> Pair:
    if pair.first.split == "test":
        return pair
    return Pair(pair.second, pair.first, pair.kind, _inverse(pair.transform), pair.similarity)


def _inverse(transform: str) -> str:
    """Name what undoes a transform: quarter turns go back, a mirror image is its own inverse."""
    back = {"quarter turn": "three-quarter turn", "three-quarter turn": "quarter turn"}
    return back.get(transform, transform)


def _counts(scans: list[LabelledScan]) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for scan in scans:
        by_class = counts.setdefault(scan.split, {})
        by_class[scan.label] = by_class.get(scan.label, 0) + 1
    return counts


def _shared_patients(scans: list[LabelledScan]) -> int:
    patients = group_linked(same_patient(scans), len(scans)).tolist()
    splits: dict[int, set[str]] = {}
    for scan, patient in zip(scans, patients, strict=True):
        splits.setdefault(patient, set()).add(scan.split)
    return sum(len(of) > 1 for of in splits.values())


def _repeats(pairs: list[Pair]) -> dict[str, int]:
    repeated: dict[str, set[str]] = {}
    for pair in pairs:
        one, other = pair.first, pair.second
        if pair.kind != "near" and (one.label, one.split) == (other.label, other.split):
            repeated.setdefault(one.label, set()).update({str(one.path), str(other.path)})
    return {label: len(paths) for label, paths in sorted(repeated.items())}


def _pair_json(pair: Pair, first: str, second: str) -> dict[str, Any]:
    return {
        first: str(pair.first.path),
        second: str(pair.second.path),
        "kind": pair.kind,
        "transform": pair.transform,
        "similarity": round(pair.similarity, 4),
    }
