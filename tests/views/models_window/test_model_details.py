import pytest

from btgui.views.models_window.model_details import ModelDetails


@pytest.fixture
def details(qtbot):
    widget = ModelDetails()
    qtbot.addWidget(widget)
    widget.show()
    return widget


def test_a_model_with_a_history_shows_its_curves_beside_its_card(details, library):
    details.show_card(library.get("second").card)
    assert "Mine" in details.page.toPlainText()
    assert details.curves.isVisible()


def test_a_model_without_one_shows_none(details, library):
    details.show_card(library.get("second").card)
    details.show_card(library.get("first").card)
    assert not details.curves.isVisible()


def test_words_are_shown_as_they_are(details):
    details.show_text("<b>x</b>")
    assert details.page.toPlainText() == "<b>x</b>"
