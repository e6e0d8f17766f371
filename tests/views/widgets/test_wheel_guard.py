import pytest
from PySide6.QtWidgets import QComboBox, QLineEdit, QScrollArea, QSpinBox, QVBoxLayout, QWidget

from btgui.views.widgets.wheel_guard import guard_wheel
from tests.views.conftest import turn_wheel


class Page(QScrollArea):
    """A long page with a number, a list of choices and a field that has the focus."""

    def __init__(self):
        super().__init__()
        inner = QWidget()
        inner.setMinimumHeight(3000)
        self.number, self.choice, self.field = QSpinBox(), QComboBox(), QLineEdit()
        self.choice.addItems(["a", "b", "c"])
        guard_wheel(self.number, self.choice)
        layout = QVBoxLayout(inner)
        for widget in (self.number, self.choice, self.field):
            layout.addWidget(widget)
        layout.addStretch(1)
        self.setWidget(inner)

    def values(self):
        return self.number.value(), self.choice.currentIndex()


@pytest.fixture
def page(qtbot):
    page = Page()
    qtbot.addWidget(page)
    page.number.setValue(50)
    page.choice.setCurrentIndex(1)
    page.show()
    page.activateWindow()
    page.field.setFocus()
    return page


@pytest.mark.parametrize("name", ["number", "choice"])
def test_the_wheel_scrolls_the_page_past_a_box(page, name):
    box = getattr(page, name)
    for _ in range(3):
        turn_wheel(box)
    assert page.values() == (50, 1)
    assert page.verticalScrollBar().value() > 0
    assert not box.hasFocus()


def test_the_wheel_over_a_number_s_own_field_scrolls_too(page):
    turn_wheel(page.number.lineEdit())
    assert page.values() == (50, 1)
    assert page.verticalScrollBar().value() > 0


def test_a_box_that_was_clicked_or_reached_by_tab_takes_the_wheel(page, qtbot):
    page.number.setFocus()
    qtbot.waitUntil(page.number.hasFocus)
    turn_wheel(page.number)
    page.choice.setFocus()
    qtbot.waitUntil(page.choice.hasFocus)
    turn_wheel(page.choice)
    assert page.values() == (49, 2)
    assert page.verticalScrollBar().value() == 0
