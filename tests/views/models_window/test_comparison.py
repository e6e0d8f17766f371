from dataclasses import replace

import pytest

from btgui.views.models_window.comparison import Comparison, comparison_page


@pytest.fixture
def cards(library):
    return [library.get(name).card for name in ("first", "second", "third")]


def test_every_model_has_a_column_and_what_is_not_known_is_said(cards):
    page = comparison_page(cards, {"first": 14.2})
    for words in (
        "Shipped",
        "Mine",
        "Untested",
        "14 ms",
        "not measured yet",
        "not tested on all classes",
        "95.0 %",
    ):
        assert words in page


def test_a_test_that_lacks_a_class_is_none(cards):
    lacking = {"count": 0, "recall": None, "precision": None, "f1": None}
    result = replace(cards[0].results[0], per_class={cards[0].classes[0]: lacking})
    page = comparison_page([replace(cards[0], results=(result,))], {})
    assert f"<tr><td>Sensitivity: {cards[0].display_names[0]}</td><td>not known</td></tr>" in page


def test_a_sensitivity_that_is_undefined_is_not_known(cards):
    undefined = {"count": 3, "recall": None, "precision": None, "f1": None}
    result = replace(cards[0].results[0], per_class={cards[0].classes[0]: undefined})
    page = comparison_page([replace(cards[0], results=(result,))], {})
    assert f"<tr><td>Sensitivity: {cards[0].display_names[0]}</td><td>not known</td></tr>" in page


def test_accuracies_of_two_protocols_are_not_to_be_compared(cards):
    other = replace(cards[1], results=(replace(cards[1].results[0], protocol="published"),))
    assert "Do not compare" in comparison_page([cards[0], other], {})
    assert "Do not compare" not in comparison_page(cards, {})


def test_plots_of_what_is_not_to_be_compared_say_so_too(qtbot, cards):
    widget = Comparison()
    qtbot.addWidget(widget)
    other = replace(cards[1], results=(replace(cards[1].results[0], protocol="published"),))
    widget.show_cards([cards[0], other], {"first": 14.2, "second": 20.0})
    for plot in (widget.by_size, widget.by_time):
        assert "Do not compare these accuracies" in plot.legend.text()


def test_accuracies_on_different_scans_are_to_be_compared_with_care(cards):
    other = replace(cards[1], results=(replace(cards[1].results[0], data="other scans"),))
    assert "with care" in comparison_page([cards[0], other], {})


def test_names_bring_no_markup(cards):
    assert "<img" not in comparison_page([replace(cards[0], name="<img>"), cards[1]], {})


def test_only_plots_with_something_to_show_are_offered(qtbot, cards):
    widget = Comparison()
    qtbot.addWidget(widget)
    widget.show_cards([cards[0], cards[2]], {})
    assert [widget.tabs.isTabEnabled(n) for n in range(4)] == [True, True, False, False]
    widget.show_cards(cards, {"first": 14.2})
    assert [widget.tabs.isTabEnabled(n) for n in range(4)] == [True] * 4


def test_models_that_a_plot_cannot_show_are_named(qtbot, cards):
    widget = Comparison()
    qtbot.addWidget(widget)
    widget.show_cards(cards, {"first": 14.2})
    assert "training of Shipped, Untested was not recorded" in widget.curves.legend.text()
    assert "Not tested on all classes: Untested." in widget.by_size.legend.text()
    assert "Not timed here: Mine." in widget.by_time.legend.text()


def test_many_models_in_a_narrow_table_are_scrolled_and_no_word_is_broken(qtbot, cards):
    widget = Comparison()
    qtbot.addWidget(widget)
    widget.resize(300, 400)
    widget.show()
    widget.show_cards([replace(cards[0], architecture="InceptionV3")] * 5, {})
    qtbot.waitUntil(lambda: widget.page.horizontalScrollBar().maximum() > 0)
