from PySide6.QtWidgets import QLabel

from btgui.views.layouts import stacked


def test_the_last_widget_takes_the_room_that_is_left(qtbot):
    first, last = QLabel("first"), QLabel("last")
    holder = stacked(first, last, top=6)
    qtbot.addWidget(holder)
    holder.resize(200, 400)
    holder.show()
    assert first.geometry().top() == 6
    assert last.height() > first.height()
    assert last.geometry().bottom() == 399
