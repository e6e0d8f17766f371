import numpy as np
import pytest

from btgui.engine.softmax import softmax
from training.calibration import (
    BINS,
    calibration_error_by_chance,
    calibration_gap,
    confidence_bins,
    fit_class_biases,
    fit_temperature,
    logits_of,
    negative_log_likelihood,
)


def test_the_fitted_temperature_undoes_a_known_overconfidence():
    generator = np.random.default_rng(0)
    logits = generator.normal(0, 1.5, (20_000, 4))
    cumulative = softmax(logits).cumsum(axis=1)
    labels = (generator.random((20_000, 1)) > cumulative).sum(axis=1)
    assert fit_temperature(logits * 3, labels) == pytest.approx(3, rel=0.05)


def test_logits_of_probabilities_give_these_again_at_their_temperature():
    probabilities = np.array([[0.7, 0.2, 0.1], [0.01, 0.01, 0.98]])
    assert softmax(logits_of(probabilities, 1.8), 1.8) == pytest.approx(probabilities)


def test_scans_that_weigh_nothing_have_no_part_in_the_temperature():
    sure_and_wrong = np.array([[9.0, 0.0]] * 50)
    generator = np.random.default_rng(0)
    logits = generator.normal(0, 1.5, (5_000, 2))
    labels = (generator.random((5_000, 1)) > softmax(logits).cumsum(axis=1)).sum(axis=1)
    both = np.concatenate([logits, sure_and_wrong]), np.concatenate([labels, [1] * 50])
    weights = np.array([1.0] * 5_000 + [0.0] * 50)
    assert fit_temperature(*both, weights) == pytest.approx(fit_temperature(logits, labels))
    assert fit_temperature(*both) > fit_temperature(*both, weights) + 0.05


def all_right(margin, count):
    """Logits of two classes, all correct by a margin, and their labels."""
    return np.array([[margin, 0.0]] * count), np.zeros(count, np.int64)


def test_scans_that_are_all_right_leave_a_temperature_by_hand():
    # Where n (m/T) / (1 + exp(m/T)) = -ln T the loss is least; with m/T = ln 3 and n = 4 the
    # left side is ln 3, so T = 1/3 and m = ln 3 / 3.
    four = all_right(np.log(3) / 3, 4)
    assert fit_temperature(*four) == pytest.approx(1 / 3, rel=1e-3)
    # Scans of weight 0 add no information.
    eight = all_right(np.log(3) / 3, 8)
    half = np.array([1.0] * 4 + [0.0] * 4)
    assert fit_temperature(*eight, half) == pytest.approx(1 / 3, rel=1e-3)
    # All logits twice as large around twice the expected temperature: twice the temperature.
    assert fit_temperature(four[0] * 2, four[1], expected=2.0) == pytest.approx(2 / 3, rel=1e-3)


def test_a_few_easy_scans_do_not_make_every_verdict_certain():
    logits = np.zeros((40, 4))
    logits[:, 0] = 8.0
    temperature = fit_temperature(logits, np.zeros(40, np.int64))
    assert 0.5 < temperature < 1
    unclear = softmax(np.array([[0.6, 0.4, 0.0, 0.0]]), temperature)
    assert unclear.max() < 0.45  # 34 % at a temperature of 1; 98 % where the lower bound is met


def test_hundreds_of_scans_with_errors_outweigh_what_was_believed_before():
    generator = np.random.default_rng(0)
    logits = generator.normal(0, 8, (800, 4))
    labels = (generator.random((800, 1)) > softmax(logits).cumsum(axis=1)).sum(axis=1)
    assert 0.03 < (logits.argmax(axis=1) != labels).mean() < 0.1
    logits *= 1.6
    grid = np.geomspace(0.8, 3, 3_000)
    losses = [negative_log_likelihood(softmax(logits, t), labels) for t in grid]
    by_likelihood = grid[int(np.argmin(losses))]
    assert fit_temperature(logits, labels) == pytest.approx(by_likelihood, rel=0.01)


def calibrated_scans(count):
    """Calibrated logits, and labels."""
    generator = np.random.default_rng(0)
    logits = generator.normal(0, 1.5, (count, 4))
    return logits, (generator.random((count, 1)) > softmax(logits).cumsum(axis=1)).sum(axis=1)


def test_biases_undo_a_known_shift_of_the_classes():
    logits, labels = calibrated_scans(20_000)
    shift = np.array([1.0, -0.5, 0.0, -0.5])
    sharpness = 2  # the network says twice what it means, beside the shift
    found = fit_class_biases(sharpness * logits - shift, labels)
    assert found == pytest.approx(shift, abs=0.1)


def test_biases_of_a_few_scans_by_hand():
    # Two classes, logits of 0, and all that counts, 5 scans, is of the first: its bias b and -b of
    # the other make log(1 + exp(-2 b)) + 2 b^2 / (2 * 5) least, where the slope is 0.
    labels = np.array([0] * 5 + [1])
    weights = np.array([2.0] * 5 + [0.0])
    logits = np.zeros((6, 2))
    found = fit_class_biases(logits, labels, weights)
    bias = found[0]
    assert found[1] == pytest.approx(-bias, abs=1e-3)
    assert 2 / (1 + np.exp(2 * bias)) == pytest.approx(2 * bias / 5, rel=1e-2)


def test_a_class_without_scans_is_said_as_often_as_before():
    logits, labels = calibrated_scans(5_000)
    there = labels != 2
    found = fit_class_biases(logits[there], labels[there])
    assert found == pytest.approx(np.zeros(4), abs=0.15)
    before, after = ((values.argmax(axis=1) == 2).mean() for values in (logits, logits + found))
    assert after == pytest.approx(before, abs=0.02)


def test_a_source_of_one_class_says_nothing_of_how_often_it_is_meant():
    logits, labels = calibrated_scans(5_000)
    candidates = np.ones(logits.shape, bool)
    # As many scans again of one class alone, as a collection of healthy scans has them.
    alone = labels == 2
    both = np.concatenate([logits, *[logits[alone]] * 4])
    all_labels = np.concatenate([labels, *[labels[alone]] * 4])
    only = np.tile(np.arange(4) == 2, (len(all_labels) - len(labels), 1))
    found = fit_class_biases(both, all_labels, candidates=np.concatenate([candidates, only]))
    assert found == pytest.approx(np.zeros(4), abs=0.15)
    assert fit_class_biases(both, all_labels)[2] > 0.7  # the mixture would say: oftener


def test_calibration_error_by_hand():
    # Bin 0.9: two scans, one right: gap 0.4. Bin 0.6: two scans, both right: gap 0.4.
    confidence = np.array([0.9, 0.9, 0.6, 0.6])
    right = np.array([True, False, True, True])
    assert calibration_gap(confidence, right) == pytest.approx(0.4)
    assert calibration_gap(np.array([1.0]), np.array([True])) == 0


def test_bins_are_open_to_the_left():
    edge = 1 / BINS
    assert confidence_bins(np.array([edge, edge + 1e-9, 1.0])).tolist() == [0, 1, BINS - 1]


def test_few_scans_of_a_perfect_model_have_a_calibration_error_by_chance():
    # One scan at 0.7: right seven times of ten (a gap of 0.3), else wrong (a gap of 0.7).
    assert calibration_error_by_chance(np.array([0.7])) == pytest.approx(
        0.7 * 0.3 + 0.3 * 0.7, abs=0.03
    )
    few = calibration_error_by_chance(np.full(20, 0.8))
    many = calibration_error_by_chance(np.full(20_000, 0.8))
    # The mean distance of a mean of 20 from its expectation is 0.8 of its standard deviation.
    assert few == pytest.approx(0.8 * 0.4 / np.sqrt(20), rel=0.1)
    assert many < 0.01
    assert calibration_error_by_chance(np.full(20, 0.8)) == few
    assert calibration_error_by_chance(np.array([1.0, 1.0])) == 0
