import pytest

from btgui.engine.studies.series_verdict import SliceReading, series_verdict

CLASSES = ("glioma", "meningioma", "notumor")


def readings(*shares, headless=()):
    """Readings with these (glioma, meningioma) probabilities; the rest is no tumour."""
    return [
        SliceReading(n, (g, m, 1 - g - m), has_head=n not in headless)
        for n, (g, m) in enumerate(shares)
    ]


def test_the_best_three_neighbours_decide():
    found = series_verdict(
        readings((0.1, 0), (0.6, 0.1), (0.9, 0.1), (0.6, 0.2), (0.0, 0.3)), CLASSES
    )
    assert found.class_index == 0
    assert found.score == pytest.approx((0.6 + 0.9 + 0.6) / 3)
    assert found.deciding == (1, 2, 3)


def test_one_loud_slice_alone_does_not_decide():
    found = series_verdict(readings((0, 0), (1, 0), (0.2, 0), (0, 0)), CLASSES)
    assert CLASSES[found.class_index] == "notumor"
    assert (found.likeliest_tumour, found.score) == (0, pytest.approx(0.4))
    assert found.deciding == ()


def test_one_half_exactly_is_not_enough():
    found = series_verdict(readings((0.5, 0), (0.5, 0), (0.5, 0)), CLASSES)
    assert CLASSES[found.class_index] == "notumor"


def test_of_two_tumours_the_greater_score_wins():
    found = series_verdict(
        readings((0.7, 0.0), (0.7, 0.2), (0.7, 0.2), (0.1, 0.9), (0, 0.9), (0, 0.9)), CLASSES
    )
    assert (found.class_index, found.deciding) == (1, (3, 4, 5))


def test_slices_without_a_head_or_a_reading_are_left_out():
    slices = readings((1, 0), (1, 0), (1, 0), (0.2, 0), (0.4, 0), (0.3, 0), headless=(0, 1, 2))
    slices.append(SliceReading(6, problem="damaged"))
    found = series_verdict(slices, CLASSES)
    assert CLASSES[found.class_index] == "notumor"
    assert (found.counted, found.left_out) == (3, 4)
    assert found.score == pytest.approx(0.3)


def test_fewer_than_three_slices_are_taken_together():
    found = series_verdict(readings((0.6, 0), (0.8, 0)), CLASSES)
    assert (found.score, found.deciding) == (pytest.approx(0.7), (0, 1))


def test_without_a_slice_that_counts_there_is_no_verdict():
    assert series_verdict([], CLASSES) is None
    assert series_verdict(readings((1, 0), headless=(0,)), CLASSES) is None


def test_a_model_of_tumours_only_names_the_likeliest():
    found = series_verdict([SliceReading(0, (0.4, 0.3))], ("glioma", "meningioma"))
    assert (found.class_index, found.deciding) == (0, (0,))
