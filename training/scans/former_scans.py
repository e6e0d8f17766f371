"""Training scans of the model that a run fine-tunes, which must not validate or test the new model."""

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
    """The training scans of the model that a run fine-tunes, as far as recorded.

    Attributes
    ----------
    trained
        Files among the run's scans that the model was trained on, which must stay in training. Those
        that a data set names for the test or validation are left out of an honest run; in other runs
        they are not listed here.
    digests
        SHA-256 of all scans that the model was trained on, of any data set.
    """

    trained: frozenset[Path] = frozenset()
    digests: frozenset[str] = field(default_factory=frozenset)


def former_scans(
    request: TrainingRequest, scans: list[LabelledScan], say: Callable[[str], None]
) -> Former:
    """Look up which of the gathered scans the model to fine-tune was trained on.

    Under the honest protocol, those among the data sets' test and validation scans are left out, which
    is reported. A model that does not record its training scans is reported too.

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
            f"Which scans {start.card.name} was trained on is not recorded: if some of them are "
            f"validation or test scans here, the figures are too optimistic."
        )
        return Former()
    known = among(scans, digests)
    given = known & [scan.split in {"test", "validation"} for scan in scans]
    if count := int(given.sum()):
        kept = request.protocol != "honest"
        those = f"{counted(count, 'test or validation scan')} of the data set"
        say(
            f"{start.card.name} was trained on {those}: figures on such scans are too optimistic."
            if kept
            else f"Left out: {those} that {start.card.name} was trained on."
        )
        if kept:
            known &= ~given
    trained = frozenset(scan.path for scan, is_known in zip(scans, known, strict=True) if is_known)
    if staying := int((known & ~given).sum()):
        say(f"Kept in training: {counted(staying, 'scan')} that {start.card.name} was trained on.")
    return Former(trained, digests)
