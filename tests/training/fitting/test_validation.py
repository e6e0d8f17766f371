from pathlib import Path

import numpy as np
import pytest

from btgui.engine.datasets.dataset import LabelledScan
from btgui.engine.softmax import softmax
from training.calibration import fit_temperature
from training.fitting.validation import calibrate, classes_of_collections, validation_temperature


def scans_of(source, count, label="glioma"):
    return [LabelledScan(Path(f"{index}.png"), label, "", source) for index in range(count)]


def drawn(count, sharpness, seed):
    """Logits that are overconfident by a factor, and labels."""
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


def test_one_odd_scan_of_its_own_collection_does_not_decide():
    logits, labels = drawn(1_000, 3, 0)
    odd, scans = np.array([[10.0, 0.0, 0.0]]), scans_of("hospital", 1_000)
    expected = fit_temperature(logits, labels)
    assert expected == pytest.approx(3, rel=0.1)
    for label in (0, 1):
        found = validation_temperature(
            np.concatenate([logits, odd]),
            np.append(labels, label),
            [*scans, *scans_of("elsewhere", 1)],
        )
        assert found == pytest.approx(expected, rel=0.1)


def test_scans_of_unknown_class_are_passed_over():
    logits, labels = drawn(50, 2, 0)
    known, others = scans_of("a", 50), scans_of("b", 5, "glioma|meningioma")
    assert validation_temperature(logits, labels, [*others, *known]) == pytest.approx(
        fit_temperature(logits, labels)
    )


@pytest.fixture
def network():
    """A network whose inputs are its logits."""
    import keras

    inputs = keras.Input((3,))
    network = keras.Model(inputs, keras.layers.Dense(3, name="logits")(inputs))
    network.set_weights([np.eye(3, dtype=np.float32), np.float32([0.5, 0.0, 0.0])])
    return network


def test_without_correction_the_network_stays(network):
    logits, labels = drawn(200, 2, 0)
    calibrated = calibrate(network, logits, labels, scans_of("a", 200), bias_correction=False)
    assert calibrated.biases == ()
    assert calibrated.accuracy == (logits.argmax(axis=1) == labels).mean()
    assert calibrated.temperature == validation_temperature(logits, labels, scans_of("a", 200))
    assert network.get_weights()[1].tolist() == [0.5, 0.0, 0.0]


def test_biases_lie_in_the_weights_and_count_in_what_is_told(network):
    logits, labels = drawn(2_000, 1, 0)
    skewed = logits + np.array([2.0, 0.0, 0.0])
    scans = scans_of("a", 2_000)
    calibrated = calibrate(network, skewed, labels, scans, bias_correction=True)
    first, second, third = calibrated.biases
    assert first - (second + third) / 2 == pytest.approx(-2, abs=0.3)
    assert network.get_weights()[1] == pytest.approx(np.array([0.5 + first, second, third]))
    corrected = skewed + calibrated.biases
    assert calibrated.accuracy == (corrected.argmax(axis=1) == labels).mean()
    assert calibrated.accuracy > (skewed.argmax(axis=1) == labels).mean() + 0.05
    assert calibrated.temperature == validation_temperature(corrected, labels, scans)


def test_a_collection_of_one_class_does_not_make_it_more_likely_elsewhere(network):
    logits, labels = drawn(2_000, 1, 0)
    alone = calibrate(network, logits, labels, scans_of("a", 2_000), bias_correction=True)
    healthy = logits[labels == 2][:300]
    beside = calibrate(
        network,
        np.concatenate([logits, healthy - [0, 0, 1]]),  # which look less like it than they are
        np.append(labels, np.full(len(healthy), 2)),
        [*scans_of("a", 2_000), *scans_of("healthy", len(healthy))],
        bias_correction=True,
    )
    assert beside.biases == pytest.approx(alone.biases, abs=0.05)


def test_collections_have_a_say_about_the_classes_that_they_have():
    scans = [*scans_of("study/a", 2), *scans_of("any", 1, "a|b"), *scans_of("healthy", 2)]
    found = classes_of_collections(scans, np.array([0, 2, 1, 1]), 3)
    assert found.tolist() == [[True, False, True]] * 2 + [[False, True, False]] * 2
