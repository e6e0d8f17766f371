import numpy as np
import pytest

from training.evaluating.evaluation import wilson_interval
from training.evaluating.figures import (
    Estimate,
    bootstrap,
    calibration_figure,
    class_figures,
    proportion,
    summary_figures,
    tumour_figures,
    weighted_figures,
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
    from sklearn.metrics import f1_score, precision_score, recall_score, roc_auc_score

    generator = np.random.default_rng(3)
    labels = generator.integers(0, 3, 120)
    p = generator.dirichlet([1, 1, 1], 120).round(2)  # with ties
    p[np.arange(120), labels] += 0.3
    p /= p.sum(axis=1, keepdims=True)
    areas = [one["auc"] for one in class_figures(labels, p, ("a", "b", "c")).values()]
    summary = summary_figures(labels, p, areas)
    assert summary["mean_auc"].value == pytest.approx(
        roc_auc_score(labels, p, multi_class="ovr", average="macro")
    )
    said = p.argmax(axis=1)
    assert summary["weighted_f1"].value == pytest.approx(f1_score(labels, said, average="weighted"))
    assert summary["weighted_precision"].value == pytest.approx(
        precision_score(labels, said, average="weighted")
    )
    assert summary["weighted_recall"].value == pytest.approx(
        recall_score(labels, said, average="weighted")
    )
    specificities = [recall_score(labels != i, said != i) for i in range(3)]
    assert summary["weighted_specificity"].value == pytest.approx(
        np.average(specificities, weights=np.bincount(labels))
    )
    for one in summary.values():
        assert one.low < one.value < one.high


def test_a_bootstrap_s_interval_is_about_that_of_the_normal_approximation():
    values = np.random.default_rng(0).normal(size=400)
    found = bootstrap(400, lambda chosen: float(values[chosen].mean()))
    half = 1.96 * values.std() / 20
    assert found.value == pytest.approx(values.mean())
    assert (found.low, found.high) == pytest.approx(
        (found.value - half, found.value + half), abs=0.02
    )


def test_tumour_or_none_is_counted_over_all_kinds_of_tumour():
    labels = np.array([0, 2, 2, 1, 1])
    p = np.array(
        [[0.1, 0.1, 0.8], [0.2, 0.1, 0.7], [0.1, 0.8, 0.1], [0.1, 0.8, 0.1], [0.5, 0.4, 0.1]]
    )
    figures = tumour_figures(labels, p, 1)
    assert figures["sensitivity"].value == pytest.approx(2 / 3)  # a tumour of another kind counts
    assert figures["specificity"].value == 0.5
    assert figures["sensitivity_at_95"].value == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("healthy", "above"),
    [
        pytest.param(20, 1, id="a twentieth is above"),
        pytest.param(19, 0, id="one would be more than a twentieth"),
        pytest.param(102, 5, id="six would be"),
    ],
)
def test_the_specificity_is_at_least_what_is_said(healthy, above):
    # A tumour beside each healthy scan: the share found tells how many of these are above.
    scores = np.tile(np.linspace(0.1, 0.9, healthy), 2)
    labels = np.repeat([1, 0], healthy)
    figures = tumour_figures(labels, np.stack([scores, 1 - scores], 1), 1)
    assert figures["sensitivity_at_95"].value == pytest.approx(above / healthy)


def test_patients_are_drawn_whole_for_the_interval_of_the_sensitivity_too():
    generator = np.random.default_rng(0)
    labels = np.repeat([1] * 30 + [0] * 30, 10)
    scores = np.repeat(generator.uniform(0, 1, 60) + np.repeat([0, 0.3], 30), 10) / 1.3
    p = np.stack([scores, 1 - scores], 1)
    alone = tumour_figures(labels, p, 1)["sensitivity_at_95"]
    together = tumour_figures(labels, p, 1, np.repeat(np.arange(60), 10))["sensitivity_at_95"]
    assert together.value == alone.value
    assert together.high - together.low > 1.5 * (alone.high - alone.low)


def test_healthy_scans_of_few_patients_do_not_tell_how_sure_the_sensitivity_is():
    # With few healthy scans, the threshold at 95 % is the highest score or nearly so, and uncertain.
    labels = np.repeat([0, 1], [20, 60])
    tumour = np.linspace(1, 0, 80)
    p = np.stack([tumour, 1 - tumour], axis=1)
    patients = np.concatenate([np.repeat(np.arange(10), 2), 10 + np.arange(60) // 2])
    assert np.isfinite(tumour_figures(labels, p, 1, patients)["sensitivity_at_95"].low)
    patients[-2:] = 10
    for chosen, of in ((np.arange(80), patients), (np.arange(49), None), (np.arange(21), None)):
        found = tumour_figures(labels[chosen], p[chosen], 1, of)["sensitivity_at_95"]
        assert found.value == 1
        assert np.isnan([found.low, found.high]).all()


def test_a_sensitivity_s_interval_knows_that_its_threshold_was_drawn_too():
    from scipy.stats import norm

    generator = np.random.default_rng(0)
    true = 1 - norm.cdf(norm.ppf(0.95), loc=2)
    labels = np.array([1] * 80 + [0] * 240)
    held = fixed = 0
    for _ in range(40):
        healthy = 1 / (1 + np.exp(generator.normal(np.where(labels == 1, 0, 2))))
        one = tumour_figures(labels, np.stack([1 - healthy, healthy], 1), 1)["sensitivity_at_95"]
        held += one.low <= true <= one.high
        low, high = wilson_interval(round(one.value * 240), 240)
        fixed += low <= true <= high
    assert held >= 33
    assert fixed < 30


def test_slices_of_one_patient_are_drawn_together():
    values = np.repeat(np.random.default_rng(0).normal(size=40), 10)

    def mean(chosen):
        return float(values[chosen].mean())

    alone = bootstrap(400, mean)
    together = bootstrap(400, mean, np.repeat(np.arange(40), 10))
    assert together.value == alone.value
    # Ten alike slices are as one: the interval is the square root of ten as wide.
    ratio = (together.high - together.low) / (alone.high - alone.low)
    assert ratio == pytest.approx(np.sqrt(10), rel=0.2)
    assert bootstrap(400, mean, np.arange(400)) == alone


def test_without_healthy_scans_only_the_tumours_found_are_told():
    found = tumour_figures(np.array([0, 0]), P[:2], 1)
    assert found["sensitivity"] == Estimate(1.0, *wilson_interval(2, 2))
    rest = [found[name].value for name in ("specificity", "sensitivity_at_95", "auc")]
    assert np.isnan(rest).all()
    assert tumour_figures(LABELS, P, None) == {}


def test_scans_that_are_all_surely_tumours_keep_their_order():
    # A tenth of the healthy scans are called tumours with a certainty that 1 - p would round to 1.
    labels = np.repeat([0, 1], 40)
    healthy = np.where(labels == 0, 1e-17, 1e-25)
    healthy[4:40] = 0.999
    found = tumour_figures(labels, np.stack([healthy, 1 - healthy], axis=1), 0)
    assert found["sensitivity_at_95"].value == 1.0
    assert found["auc"].value == 1.0


def test_no_missed_tumour_is_no_certainty():
    labels = np.repeat([0, 1], 30)
    p = np.where(labels[:, None] == [0, 1], 0.9, 0.1)
    p[0] = [0.15, 0.85]  # above the healthy ones, but for a threshold of 100 %
    one = tumour_figures(labels, p, 1)["sensitivity_at_95"]
    assert (one.value, one.high) == (1, 1)
    assert one.low <= wilson_interval(30, 30)[0]


def test_a_share_of_nothing_is_not_defined():
    found = proportion(np.array([], bool))
    assert np.isnan(found.value)
    assert (found.low, found.high) == (0, 1)
    assert proportion(np.array([True, True])) == Estimate(1.0, pytest.approx(0.342, abs=1e-3), 1.0)


def test_scans_of_one_class_have_no_weighted_specificity():
    found = weighted_figures(np.zeros(4, np.int64), np.array([0, 0, 0, 2]), 3)
    specificity = found["specificity"]
    assert np.isnan(specificity.value)
    assert (specificity.low, specificity.high) == (0.0, 1.0)
    assert found["recall"].value == 0.75


def test_f1_s_interval_holds_it_and_is_that_of_the_share_it_is_made_of():
    # 8 scans are of the class, 10 were called so, 7 are both: F1 is 14 / 18, the share 7 / 11.
    labels, said = np.array([0] * 8 + [1] * 9), np.array([0] * 7 + [1] + [0] * 3 + [1] * 6)
    one = class_figures(labels, np.eye(2)[said], CLASSES)["glioma"]["f1"]
    assert one.value == pytest.approx(14 / 18)
    shares = wilson_interval(7, 11)
    assert (one.low, one.high) == pytest.approx(tuple(2 * bound / (1 + bound) for bound in shares))
    assert class_figures(labels, np.eye(2)[labels], CLASSES)["glioma"]["f1"].low < 1


def test_weighted_figures_have_about_the_interval_of_a_bootstrap():
    from sklearn.metrics import f1_score, precision_score

    generator = np.random.default_rng(0)
    labels = generator.integers(0, 3, 600)
    said = np.where(generator.random(600) < 0.8, labels, generator.integers(0, 3, 600))
    found = weighted_figures(labels, said, 3)
    for name, score in (("f1", f1_score), ("precision", precision_score)):
        drawn = bootstrap(600, lambda c, f=score: f(labels[c], said[c], average="weighted"))
        assert found[name].value == pytest.approx(drawn.value)
        assert (found[name].low, found[name].high) == pytest.approx(
            (drawn.low, drawn.high), abs=0.01
        )


def test_without_errors_weighted_figures_are_as_sure_as_the_accuracy():
    labels = np.repeat([0, 1], [5, 7])
    figures = weighted_figures(labels, labels, 2)
    expected = Estimate(1.0, *wilson_interval(12, 12))
    assert {*figures.values()} == {expected}
    patients = np.repeat(np.arange(4), 3)
    expected = Estimate(1.0, *wilson_interval(4, 4))
    assert {*weighted_figures(labels, labels, 2, patients).values()} == {expected}


def test_every_figure_of_alike_slices_is_about_as_sure_as_of_one_slice_a_patient():
    generator = np.random.default_rng(0)
    labels = generator.integers(0, 3, 150)
    p = generator.dirichlet([1, 1, 1], 150)
    p[np.arange(150), labels] += 0.4
    p /= p.sum(axis=1, keepdims=True)
    many = (np.repeat(labels, 8), np.repeat(p, 8, axis=0))
    patients = np.repeat(np.arange(150), 8)

    def of(labels, p, patients=None):
        by_class = class_figures(labels, p, ("a", "b", "c"), patients)
        areas = [one["auc"] for one in by_class.values()]
        every = {f"{name} {kind}": one for name, of in by_class.items() for kind, one in of.items()}
        every |= summary_figures(labels, p, areas, patients)
        every |= tumour_figures(labels, p, 0, patients)
        return every | {"calibration": calibration_figure(p, labels, patients)}

    one, alone, together = of(labels, p), of(*many), of(*many, patients)
    mixed = of(*many, generator.permutation(patients))  # a patient's slices are as any others
    for name, expected in one.items():
        width = expected.high - expected.low
        found = together[name].high - together[name].low
        assert together[name].value == pytest.approx(expected.value), name
        assert 0.9 * width < found < 1.6 * width, name
        width_alone = alone[name].high - alone[name].low
        assert width_alone < 0.6 * width, name
        assert mixed[name].high - mixed[name].low < 1.3 * width_alone, name


def test_one_patient_alone_cannot_tell():
    labels, p = np.array([0, 0, 1, 1]), np.array([[0.9, 0.1], [0.4, 0.6], [0.2, 0.8], [0.6, 0.4]])
    assert proportion(labels == 0, np.zeros(4, int)) == Estimate(0.5, *wilson_interval(0.5, 1))
    found = calibration_figure(p, labels, np.zeros(4, int))
    assert np.isnan([found.low, found.high]).all()


def test_the_calibration_error_has_an_interval_that_holds_it():
    generator = np.random.default_rng(0)
    first = generator.uniform(0.5, 1, 300)
    labels = (generator.random(300) > first).astype(np.int64)
    p = np.stack([first, 1 - first], axis=1)
    found = calibration_figure(p, labels)
    assert 0 <= found.low <= found.value <= found.high < 0.2
    assert found.high - found.low > 0.01
    assert calibration_figure(p, labels) == found


def test_the_interval_of_a_calibration_error_reaches_down_to_it():
    # Of each confidence as many are right as it says: no error, though no resample is as even.
    confidence = np.repeat([0.6, 0.7, 0.8, 0.9], 100)
    right = np.tile(np.arange(100), 4) < np.repeat([60, 70, 80, 90], 100)
    p = np.stack([confidence, 1 - confidence], axis=1)
    found = calibration_figure(p, np.where(right, 0, 1))
    assert found.value == pytest.approx(0, abs=1e-9)
    assert found.low == found.value
    assert 0.02 < found.high < 0.1
