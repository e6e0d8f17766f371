import pytest

from btgui.engine.pictures.measurement import (
    Measurement,
    angle,
    distance,
    distance_to_path,
    usable_spacing,
)


def test_a_length_without_spacing_is_in_pixels():
    ruler = Measurement(((10, 10), (13, 14)))
    assert distance(*ruler.points) == 5
    assert ruler.text(None) == "5.0 pixels"


def test_a_length_takes_each_direction_s_own_spacing():
    # 3 columns of 2 mm across and 4 rows of 0.5 mm down: sqrt(6² + 2²).
    ruler = Measurement(((0, 0), (3, 4)))
    assert distance(*ruler.points, pixel_size=(0.5, 2.0)) == pytest.approx(40**0.5)
    assert ruler.text((0.5, 2.0)) == "6.3 mm"


@pytest.mark.parametrize(
    ("first", "second", "degrees"),
    [
        ((1, 0), (0, 1), 90),
        ((1, 0), (0, -1), 90),
        ((1, 0), (1, 1), 45),
        ((1, 0), (-1, 0), 180),
        ((2, 2), (5, 5), 0),
        ((1, 0), (-1, 1), 135),
    ],
)
def test_an_angle_between_two_arms(first, second, degrees):
    moved = [(x + 7, y - 3) for x, y in (first, (0, 0), second)]
    assert angle(*moved) == pytest.approx(degrees)
    assert angle(*reversed(moved)) == pytest.approx(degrees)


def test_an_angle_is_the_patient_s_not_the_screen_s():
    # One column of 1 mm across, one row of sqrt(3) mm down: 60 degrees, though 45 on square pixels.
    points = ((1, 0), (0, 0), (1, 1))
    assert angle(*points, pixel_size=(3**0.5, 1.0)) == pytest.approx(60)
    assert Measurement(points).text((3**0.5, 1.0)) == "60.0°"
    assert Measurement(points).text(None) == "45.0° in square pixels"


def test_pixels_of_known_proportion_are_measured_as_they_are_seen():
    assert Measurement(((0, 0), (0, 10))).text(None, (1.2, 1.0)) == "12.0 pixels"
    points = ((0, 1), (0, 0), (1, 1))
    assert Measurement(points).text(None, (1.0, 3**0.5)) == "60.0° in square pixels"


def test_an_arm_without_length_has_no_angle():
    assert angle((1, 1), (1, 1), (2, 2)) is None
    assert Measurement(((1, 1), (1, 1), (2, 2))).text(None) == "no angle"


def test_a_point_or_the_whole_can_be_moved():
    ruler = Measurement(((0, 0), (3, 4)))
    assert ruler.with_point(1, (6, 8)).text(None) == "10.0 pixels"
    assert ruler.moved(10, -1) == Measurement(((10, -1), (13, 3)))
    assert ruler.moved(10, -1).text((1.0, 1.0)) == ruler.text((1.0, 1.0))


@pytest.mark.parametrize("count", [0, 1, 4])
def test_other_numbers_of_points_are_refused(count):
    with pytest.raises(ValueError, match=f"received {count}"):
        Measurement(((0, 0),) * count)


@pytest.mark.parametrize(
    ("point", "expected"),
    [((5, 3), 3), ((-4, 3), 5), ((13, 4), 3), ((10, 12), 2), ((0, 0), 0)],
)
def test_the_distance_to_a_line_of_segments(point, expected):
    assert distance_to_path(point, [(0, 0), (10, 0), (10, 10)]) == pytest.approx(expected)


def test_the_distance_to_a_point_and_to_a_segment_without_length():
    assert distance_to_path((3, 4), [(0, 0)]) == 5
    assert distance_to_path((3, 4), [(0, 0), (0, 0)]) == 5


@pytest.mark.parametrize(
    ("spacing", "usable"),
    [
        (None, False),
        ((0.5, 0.5), True),
        ((4.0, 0.4), True),
        ((0.0, 1.0), False),
        ((-1.0, 1.0), False),
        ((float("nan"), 1.0), False),
        ((1.0, float("inf")), False),
        ((1.0, float("nan")), False),
        ((1e300, 1e300), False),
        ((1e-300, 1e-300), False),
        ((1.0, 3e38), False),
        ((1.0, 200.0), False),
    ],
)
def test_a_spacing_that_pixels_cannot_have_is_none(spacing, usable):
    assert usable_spacing(spacing) == (spacing if usable else None)
