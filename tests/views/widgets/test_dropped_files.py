import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent

from btgui.views.widgets.dropped_files import accept_copied, dropped_files

MOVED = Qt.DropAction.MoveAction


@pytest.fixture
def data(tmp_path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path)), QUrl("https://example.org/1.png"), QUrl()])
    return data


@pytest.fixture
def event(data, qapp):  # Qt asks the platform what the keys mean
    actions, shift = Qt.DropAction.CopyAction | MOVED, Qt.KeyboardModifier.ShiftModifier
    return QDropEvent(QPointF(5, 5), actions, data, Qt.MouseButton.LeftButton, shift)


def test_files_of_this_computer_are_found(event, data, tmp_path):
    assert dropped_files(event) == [tmp_path]
    data.clear()
    assert dropped_files(event) == []


def test_they_stay_where_they_lie_though_a_move_is_proposed(event):
    event.ignore()
    assert event.proposedAction() == MOVED
    accept_copied(event)
    assert event.isAccepted()
    assert event.dropAction() == Qt.DropAction.CopyAction
