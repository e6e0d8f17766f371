import pyqtgraph as pg
import pytest
from PySide6.QtGui import QTextDocument

from btgui.views.models_window.accuracy_plot import AccuracyPlot, ModelPoint


@pytest.fixture
def plot(qtbot):
    widget = AccuracyPlot("Parameters (million)")
    qtbot.addWidget(widget)
    return widget


def items(plot, kind):
    return [item for item in plot.plot.items() if isinstance(item, kind)]


def legend(plot):
    document = QTextDocument()
    document.setHtml(plot.legend.text())
    return document.toPlainText().replace("\N{NO-BREAK SPACE}", " ")


def named(plot):
    return [part.strip() for part in legend(plot).split("\N{BLACK CIRCLE}")[1:]]


def test_every_model_is_a_point_at_the_logarithm_of_its_cost(plot):
    plot.show_points(
        [ModelPoint("A", 10, 0.95, 0.94, 0.96), ModelPoint("B", 100, 0.98, 0.97, 0.99)]
    )
    places = sorted(tuple(v[0] for v in s.getData()) for s in items(plot, pg.ScatterPlotItem))
    assert places == [pytest.approx((1, 95)), pytest.approx((2, 98))]
    assert named(plot) == ["A", "B"]
    assert len(items(plot, pg.ErrorBarItem)) == 2


def test_new_points_replace_the_old_ones(plot):
    plot.show_points([ModelPoint("A", 10, 0.95, 0.94, 0.96)])
    plot.show_points([])
    assert not items(plot, pg.ScatterPlotItem)
    assert named(plot) == []


def test_models_of_one_cost_stand_side_by_side(plot):
    plot.show_points([ModelPoint(name, 10, 0.95, 0.94, 0.96) for name in ("A", "<b>", "C")])
    places = sorted(spot.getData()[0][0] for spot in items(plot, pg.ScatterPlotItem))
    assert places == pytest.approx([0.98, 1.0, 1.02])
    assert [name.split("\n")[0] for name in named(plot)] == ["A", "<b>", "C"]
    assert legend(plot).endswith("Models with the same value are drawn side by side.")
    plot.show_points([ModelPoint(str(n), 10 * n, 0.95, 0.94, 0.96) for n in (1, 2)])
    assert "side by side" not in legend(plot)


def test_figures_of_others_stand_beside_as_grey_squares(plot):
    others = [ModelPoint("ResNet-50", 23.6, 0.987, 0.987, 0.987)]
    plot.show_points([ModelPoint("A", 10, 0.95, 0.94, 0.96)], others, "Squares: as published.")
    squares = [s for s in items(plot, pg.ScatterPlotItem) if s.opts["symbol"] == "s"]
    assert [s.toolTip() for s in squares] == ["ResNet-50: 98.7 %"]
    assert "Squares: as published." in legend(plot)
    assert len(items(plot, pg.ErrorBarItem)) == 1
