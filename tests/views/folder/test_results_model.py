from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPersistentModelIndex, Qt

from btgui.engine.exports.folder_table import ResultRow
from btgui.views.folder.results_model import HEADINGS, FolderResultsModel
from btgui.views.theme import class_colour

NAMES = {"glioma": "Glioma", "notumor": "No tumour"}


@pytest.fixture
def model():
    model = FolderResultsModel()
    model.start(tuple(NAMES), tuple(NAMES.values()))
    model.add([ResultRow(Path("a.png"), "notumor", {"glioma": 0.2, "notumor": 0.8}, "m")])
    model.add([ResultRow(Path("b.png"), "", {}, "m", "b.png is empty.")])
    return model


def texts(model, row: int) -> list[str]:
    return [model.index(row, column).data() for column in range(model.columnCount())]


def test_a_result_is_in_the_reader_s_words(model):
    assert texts(model, 0) == ["a.png", "No tumour", "80 %", "Glioma, 20 %", ""]


def test_a_file_that_was_not_read_says_why(model):
    assert texts(model, 1) == ["b.png", "Not read", "", "", "b.png is empty."]
    assert model.index(1, 0).data(Qt.ItemDataRole.ToolTipRole) == "b.png is empty."


def test_why_not_to_trust_a_verdict_is_a_remark(model):
    found = ResultRow(Path("c.dcm"), "glioma", {"glioma": 0.9, "notumor": 0.1}, "m")
    model.add([replace(found, remark="This is no scan of a head.")])
    assert texts(model, 2)[-1] == "This is no scan of a head."
    assert texts(model, 2)[1] == "Glioma  \N{WARNING SIGN}"
    assert model.index(2, 0).data(Qt.ItemDataRole.ToolTipRole).endswith("c.dcm")
    assert texts(model, 0)[-1] == ""
    model.start(tuple(NAMES), tuple(NAMES.values()))
    model.add([found])
    assert texts(model, 0)[-1] == ""


def test_columns_have_headings(model):
    heading = [model.headerData(c, Qt.Orientation.Horizontal) for c in range(len(HEADINGS))]
    assert heading == list(HEADINGS)


def names(model) -> list[str]:
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def read(name: str, share: float) -> ResultRow:
    verdict = "glioma" if share > 0.5 else "notumor"
    return ResultRow(Path(name), verdict, {"glioma": share, "notumor": 1 - share}, "m")


RISING, FALLING = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder


def test_probabilities_sort_as_numbers_and_failures_come_first(model):
    model.add([read("c.png", 0.95), read("d.png", 0.44)])
    model.sort(2, RISING)
    assert names(model) == ["b.png", "d.png", "a.png", "c.png"]
    model.sort(2, FALLING)
    assert names(model) == ["c.png", "a.png", "d.png", "b.png"]
    model.sort(-1, RISING)
    assert names(model) == ["a.png", "b.png", "c.png", "d.png"]


@pytest.mark.parametrize("order", [RISING, FALLING])
@pytest.mark.parametrize("column", range(-1, len(HEADINGS)))
def test_rows_that_come_later_lie_where_sorting_puts_them(model, column, order):
    model.sort(column, order)
    rows = [read(f"{number}.png", share) for number, share in enumerate((0.7, 0.3, 0.91, 0.3))]
    model.add(rows[:2])
    model.add(rows[2:])
    at_once = names(model)
    model.sort(column, order)
    assert names(model) == at_once
    assert [model.row(n).path.name for n in range(6)] == at_once
    assert [row.path.name for row in model.rows()][2:] == ["0.png", "1.png", "2.png", "3.png"]


def test_what_is_held_stays_with_its_scan(model):
    held = QPersistentModelIndex(model.index(0, 3))
    model.sort(0, FALLING)
    assert (held.row(), held.column(), held.data()) == (1, 3, "Glioma, 20 %")
    model.add([read("c.png", 0.9)])
    assert (held.row(), held.data()) == (2, "Glioma, 20 %")
    model.sort(-1, RISING)
    assert held.row() == 0


def test_a_verdict_has_its_class_s_colour(model):
    assert model.index(0, 1).data(Qt.ItemDataRole.DecorationRole) == class_colour(1)
    assert model.index(1, 1).data(Qt.ItemDataRole.DecorationRole) is None


def test_starting_anew_empties_it(model):
    model.start(tuple(NAMES), tuple(NAMES.values()))
    assert model.rowCount() == 0


def test_names_sort_by_their_numbers(model):
    model.add([ResultRow(Path("scan 10.png"), "", {}, "m", "x")])
    model.add([ResultRow(Path("scan 2.png"), "", {}, "m", "x")])
    model.sort(0, Qt.SortOrder.AscendingOrder)
    assert names(model)[2:] == ["scan 2.png", "scan 10.png"]
