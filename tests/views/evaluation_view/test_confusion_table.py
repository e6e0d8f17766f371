import pytest
from PySide6.QtCore import Qt

from btgui.views.evaluation_view.confusion_table import ConfusionTable

LONG = "A tumour with a name that goes on and on, as some do, to the very end"


@pytest.fixture
def table(qtbot):
    table = ConfusionTable()
    qtbot.addWidget(table)
    table.resize(600, 300)
    table.show()
    return table


def shown(qtbot, table, names):
    table.show_counts(names, [[1000] * len(names)] * len(names))
    qtbot.waitUntil(lambda: table.horizontalHeader().count() == len(names))


def test_long_names_leave_room_for_the_numbers(qtbot, table):
    shown(qtbot, table, [LONG, f"{LONG} 2", "Healthy"])
    qtbot.waitUntil(lambda: table.viewport().width() > 0.6 * table.width())
    assert table.verticalHeader().textElideMode() == Qt.TextElideMode.ElideRight
    assert table.verticalHeaderItem(0).toolTip() == f"is {LONG}"
    assert table.horizontalHeaderItem(0).toolTip() == f"read as {LONG}"


@pytest.mark.parametrize(("count", "first"), [(4, "read as Class 0"), (5, "Class 0")])
def test_of_many_classes_the_headings_are_names_alone(qtbot, table, count, first):
    shown(qtbot, table, [f"Class {number}" for number in range(count)])
    assert table.horizontalHeaderItem(0).text() == first


def test_a_cell_says_what_its_number_is_and_promises_nothing(qtbot, table):
    shown(qtbot, table, ["Glioma", "Meningioma"])
    assert table.item(0, 1).toolTip() == "Of 2,000 scans of Glioma, 1,000 read as Meningioma."


def test_a_number_is_always_seen_whole(qtbot, table):
    shown(qtbot, table, [f"Class {number}" for number in range(40)])
    needed = table.fontMetrics().horizontalAdvance("1,000")
    assert table.columnWidth(0) > needed
    assert table.horizontalScrollBar().maximum() > 0
