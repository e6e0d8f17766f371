"""Scans that trained the model which a run goes on from: they may neither choose nor test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from btgui.engine.counting import counted
from btgui.engine.datasets.dataset import LabelledScan
from btgui.engine.training_request import TrainingRequest
from training.scans.scan_record import among, start_of, trained_by


@dataclass(frozen=True)
class Former:
    """What is known of the model that a run goes on from.

    Attributes
    ----------
    trained
        The files among the run's scans that trained the model. They have to stay in training; those that
        a data set gives to the test or to validation have no part in an honest run, and are
        not among these in another.
    digests
        The SHA-256 of all scans that trained it, of whatever data set.
    """

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
        return Former()
    digests = trained_by(start)
    if digests is None:
        say(
            f"Which scans trained {start.card.name} is not recorded: where they are among those "
            f"that choose or test here, the figures are too good."
        )
        return Former()
    known = among(scans, digests)
    given = known & [scan.split in {"test", "validation"} for scan in scans]
    if count := int(given.sum()):
        kept = request.protocol != "honest"
        those = f"{counted(count, 'scan')} that the data set gives to the test or to validation"
        say(
            f"{start.card.name} was trained on {those}: figures on such scans are too good."
            if kept
            else f"Left out: {those}, but that trained {start.card.name}."
        )
        if kept:
            known &= ~given
    trained = frozenset(scan.path for scan, is_known in zip(scans, known, strict=True) if is_known)
    if staying := int((known & ~given).sum()):
        say(f"Kept in training: {counted(staying, 'scan')} that trained {start.card.name}.")
    return Former(trained, digests)
