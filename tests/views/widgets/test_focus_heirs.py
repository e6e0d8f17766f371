import pytest
from PySide6.QtWidgets import QLineEdit, QPushButton, QTabWidget, QWidget

from btgui.views.widgets.focus_heirs import leave_focus_to
from btgui.views.widgets.layouts import stacked


@pytest.fixture
def parts(qtbot):
    """A bar with a button, another part of the window, and two heirs of the bar's focus."""
    button, other, first, second = QPushButton(), QLineEdit(), QLineEdit(), QLineEdit()
    bar = stacked(button)
    holder = stacked(bar, other, first, second)
    leave_focus_to(bar, first, second)
    qtbot.addWidget(holder)
    holder.show()
    holder.activateWindow()
    qtbot.waitUntil(holder.isActiveWindow)
    yield bar, button, other, first, second
    holder.close()


def test_the_first_visible_heir_gets_the_focus_of_what_is_hidden(parts):
    bar, button, _, first, second = parts
    button.setFocus()
    bar.hide()
    assert first.hasFocus()
    bar.show()
    first.hide()
    button.setFocus()
    bar.hide()
    assert second.hasFocus()


def test_a_focus_elsewhere_stays(parts):
    bar, _, other, *_ = parts
    other.setFocus()
    bar.hide()
    assert other.hasFocus()


def test_a_page_that_is_put_away_keeps_its_focus_for_its_return(qtbot):
    button, heir = QPushButton(), QLineEdit()
    leave_focus_to(button, heir)
    tabs = QTabWidget()
    page, elsewhere = stacked(button, heir), QWidget()
    tabs.addTab(page, "")
    tabs.addTab(elsewhere, "")
    qtbot.addWidget(tabs)
    tabs.show()
    button.setFocus()
    tabs.setCurrentWidget(elsewhere)
    tabs.setCurrentWidget(page)
    assert page.focusWidget() is button
