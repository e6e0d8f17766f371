import pyqtgraph as pg
import pytest

from btgui.views.models_window.accuracy_plot import AccuracyPlot, ModelPoint


@pytest.fixture
def plot(qtbot):
    widget = AccuracyPlot("Parameters (million)")
    qtbot.addWidget(widget)
    return widget


def items(plot, kind):
    return [item for item in plot.plot.items() if isinstance(item, kind)]


def test_every_model_is_a_point_at_the_logarithm_of_its_cost(plot):
    plot.show_points(
        [ModelPoint("A", 10, 0.95, 0.94, 0.96), ModelPoint("B", 100, 0.98, 0.97, 0.99)]
    )
    places = sorted(tuple(v[0] for v in s.getData()) for s in items(plot, pg.ScatterPlotItem))
    assert places == [pytest.approx((1, 95)), pytest.approx((2, 98))]
    assert {label.toPlainText() for label in items(plot, pg.TextItem)} == {"A", "B"}
    assert len(items(plot, pg.ErrorBarItem)) == 2


def test_new_points_replace_the_old_ones(plot):
    plot.show_points([ModelPoint("A", 10, 0.95, 0.94, 0.96)])
    plot.show_points([])
    assert not items(plot, pg.ScatterPlotItem)
