"""What came of many pictures, as the table of a folder wants it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from btgui.engine.exports.folder_table import ResultRow
from btgui.engine.models.card import ModelCard
from btgui.engine.results import Reading
from btgui.workers.batch_reader import Outcome


@dataclass(frozen=True)
class FolderReading:
    """A reading's end: how many were read, how many failed, whether it was stopped, and which.

    The number is the request's: a reading may end after a newer one was asked for. Where it
    could not begin, ``problem`` says why and what to do.
    """

    read: int
    failed: int
    stopped: bool
    number: int
    problem: str = ""


def result_rows(
    card: ModelCard, batch: Sequence[tuple[Path, Outcome]]
) -> list[tuple[ResultRow, int]]:
    """Return each file's row with its class index, the index -1 where it could not be read."""
    rows = []
    for path, outcome in batch:
        if isinstance(outcome, Reading):
            prediction = outcome.prediction
            probabilities = dict(zip(card.classes, prediction.probabilities, strict=True))
            row = ResultRow(path, prediction.verdict, probabilities, card.id, remark=outcome.doubt)
            rows.append((row, prediction.verdict_index))
        else:
            rows.append((ResultRow(path, "", {}, card.id, str(outcome)), -1))
    return rows
