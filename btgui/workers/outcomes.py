"""The outcomes of reading many files, as rows of the results table."""

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
    """The end of reading files: the numbers of files read and failed, and whether it was stopped.

    ``number`` is the request's, because a reading may end after a newer one was requested.
    If the reading could not begin, ``problem`` says why and what to do.
    """

    read: int
    failed: int
    stopped: bool
    number: int
    problem: str = ""


def result_rows(
    card: ModelCard, batch: Sequence[tuple[Path, Outcome]]
) -> list[tuple[ResultRow, int]]:
    """Return each file's row with its class index; the index is -1 if the file could not be read."""
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
