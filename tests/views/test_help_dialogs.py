from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from btgui.engine.model_card import TestResult
from btgui.views.help_dialogs import HelpDialog, help_page, model_page, shortcuts_page


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("reading", "not an outline"),
        ("data", "992 of the 1,311 test images are copies"),
        ("limits", "Not a medical device"),
    ],
)
def test_each_page_ships_and_says_the_essential(qtbot, name, words):
    dialog = HelpDialog("Help", help_page(name))
    qtbot.addWidget(dialog)
    assert words in dialog.page.toPlainText()


def test_the_model_s_page_names_its_protocol_and_shows_its_confusions(qtbot, tiny_pack):
    result = replace(
        tiny_pack.card.results[0],
        confusion=[[41, 1, 2, 3], [4, 42, 5, 6], [7, 8, 43, 9], [10, 11, 12, 44]],
        leak_free={"count": 50, "correct": 46, "accuracy": 0.92},
    )
    dialog = HelpDialog("Model", model_page(replace(tiny_pack.card, results=(result,))))
    qtbot.addWidget(dialog)
    text = dialog.page.toPlainText()
    assert "honest protocol" in text
    assert "95.0% of 200 scans right" in text
    assert "92.0%" in text
    assert all(figure in text for figure in ("41", "42", "43", "44"))
    assert "Not a medical device" in text


def test_a_model_s_page_cannot_bring_its_own_markup(tiny_pack):
    page = model_page(replace(tiny_pack.card, name="<img src=x>"))
    assert "<img" not in page
    assert "&lt;img" in page
    assert isinstance(tiny_pack.card.results[0], TestResult)


def test_a_model_without_a_test_says_so(tiny_pack):
    assert "not been tested" in model_page(replace(tiny_pack.card, results=()))


def test_the_keys_are_listed():
    page = shortcuts_page([("Zoom in", "Ctrl++")])
    assert "Zoom in" in page
    assert "Ctrl++" in page


def test_escape_closes_it(qtbot):
    dialog = HelpDialog("Help", "<p>text</p>")
    dialog.show()
    with qtbot.waitSignal(dialog.destroyed):
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
