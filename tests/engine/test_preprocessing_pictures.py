import numpy as np
import pytest

from btgui.engine.preprocessing import PreprocessingParameters, preprocess
from btgui.engine.preprocessing_pictures import step_pictures
from btgui.engine.scan_source import read_scan
from tests.conftest import write_head

SIZES = PreprocessingParameters(input_height=40, input_width=48)


@pytest.fixture
def grey(tmp_path):
    return read_scan(write_head(tmp_path / "head.png")).grey


def coloured(picture):
    """Return where an image is not grey."""
    return picture.min(axis=2) != picture.max(axis=2)


def test_contour_and_points_are_drawn_over_the_scan_which_stays_as_it_is(grey):
    before, steps = grey.copy(), preprocess(grey, SIZES)
    original, contoured, pointed, *rest = step_pictures(grey, steps)
    assert np.array_equal(original, before)
    assert np.array_equal(grey, before)
    (x, y), *_ = steps.outline.contour.reshape(-1, 2)
    assert coloured(contoured)[y, x]
    assert (contoured[~coloured(contoured)] == grey[~coloured(contoured)][:, None]).all()
    for x, y in steps.outline.extreme_points:
        assert tuple(pointed[y, x]) == (230, 159, 0)
    assert [one.shape for one in rest] == [
        steps.cropped.shape,
        steps.filtered.shape,
        (40, 48, 3),
    ]


def test_where_there_is_no_head_nothing_is_drawn():
    empty = np.zeros((30, 20), np.uint8)
    _, contoured, _, *_ = step_pictures(empty, preprocess(empty, SIZES))
    assert not contoured.any()
