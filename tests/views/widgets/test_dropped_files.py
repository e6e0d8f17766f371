import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from btgui.views.widgets.dropped_files import FileDrops
from tests.views.conftest import drag_over_fields

COPIED, MOVED = Qt.DropAction.CopyAction, Qt.DropAction.MoveAction
WITH_SHIFT = (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier)


@pytest.fixture
def place(qtbot) -> QWidget:
    place = QWidget()
    qtbot.addWidget(place)
    place.resize(400, 300)
    place.show()
    return place


@pytest.fixture
def drops(place) -> FileDrops:
    return FileDrops(place, "Drop to open")


@pytest.fixture
def data(tmp_path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path)), QUrl("https://example.org/1.png"), QUrl()])
    return data


def dragged(place, data) -> QDragEnterEvent:
    event = QDragEnterEvent(QPoint(50, 50), COPIED | MOVED, data, *WITH_SHIFT)
    QApplication.sendEvent(place, event)
    return event


def dropped(place, data) -> QDropEvent:
    event = QDropEvent(QPointF(50, 50), COPIED | MOVED, data, *WITH_SHIFT)
    QApplication.sendEvent(place, event)
    return event


def mark(place) -> QLabel:
    return place.findChild(QLabel)


def test_files_of_this_computer_are_taken_where_they_lie_though_a_move_is_proposed(
    place, drops, data, qtbot, tmp_path
):
    entered = dragged(place, data)
    assert entered.proposedAction() == MOVED
    with qtbot.waitSignal(drops.dropped) as taken:
        left = dropped(place, data)
    assert taken.args == [[tmp_path]]
    assert all(one.isAccepted() and one.dropAction() == COPIED for one in (entered, left))


def test_anything_else_is_refused(place, drops, data):
    data.setUrls([QUrl("https://example.org/1.png")])
    assert not dragged(place, data).isAccepted()
    assert mark(place).isHidden()


def test_several_files_are_refused_where_one_is_wanted(place, data, tmp_path):
    FileDrops(place, "Drop to choose", only_one=True)
    assert dragged(place, data).isAccepted()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path))] * 2)
    assert not dragged(place, data).isAccepted()


@pytest.mark.parametrize("end", ["dropped", "left"])
def test_the_place_says_what_a_drop_does_until_the_drag_ends(place, drops, data, end):
    assert mark(place).isHidden()
    place.resize(500, 200)
    dragged(place, data)
    assert mark(place).isVisible()
    assert mark(place).text() == "Drop to open"
    assert mark(place).geometry() == place.rect()
    assert place.childAt(250, 100) is None  # the mark does not take the drag from its place
    if end == "dropped":
        dropped(place, data)
    else:
        QApplication.sendEvent(place, QDragLeaveEvent())
    assert mark(place).isHidden()


def test_the_window_takes_what_is_dropped_on_its_text_fields(window, tmp_path):
    assert drag_over_fields(window, tmp_path) > 1
