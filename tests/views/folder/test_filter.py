from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow

from btgui.engine.exports.folder_table import ResultRow
from btgui.views.folder.filter import FolderFilter
from btgui.views.folder.results_model import FolderResultsModel
from btgui.views.theme import class_colour

CLASSES, NAMES = ("glioma", "notumor"), ("Glioma", "No tumour")
SURE, UNSURE = {"glioma": 0.9, "notumor": 0.1}, {"glioma": 0.1, "notumor": 0.9}
ROWS = [
    ResultRow(Path("knee.dcm"), "glioma", SURE, "m", remark="This is no scan of a head."),
    ResultRow(Path("a 1.png"), "glioma", SURE, "m"),
    ResultRow(Path("glioma of before.png"), "notumor", UNSURE, "m"),
    ResultRow(Path("b.png"), "", {}, "m", "b.png is empty."),
]


@pytest.fixture
def row(qtbot):
    model = FolderResultsModel()
    row = FolderFilter(model)
    qtbot.addWidget(row)
    row.model = model
    model.start(CLASSES, NAMES)
    row.start(CLASSES, NAMES)
    model.add(ROWS)
    row.show()
    return row


def shown(row) -> list[str]:
    return [result.path.stem for result in row.model.shown_rows()]


def choose_kind(row, text: str):
    row.kind.setCurrentIndex(row.kind.findText(text, Qt.MatchFlag.MatchStartsWith))


def test_all_rows_are_shown_at_first_and_counted(row):
    assert len(shown(row)) == 4
    assert row.count.text() == "4 scans"
    assert not row.hides_rows()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("GLIOMA", ["knee", "a 1", "glioma of before"]),  # a verdict, or a name
        ("no tum", ["glioma of before"]),
        ("no head", ["knee"]),  # the remark
        ("empty", ["b"]),
        ("before glioma", ["glioma of before"]),  # in any order
        ("90", []),
    ],
)
def test_what_is_typed_is_sought_in_names_verdicts_and_remarks(row, qtbot, text, found):
    qtbot.keyClicks(row.search, text)
    assert shown(row) == found
    assert row.count.text() == f"{len(found)} of 4 scans"


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        ("Glioma", ["knee", "a 1"]),
        ("No tumour", ["glioma of before"]),
        ("Doubtful", ["knee"]),
        ("Not read", ["b"]),
    ],
)
def test_one_kind_is_shown_alone(row, kind, found):
    choose_kind(row, kind)
    assert shown(row) == found
    choose_kind(row, "All")
    assert not row.hides_rows()


def test_esc_clears_the_line_and_is_the_window_s_only_when_it_is_empty(row, qtbot):
    window, stopped = QMainWindow(), []
    qtbot.addWidget(window)
    window.setCentralWidget(row)
    stop = QAction("Stop", window)
    stop.setShortcut(QKeySequence(Qt.Key.Key_Escape))
    stop.triggered.connect(lambda: stopped.append(True))
    window.addAction(stop)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    row.search.setFocus()
    qtbot.keyClicks(row.search, "knee")
    qtbot.keyClick(row.search, Qt.Key.Key_Escape)
    assert (row.search.text(), stopped) == ("", [])
    assert len(shown(row)) == 4
    qtbot.keyClick(row.search, Qt.Key.Key_Escape)
    assert stopped == [True]
    window.takeCentralWidget().setParent(None)  # it is ended by its own fixture


def test_words_and_kind_narrow_together(row):
    choose_kind(row, "Glioma")
    row.search.setText("png")
    assert shown(row) == ["a 1"]


def test_a_row_that_comes_later_is_counted_whether_it_is_shown_or_not(row):
    choose_kind(row, "Not read")
    row.model.add([ROWS[1]])
    assert row.count.text() == "1 of 5 scans"
    row.model.add([ROWS[3]])
    assert row.count.text() == "2 of 6 scans"


def test_what_is_shown_keeps_the_order_of_reading_however_it_is_sorted(row):
    row.model.sort(0, Qt.SortOrder.DescendingOrder)
    assert [row.model.index(n, 0).data() for n in range(2)] == ["knee.dcm", "glioma of before.png"]
    assert shown(row) == ["knee", "a 1", "glioma of before", "b"]


def test_a_new_table_is_shown_whole_and_offers_its_model_s_classes(row):
    choose_kind(row, "Doubtful")
    row.search.setText("knee")
    row.model.start(("a", "b"), ("<b>A", "B"))
    row.start(("a", "b"), ("<b>A", "B"))
    assert row.search.text() == ""
    texts = [row.kind.itemText(index) for index in range(row.kind.count())]
    assert texts[:3] == ["All verdicts", "<b>A", "B"]
    assert row.kind.currentIndex() == 0
    assert row.kind.itemData(2, Qt.ItemDataRole.DecorationRole) == class_colour(1)
