import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from btgui.views.widgets.level_pictures import LevelPictures


class Column(QWidget):
    """A picture under a line and over some more lines."""

    def __init__(self, above, below):
        super().__init__()
        self.head, self.picture, self.foot = QLabel("\n" * above), QLabel(), QLabel("\n" * below)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 6, 0, 0)
        for part, stretch in ((self.head, 0), (self.picture, 1), (self.foot, 0)):
            layout.addWidget(part, stretch)

    def span(self):
        top = self.picture.mapTo(self.window(), QPoint(0, 0)).y()
        return top, top + self.picture.height()


@pytest.fixture
def pair(qtbot):
    """Two columns side by side: the one is higher above its picture, the other below."""
    window = QWidget()
    columns = Column(3, 0), Column(0, 2)
    row = QHBoxLayout(window)
    for column in columns:
        row.addWidget(column)
    LevelPictures(*((column, column.picture) for column in columns))
    qtbot.addWidget(window)
    window.resize(400, 400)
    window.show()
    yield columns
    window.close()


def test_pictures_begin_and_end_level(pair, qtbot):
    one, other = pair
    qtbot.waitUntil(lambda: one.span() == other.span())
    top, bottom = one.span()
    assert one.head.height() < top < bottom < 400 - other.foot.height()


def test_they_are_level_again_after_what_stands_around_them_has_changed(pair, qtbot):
    one, other = pair
    qtbot.waitUntil(lambda: one.span() == other.span())
    before = one.span()
    other.head.setText("\n" * 6)
    qtbot.waitUntil(lambda: one.span() == other.span() != before)
    assert one.span()[0] > before[0]
    other.head.setText("")
    qtbot.waitUntil(lambda: one.span() == other.span() == before)
    one.window().resize(300, 500)
    qtbot.waitUntil(lambda: one.span() == other.span() != before)
    assert one.span()[1] == before[1] + 100


def test_where_little_room_is_left_each_picture_keeps_what_its_column_has(pair, qtbot):
    one, other = pair
    qtbot.waitUntil(lambda: one.span() == other.span())
    one.window().resize(400, 8 * one.fontMetrics().lineSpacing())
    qtbot.waitUntil(
        lambda: one.span()[0] - other.span()[0] == one.head.height() - other.head.height()
    )
    assert other.span()[1] < one.span()[1]
    one.window().resize(400, 400)
    qtbot.waitUntil(lambda: one.span() == other.span())
