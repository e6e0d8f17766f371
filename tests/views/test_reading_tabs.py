import pytest
from PySide6.QtWidgets import QWidget

from btgui.views.reading_tabs import ReadingTabs


@pytest.fixture
def parts():
    return QWidget(), QWidget(), QWidget()


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
