import numpy as np
import pytest

from training.calibration import expected_calibration_error, fit_temperature, softmax


def test_softmax_with_temperature_by_hand():
    assert softmax(np.array([[0.0, np.log(3)]])) == pytest.approx(np.array([[0.25, 0.75]]))
    assert softmax(np.array([[0.0, 2 * np.log(3)]]), 2.0) == pytest.approx(np.array([[0.25, 0.75]]))


def test_the_fitted_temperature_undoes_a_known_overconfidence():
    generator = np.random.default_rng(0)
    logits = generator.normal(0, 1.5, (20_000, 4))
    cumulative = softmax(logits).cumsum(axis=1)
    labels = (generator.random((20_000, 1)) > cumulative).sum(axis=1)
    assert fit_temperature(logits * 3, labels) == pytest.approx(3, rel=0.05)


def test_calibration_error_by_hand():
    # Bin 0.9: two scans, one right: gap 0.4. Bin 0.6: two scans, both right: gap 0.4.
    probabilities = np.array([[0.9, 0.1], [0.9, 0.1], [0.6, 0.4], [0.6, 0.4]])
    labels = np.array([0, 1, 0, 0])
    assert expected_calibration_error(probabilities, labels) == pytest.approx(0.4)
    assert expected_calibration_error(np.array([[1.0, 0.0]]), np.array([0])) == 0
