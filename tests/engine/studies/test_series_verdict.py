from dataclasses import replace

import pytest

from btgui.engine.studies.series_verdict import SliceReading, series_verdict, telling_slice

CLASSES = ("glioma", "meningioma", "notumor")
HEALTHY = 2


def readings(*shares, headless=()):
    """Readings with these (glioma, meningioma) probabilities; the rest is no tumour."""
    return [
        SliceReading(n, (g, m, 1 - g - m), has_head=n not in headless)
        for n, (g, m) in enumerate(shares)
    ]


def test_the_best_three_neighbours_decide():
    found = series_verdict(
        readings((0.1, 0), (0.6, 0.1), (0.9, 0.1), (0.6, 0.2), (0.0, 0.3)), len(CLASSES), HEALTHY
    )
    assert found.class_index == 0
    assert found.score == pytest.approx((0.6 + 0.9 + 0.6) / 3)
    assert found.deciding == (1, 2, 3)


def test_novel_slices_are_counted_among_those_that_the_verdict_is_based_on():
    tumour = [(0.1, 0), (0.6, 0.1), (0.9, 0.1), (0.6, 0.2), (0.0, 0.3)]
    novelties = (1.5, 1.2, 0.8, None, 3.0)
    marked = [
        replace(one, novelty=novelty)
        for one, novelty in zip(readings(*tumour), novelties, strict=True)
    ]
    found = series_verdict(marked, len(CLASSES), HEALTHY)
    assert (found.deciding, found.based_on, found.novel) == ((1, 2, 3), 3, 1)
    healthy = [replace(one, probabilities=(0, 0, 1)) for one in marked]
    healthy[0] = replace(healthy[0], has_head=False)
    found = series_verdict(healthy, len(CLASSES), HEALTHY)
    assert (found.based_on, found.novel) == (4, 2)


def test_one_loud_slice_alone_does_not_decide():
    found = series_verdict(readings((0, 0), (1, 0), (0.2, 0), (0, 0)), len(CLASSES), HEALTHY)
    assert CLASSES[found.class_index] == "notumor"
    assert (found.likeliest_tumour, found.score) == (0, pytest.approx(0.4))
    assert found.deciding == ()


def test_one_half_exactly_is_not_enough():
    found = series_verdict(readings((0.5, 0), (0.5, 0), (0.5, 0)), len(CLASSES), HEALTHY)
    assert CLASSES[found.class_index] == "notumor"


def test_a_tumour_whose_kind_is_not_clear_is_a_tumour():
    # No slice would be classified as no tumour on its own: "no tumour" has 2 % on each.
    found = series_verdict(
        readings((0, 0), (0.5, 0.48), (0.49, 0.49), (0.48, 0.5), (0.5, 0.48), (0, 0)),
        len(CLASSES),
        HEALTHY,
    )
    assert CLASSES[found.class_index] == "glioma"
    assert (found.score, found.any_tumour) == (pytest.approx(0.49), pytest.approx(0.98))
    assert found.deciding == (1, 2, 3)


def test_slices_that_speak_for_no_tumour_do_not_say_which_it_is():
    shares = [(0.45, 0), (0.45, 0), (0.45, 0), (0, 0), (0.28, 0.3), (0.28, 0.3), (0.28, 0.3)]
    found = series_verdict(readings(*shares), len(CLASSES), HEALTHY)
    assert (CLASSES[found.class_index], found.deciding) == ("meningioma", (4, 5, 6))


def test_of_two_tumours_the_greater_score_wins():
    found = series_verdict(
        readings((0.7, 0.0), (0.7, 0.2), (0.7, 0.2), (0.1, 0.9), (0, 0.9), (0, 0.9)),
        len(CLASSES),
        HEALTHY,
    )
    assert (found.class_index, found.deciding) == (1, (3, 4, 5))


def test_slices_without_a_head_or_a_reading_are_left_out():
    slices = readings((1, 0), (1, 0), (1, 0), (0.2, 0), (0.4, 0), (0.3, 0), headless=(0, 1, 2))
    slices.append(SliceReading(6, problem="damaged"))
    found = series_verdict(slices, len(CLASSES), HEALTHY)
    assert CLASSES[found.class_index] == "notumor"
    assert (found.total, found.unread, found.headless, found.alone) == (7, 1, 3, 0)
    assert found.score == pytest.approx(0.3)


def test_fewer_than_three_slices_are_taken_together():
    found = series_verdict(readings((0.6, 0), (0.8, 0)), len(CLASSES), HEALTHY)
    assert (found.score, found.deciding) == (pytest.approx(0.7), (0, 1))


def test_without_a_slice_that_counts_there_is_no_verdict():
    assert series_verdict([], len(CLASSES), HEALTHY) is None
    assert series_verdict(readings((1, 0), headless=(0,)), len(CLASSES), HEALTHY) is None


def test_a_model_of_tumours_only_names_the_likeliest():
    found = series_verdict([SliceReading(0, (0.4, 0.3))], 2, None)
    assert (found.class_index, found.deciding) == (0, (0,))


def holed(shares, *, unread=(), headless=()):
    """Readings with these glioma probabilities, some of them unread or without a head."""
    return [
        SliceReading(n, problem="damaged")
        if n in unread
        else SliceReading(n, (share, 0, 1 - share), has_head=n not in headless)
        for n, share in enumerate(shares)
    ]


def test_no_tumour_with_a_slice_unread_is_incomplete():
    found = series_verdict(holed([0.2] * 12, unread=(5, 6, 7)), len(CLASSES), HEALTHY)
    assert CLASSES[found.class_index] == "notumor"
    assert (found.is_complete, found.unread, found.total) == (False, 3, 12)
    assert series_verdict(holed([0.2] * 12), len(CLASSES), HEALTHY).is_complete


def test_a_tumour_stays_one_with_slices_unread():
    found = series_verdict(holed([0.9] * 12, unread=(5, 6, 7)), len(CLASSES), HEALTHY)
    assert CLASSES[found.class_index] == "glioma"
    assert (found.is_complete, found.unread) == (True, 3)


def test_a_series_that_was_hardly_read_has_no_verdict():
    assert series_verdict(holed([0.2] * 100, unread=range(1, 99)), len(CLASSES), HEALTHY) is None
    assert series_verdict(holed([0.9] * 100, unread=range(2, 100)), len(CLASSES), HEALTHY) is None


def test_slices_beside_a_hole_are_no_neighbours():
    shares = [0.1, 0.1, 0.9, 0.9, 0.9, 0.1, 0.1, 0.1]
    assert series_verdict(holed(shares), len(CLASSES), HEALTHY).deciding == (2, 3, 4)
    for hole in ({"unread": (3,)}, {"headless": (3,)}):
        found = series_verdict(holed(shares, **hole), len(CLASSES), HEALTHY)
        assert (found.deciding, found.score) == ((), pytest.approx((0.1 + 0.1 + 0.9) / 3))


def test_nor_are_slices_beside_a_gap_or_at_one_place():
    shares = holed([0.1, 0.2, 0.9, 0.9, 0.1, 0.1])
    assert series_verdict(shares, len(CLASSES), HEALTHY).deciding == (1, 2, 3)
    found = series_verdict(shares, len(CLASSES), HEALTHY, breaks=(3,))
    assert (found.deciding, found.score) == ((), pytest.approx((0.1 + 0.2 + 0.9) / 3))


def test_slices_without_two_neighbours_leave_no_tumour_incomplete():
    found = series_verdict(holed([0.1] * 3 + [0.9] * 2), len(CLASSES), HEALTHY, breaks=(3,))
    assert (found.alone, found.is_complete) == (2, False)


def test_slices_that_all_lie_apart_have_no_verdict():
    assert series_verdict(holed([0.9] * 6), len(CLASSES), HEALTHY, breaks=range(1, 6)) is None


def test_no_tumour_stays_complete_where_slices_at_the_ends_show_no_head():
    found = series_verdict(holed([0.1] * 6, headless=(0, 5)), len(CLASSES), HEALTHY)
    assert (found.headless, found.alone, found.is_complete) == (2, 0, True)


def test_of_the_slices_that_decided_the_one_with_most_of_the_tumour_tells_most():
    given = readings((0, 1), (0.6, 0.1), (0.7, 0.1), (0.9, 0.1), (0.6, 0.2), (1, 0), (0, 0))
    found = series_verdict(given, len(CLASSES), HEALTHY, breaks=(5,))
    assert found.deciding == (2, 3, 4)
    assert telling_slice(given, found) == 3


def test_where_none_decided_the_slice_that_is_likest_a_tumour_tells_most():
    given = readings((0.1, 0), (0.3, 0), (0.2, 0), (0.9, 0), (0, 0.2), headless=(3,))
    found = series_verdict(given, len(CLASSES), HEALTHY)
    assert found.deciding == ()
    assert telling_slice(given, found) == 1
