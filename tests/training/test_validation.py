from pathlib import Path

import numpy as np
import pytest

from btgui.engine.dataset import LabelledScan
from training.calibration import fit_temperature, softmax
from training.validation import validation_temperature


def scans_of(source, count, label="glioma"):
    return [LabelledScan(Path(f"{index}.png"), label, "", source) for index in range(count)]


def drawn(count, sharpness, seed):
    """Logits that are too sure by a factor, and labels."""
    generator = np.random.default_rng(seed)
    logits = generator.normal(0, 1.5, (count, 3))
    labels = (generator.random((count, 1)) > softmax(logits).cumsum(axis=1)).sum(axis=1)
    return logits * sharpness, labels


def test_a_small_collection_counts_as_much_as_a_large_one_and_its_folders_as_one():
    large, small = drawn(4_000, 1, 0), drawn(400, 3, 1)
    logits, labels = (np.concatenate(parts) for parts in zip(large, small, strict=True))
    scans = [
        *scans_of("hospital", 4_000),
        *scans_of("collection/a", 100),
        *scans_of("collection/b", 300),
    ]
    found = validation_temperature(logits, labels, scans)
    # As if the small one were there ten times over, but for what is believed before any scan.
    tenfold = np.concatenate([large[0], *[small[0]] * 10])
    labels_tenfold = np.concatenate([large[1], *[small[1]] * 10])
    assert found == pytest.approx(fit_temperature(tenfold, labels_tenfold), rel=5e-3)
    assert found > fit_temperature(logits, labels) * 1.2


def test_scans_of_unknown_class_are_passed_over():
    logits, labels = drawn(50, 2, 0)
    known, others = scans_of("a", 50), scans_of("b", 5, "glioma|meningioma")
    assert validation_temperature(logits, labels, [*others, *known]) == pytest.approx(
        fit_temperature(logits, labels)
    )
