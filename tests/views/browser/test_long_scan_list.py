"""A list of tens of thousands of scans: what it asks of Python does not grow with its length."""

from collections import Counter
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt

from btgui.views.browser.file_browser import FileBrowser
from btgui.views.browser.scan_list_model import VERDICT_ROLE, ScanListModel

MANY = 20_000


class Asked(ScanListModel):
    """Counts what is asked of the list."""

    def __init__(self, *of):
        super().__init__(*of)
        self.asked = Counter()

    def rowCount(self, parent=QModelIndex()):  # noqa: B008, N802  (Qt's form)
        self.asked["rows"] += 1
        return super().rowCount(parent)

    def data(self, index, role=Qt.ItemDataRole.DisplayRole):
        self.asked["data"] += 1
        self.asked[index.row(), role] += 1
        return super().data(index, role)


@pytest.fixture
def browser(qtbot, monkeypatch):
    monkeypatch.setattr("btgui.views.browser.scan_list.ScanListModel", Asked)
    browser = FileBrowser()
    qtbot.addWidget(browser)
    browser.list.scans.set_paths([Path(f"scan {number}.png") for number in range(MANY)])
    browser.show()
    qtbot.waitUntil(lambda: not browser.list.visualRect(browser.list.scans.index(0)).isEmpty())
    yield browser
    browser.close_workers()


def test_its_rows_are_counted_by_qt_alone():
    # Python is never asked for the number, which Qt needs for each row as it lays the rows out.
    assert "rowCount" not in vars(ScanListModel)


def test_its_rows_are_neither_renamed_nor_dragged(browser):
    flags = browser.list.scans.flags(browser.list.scans.index(0))
    assert flags & Qt.ItemFlag.ItemIsSelectable
    assert not flags & (Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemIsDragEnabled)


def test_a_verdict_draws_its_row_and_lays_out_nothing(browser, qtbot):
    scans = browser.list.scans
    qtbot.waitUntil(lambda: scans.asked[1, VERDICT_ROLE])
    scans.asked.clear()
    scans.set_verdict(Path("scan 1.png"), "Glioma", 0)
    qtbot.waitUntil(lambda: scans.asked[1, VERDICT_ROLE])
    assert scans.asked["rows"] < MANY / 10


def test_all_of_it_can_be_selected_without_looking_at_each_scan(browser, qtbot):
    scans = browser.list.scans
    browser.list.setFocus()
    scans.asked.clear()
    qtbot.keyClick(browser.list, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    browser.list.choose(Path("scan 7.png"))
    assert browser.read_button.text() == "Read 20,000 scans"
    assert browser.list.chosen() == browser.files()
    assert scans.asked["data"] < MANY / 10
