"""What a run's log says of each epoch, as its model's card keeps it."""

from __future__ import annotations

import csv
from pathlib import Path

# Column of the log to the name that the card gives it.
_COLUMNS = {
    "logits_loss": "loss",
    "logits_accuracy": "accuracy",
    "val_logits_loss": "validation_loss",
    "val_logits_accuracy": "validation_accuracy",
}


def read_history(log: Path) -> dict[str, list[float]]:
    """Return one list a figure, one value an epoch; empty lists where nothing was logged.

    An epoch that was logged twice, because a run was killed between its log and its
    checkpoint, counts once, as it was the last time.
    """
    epochs: dict[int, dict[str, str]] = {}
    if log.is_file():
        with log.open(newline="", encoding="utf-8") as stream:
            for row in csv.DictReader(stream):
                epochs[int(row["epoch"])] = row
    ordered = [epochs[number] for number in sorted(epochs)]
    return {
        name: [round(float(row[column]), 5) for row in ordered] for column, name in _COLUMNS.items()
    }
