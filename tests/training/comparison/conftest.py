"""Comparisons with given verdicts: counting, testing and drawing need no network."""

from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
import pytest

from btgui.engine.datasets.dataset import LabelledScan
from btgui.engine.models.pack import ModelPack
from tests.conftest import CLASSES, card_for
from training.comparison.contenders import Contender
from training.comparison.findings import Findings, find
from training.comparison.measuring import Comparison, Measured
from training.evaluating.evaluation import Readings, measure
from training.evaluating.patients import patients_of
from training.tested_scans import Tested
from training.timing import PredictionTimes


@pytest.fixture
def contender():
    """Return a function that makes a contender; ``training`` and further values go into its card."""

    def make(mark="A", *, protocol="honest", data=("made",), **changes) -> Contender:
        training = {"request": {"protocol": protocol, "datasets": list(data)}}
        facts = {"id": f"model-{mark.lower()}", "name": f"Model {mark}", "training": training}
        card = card_for(**facts | changes)
        return Contender(mark, card.name, ModelPack(Path(card.id), card))

    return make


@pytest.fixture
def comparison(contender, tmp_path):
    """Return a function that makes a comparison from the models' verdicts and the true classes."""

    def make(
        true, *said, contenders=None, leaked=None, whole=None, patients=None, **changes
    ) -> Comparison:
        labels = np.array(true)
        scans = []
        for index, label in enumerate(true):
            file = tmp_path / f"{index:02d}.png"
            cv2.imwrite(str(file), np.full((32, 32), 7 * index % 256, np.uint8))
            patient = patients[index] if patients else ""
            scans.append(LabelledScan(file, CLASSES[label], "test", "made", patient))
        if contenders is None:
            contenders = [contender("ABCDEF"[i]) for i in range(len(said))]
        leaked = None if leaked is None else np.array(leaked)
        whose = patients_of(scans)
        models = []
        for one, answers in zip(contenders, said, strict=True):
            probabilities = np.eye(len(CLASSES))[answers] * 0.6 + 0.1
            result = measure(
                Readings(scans, probabilities, labels, []),
                CLASSES,
                protocol=one.protocol,
                data="made",
                patients=whose.numbers,
                leaked=leaked,
            )
            times = PredictionTimes(10, 1.0, 2.0, 2.0, 3.0, 4.0)
            models.append(Measured(one, probabilities, result, times, np.array(answers) == labels))
        data = changes.pop("data", ("made",))
        fields = {
            "tested": Tested(data, scans, [], (whole,) if whole else (), frozenset(data)),
            "classes": CLASSES,
            "display_names": ("Glioma", "Meningioma", "No tumour", "Pituitary tumour"),
            "scans": scans,
            "labels": labels,
            "patients": whose,
            "unreadable": [],
            "leaked": leaked,
            "device": "A processor",
            "models": models,
        }
        return Comparison(**fields | changes)

    return make


@pytest.fixture
def findings(comparison):
    """Return a function that makes a comparison with all its findings."""

    def make(*arguments, **options) -> Findings:
        made = find(comparison(*arguments, **options))
        return Findings(**vars(made) | {"created": datetime(2026, 1, 2, tzinfo=UTC)})

    return make
