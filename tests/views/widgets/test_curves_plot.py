from dataclasses import replace

import pytest

from btgui.views.theme import SURFACE
from btgui.views.widgets.curves_plot import Curves, CurvesPlot, curves_of, dark_plot


def test_a_card_s_history_becomes_curves(tiny_pack):
    history = {"accuracy": [0.5, 0.75], "validation_accuracy": [0.4, 0.6]}
    card = replace(tiny_pack.card, training={"history": history})
    assert curves_of(card) == Curves("Small test model", (0.5, 0.75), (0.4, 0.6))


@pytest.mark.parametrize(
    "history",
    [
        None,
        [],
        {},
        {"accuracy": [0.5], "validation_accuracy": []},
        {"accuracy": ["x"], "validation_accuracy": [1]},
    ],
)
def test_a_card_without_a_usable_history_has_no_curves(tiny_pack, history):
    assert curves_of(replace(tiny_pack.card, training={"history": history})) is None


def test_every_model_has_a_line_for_training_and_one_for_validation_in_percent(qtbot):
    plot = CurvesPlot()
    qtbot.addWidget(plot)
    plot.show_curves([Curves("A", (0.5, 0.75), (0.4, 0.6)), Curves("B", (0.9,), (0.8,))])
    drawn = {item.name(): item.getData() for item in plot.plot.listDataItems()}
    assert sorted(drawn) == ["A: training", "A: validation", "B: training", "B: validation"]
    epochs, percent = drawn["A: validation"]
    assert epochs.tolist() == [1, 2]
    assert percent == pytest.approx([40, 60])


def test_the_legend_shows_a_model_s_name_letter_by_letter(qtbot):
    plot = CurvesPlot()
    qtbot.addWidget(plot)
    plot.show_curves([Curves("<b>A & B", (0.5,), (0.4,))])
    assert "&lt;b&gt;A&nbsp;&amp;&nbsp;B" in plot.legend.text()


def test_new_curves_replace_the_old_ones(qtbot):
    plot = CurvesPlot()
    qtbot.addWidget(plot)
    plot.show_curves([Curves("A", (0.5,), (0.4,))])
    plot.show_curves([])
    assert not plot.plot.listDataItems()


@pytest.mark.parametrize(("epochs", "symbol"), [(1, "o"), (12, "o"), (200, None)])
def test_few_epochs_have_points_and_many_only_a_line(qtbot, epochs, symbol):
    plot = CurvesPlot()
    qtbot.addWidget(plot)
    plot.show_curves([Curves("A", (0.5,) * epochs, (0.4,) * epochs)])
    assert {item.opts["symbol"] for item in plot.plot.listDataItems()} == {symbol}
    low, high = plot.plot.viewRange()[0]
    assert (low, high) == pytest.approx((0.5, epochs + 0.5))


def test_the_legend_lies_over_the_plot_and_names_what_was_not_recorded(qtbot):
    plot = CurvesPlot()
    qtbot.addWidget(plot)
    plot.resize(500, 300)
    plot.show()
    plot.show_curves([Curves("A", (0.5,), (0.4,))], ["Old"])
    assert plot.plot.plotItem.legend is None
    assert plot.legend.geometry().bottom() <= plot.plot.geometry().top()
    assert "The training of Old was not recorded." in plot.legend.text()


def test_no_menu_is_built_for_a_plot_that_shows_none(qtbot):
    plot = dark_plot("Epoch", "Loss")
    qtbot.addWidget(plot)
    assert plot.getViewBox().menu is None  # it would take longer than the plot itself


def test_the_letters_below_an_axis_are_whole(qtbot):
    plot = dark_plot("gjpqy", "Right (%)")
    qtbot.addWidget(plot)
    plot.resize(300, 150)
    plot.show()
    picture = plot.grab().toImage()
    below = picture.height() - 2  # within the outline
    assert {picture.pixelColor(x, below).name() for x in range(1, 299)} == {SURFACE.name()}
