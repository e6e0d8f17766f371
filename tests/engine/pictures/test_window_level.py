import numpy as np
import pytest

from btgui.engine.pictures.window_level import (
    apply_window,
    in_blocks,
    window_of_header,
    window_of_percentiles,
)
from btgui.engine.scan import Window


@pytest.mark.parametrize(
    ("values", "window", "greys"),
    [
        pytest.param(
            [0, 100, 160, 200, 300], Window(150, 100), [0, 0, 153, 255, 255], id="spanned"
        ),
        pytest.param([9, 10, 11], Window(10, 0), [0, 0, 255], id="a threshold without width"),
        pytest.param([-1000, -500, 0], Window(-500, 1000), [0, 128, 255], id="negative"),
        pytest.param([-3e38, 0, 3e38], Window(0, 1), [0, 128, 255], id="of any size"),
    ],
)
def test_a_window_spans_black_to_white(values, window, greys):
    assert apply_window(np.array(values, np.float32), window).tolist() == greys


def test_a_linear_window_of_less_than_one_value_is_taken_whole():
    assert window_of_header(0.5, 0.2, "LINEAR") == Window(0.5, 0.2)
    assert window_of_header(0.5, 1.2, "LINEAR") == Window(0.0, pytest.approx(0.2))


def test_the_background_does_not_decide_the_window():
    values = np.zeros(10_000, np.float32)
    values[:1001] = np.linspace(1000, 2000, 1001)
    window = window_of_percentiles(values)
    assert window.centre == pytest.approx(1500, abs=1)
    assert window.width == pytest.approx(990, abs=2)


@pytest.mark.parametrize("value", [-1024, 0, 7])
def test_equal_values_give_a_window_of_width_one_and_are_black(value):
    values = np.full((3, 3), value, np.float32)
    window = window_of_percentiles(values)
    assert (window.centre, window.width) == (value + 0.5, 1)
    assert not apply_window(values, window).any()


def test_of_few_bright_values_the_whole_range_is_the_window():
    values = np.zeros((10, 10), np.float32)
    values[0, 0] = 9
    window = window_of_percentiles(values)
    assert (window.centre, window.width) == (4.5, 9)


def test_work_in_blocks_gives_the_very_same_numbers():
    colours = np.random.default_rng(0).integers(0, 255, (1500, 700, 3)).astype(np.float32)
    weights = np.array([0.299, 0.587, 0.114], np.float32)
    assert np.array_equal(
        in_blocks(colours, lambda part: part @ weights, np.float32), colours @ weights
    )
    assert in_blocks(colours[:0], lambda part: part @ weights, np.float32).shape == (0, 700)
