import pytest
from PySide6.QtCore import QItemSelectionModel
from PySide6.QtGui import QStandardItemModel

from btgui.views.widgets.row_table import RowTable
from btgui.views.widgets.selected_rows import select_rows, selected_rows

SELECT, DESELECT = (
    flag | QItemSelectionModel.SelectionFlag.Rows
    for flag in (
        QItemSelectionModel.SelectionFlag.Select,
        QItemSelectionModel.SelectionFlag.Deselect,
    )
)


@pytest.fixture
def table(qtbot):
    table = RowTable()
    qtbot.addWidget(table)
    table.setModel(QStandardItemModel(6, 3, table))
    return table


def test_each_selected_row_is_named_once_and_in_order(table):
    for row in (4, 1, 2):
        table.selectionModel().select(table.model().index(row, 0), SELECT)
    assert selected_rows(table) == [1, 2, 4]


def test_a_row_taken_out_of_all_leaves_the_others(table):
    table.selectAll()
    table.selectionModel().select(table.model().index(3, 1), DESELECT)
    assert selected_rows(table) == [0, 1, 2, 4, 5]


def test_where_nothing_is_selected_there_is_none(table):
    assert selected_rows(table) == []


@pytest.mark.parametrize("rows", [[], [0], [5, 1, 2], [0, 1, 2, 3, 4, 5]])
def test_rows_are_selected_as_wholes_and_no_others(table, rows):
    table.selectRow(4)
    select_rows(table, rows)
    chosen = table.selectionModel().selectedRows()
    assert sorted(index.row() for index in chosen) == selected_rows(table) == sorted(rows)
