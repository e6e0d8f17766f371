import pytest
from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtWidgets import QAbstractItemView

from btgui.views.browser.scan_list import ScanList


@pytest.fixture
def names(qtbot):
    names = ScanList()
    qtbot.addWidget(names)
    names.setModel(QStringListModel(["a", "b", "c", "d"], names))
    names.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    names.show()
    names.setCurrentIndex(names.model().index(0))
    names.told = []
    names.reached.connect(lambda index: names.told.append(index.data()))
    return names


def test_keys_tell_where_they_come_to(names, qtbot):
    for key in (Qt.Key.Key_Down, Qt.Key.Key_End, Qt.Key.Key_End, Qt.Key.Key_Up, Qt.Key.Key_Home):
        qtbot.keyClick(names, key)
    assert names.told == ["b", "d", "c", "a"]


def test_a_choice_of_several_opens_none(names, qtbot):
    qtbot.keyClick(names, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert len(names.selectedIndexes()) == 2
    qtbot.keyClick(names, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    assert names.told == []


def test_a_scan_that_the_window_chooses_is_not_told(names):
    names.setCurrentIndex(names.model().index(2))
    assert names.told == []
