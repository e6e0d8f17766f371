import numpy as np
import pytest

from training.evaluating.figures import (
    Estimate,
    bootstrap,
    class_figures,
    proportion,
    summary_figures,
    tumour_figures,
)

CLASSES = ("glioma", "notumor")
LABELS = np.array([0, 0, 0, 1, 1, 1])
P = np.array([[0.9, 0.1], [0.7, 0.3], [0.4, 0.6], [0.2, 0.8], [0.6, 0.4], [0.1, 0.9]])


def test_a_class_s_figures_are_those_counted_by_hand():
    figures = class_figures(LABELS, P, CLASSES)["glioma"]
    # Said glioma: scans 0, 1 and 4; is glioma: 0, 1 and 2.
    assert figures["recall"].value == pytest.approx(2 / 3)
    assert figures["specificity"].value == pytest.approx(2 / 3)
    assert figures["precision"].value == pytest.approx(2 / 3)
    assert figures["f1"].value == pytest.approx(2 / 3)
    # Of nine pairs of a glioma and another, eight have the glioma ahead.
    assert figures["auc"].value == pytest.approx(8 / 9)


def test_areas_and_weighted_f1_are_scikit_learn_s():
    from sklearn.metrics import f1_score, roc_auc_score

    generator = np.random.default_rng(3)
    labels = generator.integers(0, 3, 120)
    p = generator.dirichlet([1, 1, 1], 120).round(2)  # with ties
    p[np.arange(120), labels] += 0.3
    p /= p.sum(axis=1, keepdims=True)
    summary = summary_figures(labels, p)
    assert summary["mean_auc"].value == pytest.approx(
        roc_auc_score(labels, p, multi_class="ovr", average="macro")
    )
    assert summary["weighted_f1"].value == pytest.approx(
        f1_score(labels, p.argmax(axis=1), average="weighted")
    )
    for one in summary.values():
        assert one.low < one.value < one.high


def test_a_bootstrap_s_interval_is_about_that_of_the_normal_approximation():
    values = np.random.default_rng(0).normal(size=400)
    found = bootstrap(400, lambda chosen: float(values[chosen].mean()), seed=1)
    half = 1.96 * values.std() / 20
    assert found.value == pytest.approx(values.mean())
    assert (found.low, found.high) == pytest.approx(
        (found.value - half, found.value + half), abs=0.02
    )


def test_tumour_or_none_is_counted_over_all_kinds_of_tumour():
    classes = ("glioma", "notumor", "pituitary")
    labels = np.array([0, 2, 2, 1, 1])
    p = np.array(
        [[0.1, 0.1, 0.8], [0.2, 0.1, 0.7], [0.1, 0.8, 0.1], [0.1, 0.8, 0.1], [0.5, 0.4, 0.1]]
    )
    figures = tumour_figures(labels, p, classes)
    assert figures["sensitivity"].value == pytest.approx(2 / 3)  # a tumour of another kind counts
    assert figures["specificity"].value == 0.5
    assert figures["sensitivity_at_95"].value == pytest.approx(2 / 3)


def test_without_healthy_scans_nothing_is_said_of_tumour_or_none():
    assert tumour_figures(np.array([0, 0]), np.ones((2, 2)) / 2, CLASSES) == {}
    assert tumour_figures(LABELS, P, ("a", "b")) == {}


def test_a_share_of_nothing_is_not_defined():
    found = proportion(np.array([], bool))
    assert np.isnan(found.value)
    assert (found.low, found.high) == (0, 1)
    assert proportion(np.array([True, True])) == Estimate(1.0, pytest.approx(0.342, abs=1e-3), 1.0)
