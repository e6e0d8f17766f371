"""Scans that trained the model which a run goes on from: they may neither choose nor test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from btgui.engine.dataset import LabelledScan
from btgui.engine.training_request import TrainingRequest
from training.scan_record import among, start_of, trained_by


@dataclass(frozen=True)
class Former:
    """A run's scans, with what is known of the model that it goes on from.

    Attributes
    ----------
    scans
        Those that may have a part in the run.
    trained
        The files among them that trained the model: they have to stay in training.
    digests
        The SHA-256 of all scans that trained it, of whatever data set.
    """

    scans: list[LabelledScan]
    trained: frozenset[Path] = frozenset()
    digests: frozenset[str] = field(default_factory=frozenset)


def former_scans(
    request: TrainingRequest, scans: list[LabelledScan], say: Callable[[str], None]
) -> Former:
    """Look up which of the gathered scans trained the model that a run goes on from.

    Under the honest protocol, those that a data set gives to the test or to validation are
    left out, and it is said. So is that a model does not tell what trained it.

    Raises
    ------
    ModelPackError
        The model, or its record, cannot be read.
    """
    start = start_of(request.weights)
    if start is None:
        return Former(scans)
    digests = trained_by(start)
    if digests is None:
        say(
            f"Which scans trained {start.card.name} is not recorded: where they are among those "
            f"that choose or test here, the figures are too good."
        )
        return Former(scans)
    known = among(scans, digests)
    given = known & [scan.split in {"test", "validation"} for scan in scans]
    if count := int(given.sum()):
        kept = request.protocol != "honest"
        say(
            f"{count:,} scans that the data set gives to the test or to validation trained "
            f"{start.card.name}"
            + (": figures on them are too good." if kept else ", and are left out.")
        )
        known &= ~given
        if not kept:
            scans = [scan for scan, out in zip(scans, given, strict=True) if not out]
            known = known[~given]
    trained = frozenset(scan.path for scan, is_known in zip(scans, known, strict=True) if is_known)
    if trained:
        say(f"{len(trained):,} scans trained {start.card.name} and stay in training.")
    return Former(scans, trained, digests)
