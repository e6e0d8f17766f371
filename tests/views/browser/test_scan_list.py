from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from btgui.views.browser.scan_list import ScanList

A, B, C, D = (Path(f"{name}.png") for name in "abcd")


@pytest.fixture
def scans(qtbot, loader):
    scans = ScanList(loader)
    qtbot.addWidget(scans)
    scans.scans.set_paths([A, B, C, D])
    scans.show()
    scans.setCurrentIndex(scans.scans.index(0))
    scans.told = []
    scans.scan_requested.connect(scans.told.append)
    return scans


def click(qtbot, scans, row, key=Qt.KeyboardModifier.NoModifier):
    place = scans.visualRect(scans.scans.index(row)).center()
    qtbot.mouseClick(scans.viewport(), Qt.MouseButton.LeftButton, key, place)


def test_keys_ask_for_the_scan_that_they_come_to(scans, qtbot):
    for key in (Qt.Key.Key_Down, Qt.Key.Key_End, Qt.Key.Key_End, Qt.Key.Key_Up, Qt.Key.Key_Home):
        qtbot.keyClick(scans, key)
    assert scans.told == [B, D, C, A]


def test_a_choice_of_several_by_keys_opens_none(scans, qtbot):
    qtbot.keyClick(scans, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert scans.chosen() == [A, B]
    qtbot.keyClick(scans, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    assert scans.told == []


def test_a_click_asks_unless_it_takes_the_scan_out_of_those_chosen(scans, qtbot):
    click(qtbot, scans, 2)
    click(qtbot, scans, 0, Qt.KeyboardModifier.ControlModifier)
    assert scans.chosen() == [A, C]
    click(qtbot, scans, 2, Qt.KeyboardModifier.ControlModifier)
    assert scans.chosen() == [A]
    assert scans.told == [C, A]


def test_a_scan_that_the_window_chooses_is_not_asked_for(scans):
    scans.choose(C)
    scans.choose(Path("not listed.png"))
    assert scans.chosen() == [C]
    assert scans.told == []


def test_what_is_chosen_together_stays_where_the_window_chooses_one_of_it(scans, qtbot):
    click(qtbot, scans, 1, Qt.KeyboardModifier.ShiftModifier)
    scans.choose(A)
    assert scans.chosen() == [A, B]


def test_a_scan_is_chosen_and_asked_for_by_its_row(scans):
    scans.ask_for(2)
    assert scans.chosen() == scans.told == [C]
