import math

import pytest

from btgui.views.training_wizard.live_curves import LiveCurves


@pytest.fixture
def curves(qtbot):
    curves = LiveCurves()
    qtbot.addWidget(curves)
    curves.set_epochs(3)
    return curves


def history(*values):
    loss, accuracy = [list(one) for one in zip(*values, strict=True)] or ([], [])
    return {
        "loss": loss,
        "validation_loss": loss,
        "accuracy": accuracy,
        "validation_accuracy": accuracy,
    }


def heights(plot):
    return plot.viewRange()[1]


def test_one_point_does_not_fill_the_height(curves):
    curves.show_history(history((0.34, 0.954)))
    low, high = heights(curves.loss)
    assert -0.05 < low <= 0
    assert high > 0.5
    low, high = heights(curves.accuracy)
    assert high - low >= 50
    assert high >= 100


def test_every_point_is_within_the_axes(curves):
    curves.show_history(history((2.5, 0.2), (math.nan, 0.4)))
    assert heights(curves.loss)[1] > 2.5
    assert heights(curves.accuracy)[0] <= 20


def test_epochs_are_whole_numbers_and_the_last_does_not_touch_the_edge(curves):
    assert curves.loss.getAxis("bottom").tickSpacing(0, 3, 300) == [(1, 0), (1, 0)]
    assert curves.loss.viewRange()[0][1] > 3


def test_it_is_said_over_the_plots_which_curve_counts(curves):
    assert "others&nbsp;(validation):&nbsp;these&nbsp;count" in curves.legend.text()
    assert curves.loss.plotItem.legend is curves.accuracy.plotItem.legend is None  # it hid curves
