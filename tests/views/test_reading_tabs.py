import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from btgui.views.folder.results import FolderResults
from btgui.views.reading_page import ReadingPage
from btgui.views.reading_tabs import ReadingTabs
from btgui.views.widgets.layouts import stacked


@pytest.fixture
def parts():
    return ReadingPage(), QWidget(), FolderResults()


@pytest.fixture
def tabs(qtbot, parts):
    tabs = ReadingTabs(*parts)
    qtbot.addWidget(tabs)
    return tabs


def test_the_scan_is_seen_first(tabs, parts):
    assert tabs.currentWidget() is parts[0]
    assert [tabs.tabText(n) for n in range(3)] == ["Scan", "Preprocessing", "Folder"]


def test_only_the_table_gives_way_to_a_scan(tabs, parts):
    page, preprocessing, table = parts
    tabs.show_table()
    assert tabs.currentWidget() is table
    tabs.leave_table()
    assert tabs.currentWidget() is page
    tabs.setCurrentWidget(preprocessing)
    tabs.leave_table()
    assert tabs.currentWidget() is preprocessing


def test_who_came_from_the_table_by_keys_has_them_on_the_scan(qtbot):
    page, results, elsewhere = ReadingPage(), FolderResults(), QLineEdit()
    holder = stacked(elsewhere, ReadingTabs(page, QWidget(), results))
    qtbot.addWidget(holder)
    holder.show()
    holder.activateWindow()
    qtbot.waitUntil(holder.isActiveWindow)
    tabs = holder.findChild(ReadingTabs)
    tabs.show_table()
    results.table.setFocus()
    tabs.leave_table()
    assert page.scan_view.canvas.hasFocus()
    tabs.show_table()
    elsewhere.setFocus()
    tabs.leave_table()
    assert elsewhere.hasFocus()


def test_the_table_takes_the_keys_from_the_scan_not_the_line_that_would_be_typed_into(qtbot):
    page, results = ReadingPage(), FolderResults()
    tabs = ReadingTabs(page, QWidget(), results)
    qtbot.addWidget(tabs)
    tabs.show()
    tabs.activateWindow()
    qtbot.waitUntil(tabs.isActiveWindow)
    results.start(2, ("a", "b"), ("A", "B"))
    page.scan_view.setFocus()
    tabs.show_table()
    assert results.table.hasFocus()
    results.find()
    tabs.leave_table()
    tabs.show_table()
    assert results.table.hasFocus()


def test_tab_goes_through_all_controls_of_the_folder_s_page(qtbot):
    results = FolderResults()
    tabs = ReadingTabs(ReadingPage(), QWidget(), results)
    qtbot.addWidget(tabs)
    tabs.show_table()
    tabs.show()
    tabs.activateWindow()
    qtbot.waitUntil(tabs.isActiveWindow)
    results.start(2, ("a", "b"), ("A", "B"))
    tabs.tabBar().setFocus()
    line = results.filter
    for stop in (results.stop, line.search, line.kind, results.table):
        qtbot.keyClick(tabs.focusWidget(), Qt.Key.Key_Tab)
        assert stop.hasFocus()
