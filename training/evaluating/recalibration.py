"""A model's probabilities fitted anew to labelled scans; its verdicts stay as they are."""

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
    """Write a copy of a pack with the temperature that suits the readings (Guo et al. 2017).

    Each collection of scans counts alike, and few scans that tell little leave the temperature
    near the former. Which class is likeliest never changes, so the tests that the card records
    stay; their calibration errors are of the former temperature and are left out. Beside the card
    lies which scans it was fitted to, as digests of their contents.

    Parameters
    ----------
    readings
        Of scans that did not train the model, and are not to test the new one.
    data
        What they are, in words, for the card.

    Raises
    ------
    ModelPackError
        The folder exists already or cannot be written, or what the pack notes is spoilt.
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
        f"Mean confidence less accuracy on {counted(len(readings.labels), 'scan')}: "
        f"{100 * before:+.1f} points before, {100 * now:+.1f} now (above 0: too sure)."
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
    """Return mean confidence less accuracy, -1 to 1."""
    right = probabilities.argmax(axis=1) == labels
    return float(probabilities.max(axis=1).mean() - right.mean())
