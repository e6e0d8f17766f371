"""Recalibration of a model's probabilities on labelled scans; its verdicts do not change."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from btgui.engine.counting import counted
from btgui.engine.models.card import id_of
from btgui.engine.models.pack import MODEL_FILE, ModelPack, write_pack
from btgui.engine.softmax import softmax
from training.calibration import logits_of
from training.evaluating.evaluation import Readings
from training.event_output import Reporter
from training.fitting.validation import validation_temperature
from training.scans.scan_record import CALIBRATION_FILE, note_calibration

_LONGEST_KIND = 60


def recalibrate(
    pack: ModelPack, readings: Readings, data: str, output: Path, say: Reporter
) -> ModelPack:
    """Write a copy of a pack with the temperature fitted to the readings (Guo et al. 2017).

    Each collection of scans has the same weight, and few uninformative scans leave the temperature
    near its former value. The most likely class never changes, so the test results on the card
    stay, except for their calibration errors, which belong to the former temperature. A file beside
    the card records the scans used, as digests of their contents.

    Parameters
    ----------
    readings
        Readings of scans that were not used to train the model and will not test the new one.
    data
        Description of these scans for the card.

    Raises
    ------
    ModelPackError
        The folder exists already or cannot be written, or a record in the pack is damaged.
    """
    card = pack.card
    logits = logits_of(readings.probabilities, card.temperature)
    temperature = validation_temperature(
        logits, readings.labels, readings.scans, expected=card.temperature
    )
    before = _too_sure(readings.probabilities, readings.labels)
    now = _too_sure(softmax(logits, temperature), readings.labels)
    say(
        f"Temperature {card.temperature:.3f} before, {temperature:.3f} now. "
        f"Mean confidence minus accuracy on {counted(len(readings.labels), 'scan')}: "
        f"{100 * before:+.1f} points before, {100 * now:+.1f} now (above 0: overconfident)."
    )
    new = replace(
        card,
        id=id_of(card.id[:_LONGEST_KIND].rstrip("-._"), output.name),
        temperature=temperature,
        results=tuple(replace(old, expected_calibration_error=None) for old in card.results),
        training=card.training
        | {"calibrated_on": {"data": data, "scans": len(readings.labels), "from": card.id}},
    )
    kept = [name for name in card.files if name not in {MODEL_FILE, CALIBRATION_FILE}]
    with tempfile.TemporaryDirectory() as folder:
        noted = note_calibration(pack, readings.scans, Path(folder))
        others = (*(pack.folder / name for name in kept), noted)
        return write_pack(output, new, pack.model_file, others)


def _too_sure(probabilities: NDArray[np.floating], labels: NDArray[np.int64]) -> float:
    """Return the mean confidence minus the accuracy, -1 to 1."""
    right = probabilities.argmax(axis=1) == labels
    return float(probabilities.max(axis=1).mean() - right.mean())
