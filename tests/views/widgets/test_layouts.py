from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from btgui.views.widgets.layouts import Column, stacked
from tests.views.conftest import heard


def test_the_last_widget_takes_the_room_that_is_left(qtbot):
    first, last = QLabel("first"), QLabel("last")
    holder = stacked(first, last, top=6)
    qtbot.addWidget(holder)
    holder.resize(200, 400)
    holder.show()
    assert first.geometry().top() == 6
    assert last.height() > first.height()
    assert last.geometry().bottom() == 399


def test_a_column_that_is_too_high_is_scrolled_and_nothing_in_it_is_squeezed(qtbot):
    label = QLabel("word " * 60)
    label.setWordWrap(True)
    column = Column(stacked(QPushButton("a wide button"), label), "Words")
    qtbot.addWidget(column)
    column.resize(column.minimumWidth(), 60)
    column.show()
    assert column.verticalScrollBar().maximum() > 0
    assert label.height() >= label.heightForWidth(label.width())
    assert column.widget().width() <= column.viewport().width()


def test_a_column_is_scrolled_by_keys_and_passed_by_tab_where_all_of_it_is_seen(qtbot):
    column = Column(stacked(*(QLabel(f"line {n}") for n in range(20))), "Words")
    qtbot.addWidget(column)
    column.resize(200, 60)
    column.show()
    assert column.focusPolicy() == Qt.FocusPolicy.TabFocus
    assert heard(column)[0] == "Words"
    qtbot.keyClick(column, Qt.Key.Key_Down)
    assert column.verticalScrollBar().value() > 0
    column.resize(200, 2000)
    assert column.focusPolicy() == Qt.FocusPolicy.NoFocus


def test_a_column_follows_what_it_holds(qtbot):
    button = QPushButton("short")
    column = Column(stacked(button), "Buttons")
    qtbot.addWidget(column)
    column.show()
    before = column.minimumWidth()
    button.setText("a button with many more words")
    qtbot.waitUntil(lambda: column.minimumWidth() > before)
