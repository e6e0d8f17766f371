from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from btgui.engine.exports.csv_table import ResultRow
from btgui.views.folder_results_model import HEADINGS, SORT_ROLE, FolderResultsModel
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


def test_probabilities_sort_as_numbers_and_failures_come_last(model):
    assert model.index(0, 2).data(SORT_ROLE) == 0.8
    assert model.index(1, 2).data(SORT_ROLE) == -1.0


def test_a_verdict_has_its_class_s_colour(model):
    assert model.index(0, 1).data(Qt.ItemDataRole.DecorationRole) == class_colour(1)
    assert model.index(1, 1).data(Qt.ItemDataRole.DecorationRole) is None


def test_starting_anew_empties_it(model):
    model.start(tuple(NAMES), tuple(NAMES.values()))
    assert model.rowCount() == 0


def test_names_sort_by_their_numbers(model):
    model.add([ResultRow(Path("scan 10.png"), "", {}, "m", "x")])
    model.add([ResultRow(Path("scan 2.png"), "", {}, "m", "x")])
    ten, two = (model.index(row, 0).data(SORT_ROLE) for row in (2, 3))
    assert two < ten
