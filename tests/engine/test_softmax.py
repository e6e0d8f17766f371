import numpy as np
import pytest

from btgui.engine.softmax import softmax


def test_shares_by_hand():
    # e^0, e^ln 2, e^ln 5: shares of 8, whatever is added to all.
    rows = np.add(np.log([1.0, 2, 5]), [[0], [700], [-700]])
    assert softmax(rows) == pytest.approx(np.tile([1 / 8, 2 / 8, 5 / 8], (3, 1)))


def test_what_is_ruled_out_has_no_share():
    assert softmax(np.array([0.0, -np.inf, 0.0])) == pytest.approx([0.5, 0, 0.5])


def test_a_higher_temperature_flattens_by_hand():
    assert softmax(np.log([1.0, 4.0]), 2.0) == pytest.approx([1 / 3, 2 / 3])
