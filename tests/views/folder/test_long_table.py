"""A table of thousands of results: what it asks of Python does not grow with its length."""

from collections import Counter
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt
from PySide6.QtWidgets import QApplication

from btgui.engine.exports.folder_table import ResultRow
from btgui.views.folder import results_model
from btgui.views.folder.results import FolderResults
from btgui.views.folder.results_model import FolderResultsModel
from btgui.views.widgets.selected_rows import selected_rows

MANY = 5000


class Asked(FolderResultsModel):
    """Counts what Qt asks of the table."""

    def __init__(self, parent):
        super().__init__(parent)
        self.asked = 0

    def rowCount(self, parent=QModelIndex()):  # noqa: B008, N802  (Qt's form)
        self.asked += 1
        return super().rowCount(parent)

    def data(self, index, role=Qt.ItemDataRole.DisplayRole):
        self.asked += 1
        return super().data(index, role)


@pytest.fixture
def results(qtbot, monkeypatch):
    monkeypatch.setattr("btgui.views.folder.results.FolderResultsModel", Asked)
    results = FolderResults()
    qtbot.addWidget(results)
    results.show()
    results.start(MANY, ("glioma", "notumor"), ("Glioma", "No tumour"))
    shares = {"glioma": 0.9, "notumor": 0.1}
    results.add_rows(
        [ResultRow(Path(f"scan {number}.png"), "glioma", shares, "m") for number in range(MANY)]
    )
    QApplication.processEvents()
    results.model.asked = 0
    return results


def test_it_is_sorted_and_filtered_without_asking_about_each_row(results, qtbot):
    results.table.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    qtbot.keyClicks(results.filter.search, "scan 49")
    QApplication.processEvents()
    assert results.filter.count.text() == "199 of 5,000 scans"
    assert results.table.model().index(0, 0).data() == "scan 4999.png"
    assert results.model.asked < MANY


def test_all_its_rows_are_selected_and_copied_without_asking_about_each(results, qtbot):
    results.activateWindow()
    qtbot.waitUntil(results.isActiveWindow)
    results.table.setFocus()
    qtbot.keyClick(results.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    results.table.viewport().repaint()
    results.table.horizontalHeader().viewport().repaint()
    qtbot.keyClick(results.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QApplication.clipboard().text().splitlines()
    assert len(lines) == MANY
    assert lines[-1] == "scan 4999.png\tGlioma\t90 %\tNo tumour, 10 %\t"
    assert results.model.asked < MANY


def names_selected(results):
    return {results.model.texts(row)[0] for row in selected_rows(results.table)}


def test_of_all_its_rows_those_stay_selected_that_a_filter_does_not_hide(results):
    results.filter.search.setText("scan 1")
    results.table.selectAll()
    shown = names_selected(results)
    results.filter.search.setText("scan 2")
    assert len(shown) == results.model.rowCount()  # as many others are shown now
    assert names_selected(results) == {name for name in shown if "2" in name}
    results.filter.search.clear()
    assert names_selected(results) == {name for name in shown if "2" in name}


def test_it_is_sorted_without_asking_about_each_cell_of_many_selected_rows(results):
    results.table.selectAll()
    index = results.model.index(7, 0)
    rows = QItemSelectionModel.SelectionFlag.Rows
    results.table.selectionModel().select(index, QItemSelectionModel.SelectionFlag.Deselect | rows)
    results.model.asked = 0
    results.table.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    assert results.model.asked < MANY * results.model.columnCount()
    selected = selected_rows(results.table)
    assert sorted({*range(MANY)} - {*selected}) == [MANY - 8]


def test_its_summary_counts_only_what_is_new(results, monkeypatch):
    monkeypatch.setattr(results.model, "rows", None)  # would be counted from the first one on
    results.add_rows([ResultRow(Path("bad.png"), "", {}, "m", "bad.png is empty.")])
    results.set_progress(MANY + 1, MANY + 1, 0.0)
    assert results.summary.text() == "Glioma: 5000     Not read: 1"
    assert results.model.verdicts() == Counter({"glioma": MANY, "": 1})


def test_the_texts_of_a_result_are_made_once(results, monkeypatch):
    monkeypatch.setattr(results_model, "_natural", None)
    for column in range(-1, results.model.columnCount()):
        results.table.sortByColumn(column, Qt.SortOrder.AscendingOrder)
    assert results.table.model().index(2, 0).data() == "scan 2.png"


def test_the_room_for_names_is_measured_on_a_part_of_the_rows(results):
    results.finish("Done.")
    assert results.model.asked < MANY
