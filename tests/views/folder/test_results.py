from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog

from btgui.engine.exports.folder_table import ResultRow
from btgui.views import saving
from btgui.views.folder.results import FolderResults
from btgui.views.theme import apply_theme
from tests.conftest import read_table

CLASSES, NAMES = ("glioma", "notumor"), ("Glioma", "No tumour")


def row(name: str, share: float) -> ResultRow:
    verdict = "glioma" if share > 0.5 else "notumor"
    return ResultRow(Path(name), verdict, {"glioma": share, "notumor": 1 - share}, "small")


@pytest.fixture
def results(qtbot):
    results = FolderResults()
    qtbot.addWidget(results)
    results.resize(900, 500)
    results.show()
    results.start(4, CLASSES, NAMES)
    results.add_rows([row(f"{number}.png", share) for number, share in enumerate((0.9, 0.2, 0.7))])
    results.add_rows([ResultRow(Path("bad.png"), "", {}, "small", "bad.png is empty.")])
    return results


def shown(results) -> list[str]:
    table = results.table.model()
    return [table.index(number, 0).data() for number in range(table.rowCount())]


def test_before_a_reading_it_says_where_the_verdicts_on_series_are(qtbot):
    results = FolderResults()
    qtbot.addWidget(results)
    assert "series" in results.status.text()
    assert not results.running()
    assert results.progress.isHidden()
    assert not results.save.isEnabled()


def test_long_names_get_the_room_that_remarks_leave(results):
    results.add_rows([row("brisc2025_train_02477_no_axial_t1_weighted.png", 0.9)])
    needed = results.table.sizeHintForColumn(0)
    results.resize(700, 500)
    results.finish("Done.")
    assert results.table.columnWidth(0) < needed  # the reason for a failure is beside it
    results.resize(1900, 500)
    results.finish("Done.")
    assert results.table.columnWidth(0) >= needed


def test_names_that_find_no_room_are_told_apart_by_their_ends(results):
    results.add_rows([row(f"brisc2025_train_{number:05}.png", 0.9) for number in (1, 2)])
    table = results.table
    table.setColumnWidth(0, 90)
    first, second = (table.visualRect(table.model().index(number, 0)) for number in (4, 5))
    view = table.viewport()
    assert view.grab(first).toImage() != view.grab(second).toImage()


def test_one_scan_is_no_scans(results):
    results.start(1, CLASSES, NAMES)
    assert results.status.text() == "Reading 1 scan …"
    results.set_progress(0, 1, 0.2)
    assert results.status.text() == "0 of 1 scan, about 1 s left"
    results.set_progress(1, 1, 0.0)
    assert results.status.text() == "1 of 1 scan"


def test_while_reading_it_shows_progress_and_offers_to_stop(results):
    results.set_progress(2, 4, 3.0)
    assert results.running()
    assert results.progress.isVisible()
    assert results.progress.value() == 2
    assert results.status.text() == "2 of 4 scans, about 3 s left"
    assert not results.save.isEnabled()
    assert results.stop.text() == "Stop"
    assert results.stop.isEnabled()


def test_at_the_end_it_sums_up_and_offers_to_save(results):
    results.finish("Done: 3 scans read, 1 could not be read.")
    assert results.status.text() == "Done: 3 scans read, 1 could not be read."
    assert results.summary.text() == "Glioma: 2     No tumour: 1     Not read: 1"
    assert results.save.isEnabled()
    assert not results.stop.isVisible()
    assert not results.running()


def test_a_click_on_a_heading_sorts(results, qtbot):
    header = results.table.horizontalHeader()
    place = header.viewport()
    x = header.sectionViewportPosition(2) + 20
    centre = place.rect().center()
    centre.setX(x)
    qtbot.mouseClick(place, Qt.MouseButton.LeftButton, pos=centre)
    ascending = shown(results)
    qtbot.mouseClick(place, Qt.MouseButton.LeftButton, pos=centre)
    assert shown(results) == list(reversed(ascending))
    assert ascending == ["bad.png", "2.png", "1.png", "0.png"]


def test_a_double_click_asks_for_the_row_s_scan_also_when_sorted(results, qtbot):
    results.table.sortByColumn(2, Qt.SortOrder.DescendingOrder)
    first = shown(results)[0]
    place = results.table.visualRect(results.table.model().index(0, 0)).center()
    viewport = results.table.viewport()
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    asked = []
    results.scan_requested.connect(asked.append)
    qtbot.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    assert asked == [Path(first)]


def test_return_asks_for_the_row_s_scan(results, qtbot):
    results.table.setCurrentIndex(results.table.model().index(1, 0))
    with qtbot.waitSignal(results.scan_requested) as asked:
        qtbot.keyClick(results.table, Qt.Key.Key_Return)
    assert asked.args == [Path("1.png")]


def test_chosen_rows_are_copied_as_they_are_seen(results, qtbot):
    results.table.sortByColumn(2, Qt.SortOrder.DescendingOrder)
    results.table.selectRow(0)
    results.activateWindow()
    qtbot.waitUntil(results.isActiveWindow)
    results.table.setFocus()
    qtbot.keyClick(results.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == "0.png\tGlioma\t90 %\tNo tumour, 10 %\t"
    results.table.selectAll()
    qtbot.keyClick(results.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    copied = [line.split("\t")[0] for line in QApplication.clipboard().text().splitlines()]
    assert copied == shown(results)


def test_the_right_button_offers_to_show_and_to_copy(results, qtbot):
    show, copy = results.table.actions()
    assert (show.text(), copy.text()) == ("Show scan", "Copy rows")
    asked = []
    results.scan_requested.connect(asked.append)
    show.trigger()  # on no row
    assert asked == []
    results.table.setCurrentIndex(results.table.model().index(1, 0))
    show.trigger()
    assert asked == [Path("1.png")]


def test_a_verdict_has_one_line_and_room(results):
    height = results.table.sizeHintForRow(0)
    name = "A tumour whose name is rather long"
    results.start(1, CLASSES, (name, NAMES[1]))
    results.add_rows([row("0.png", 0.9)])
    assert results.table.sizeHintForRow(0) == height
    assert results.table.sizeHintForColumn(1) <= results.table.columnWidth(1)


def test_the_table_is_saved_as_csv(results, qtbot, answer_dialog, tmp_path):
    results.finish("Done.")
    answer_dialog("getSaveFileName", (str(tmp_path / "results"), ""))
    qtbot.mouseClick(results.save, Qt.MouseButton.LeftButton)
    qtbot.waitUntil((tmp_path / "results.csv").exists)
    rows = read_table(tmp_path / "results.csv")
    assert [Path(line["path"]).name for line in rows] == ["0.png", "1.png", "2.png", "bad.png"]
    assert rows[0]["verdict"] == "glioma"
    assert rows[3]["error"] == "bad.png is empty."


def test_the_rows_there_were_when_saving_was_asked_for_are_saved(
    results, qtbot, tmp_path, monkeypatch
):
    results.finish("Done.")

    def meanwhile(*_, **__):
        results.start(1, ("another",), ("Another",))  # the next folder
        return str(tmp_path / "results.csv"), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", staticmethod(meanwhile))
    qtbot.mouseClick(results.save, Qt.MouseButton.LeftButton)
    qtbot.waitUntil((tmp_path / "results.csv").exists)
    rows = read_table(tmp_path / "results.csv")
    assert len(rows) == 4
    assert rows[0]["probability glioma"] != ""


def test_of_a_filtered_table_the_shown_rows_are_saved_and_all_says_so(
    results, qtbot, tmp_path, monkeypatch
):
    asked = []

    def ask(_parent, title, file, *_, **__):
        asked.append((title, Path(file).name))
        return str(tmp_path / f"{len(asked)}.csv"), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", staticmethod(ask))
    results.finish("Done.")
    results.save.click()
    qtbot.keyClicks(results.filter.search, "glioma")
    assert results.save.text() == "Save 2 shown …"
    assert results.save.toolTip().startswith("Save the rows that are shown, 2 of 4 scans")
    results.save.click()
    assert asked == [
        ("Save table", "btgui results.csv"),
        ("Save 2 of 4 scans", "btgui results 2 of 4 scans.csv"),
    ]
    qtbot.waitUntil((tmp_path / "2.csv").exists)
    assert [row["path"] for row in read_table(tmp_path / "2.csv")] == ["0.png", "2.png"]
    results.filter.search.setText("none of them")
    assert not results.save.isEnabled()
    results.save_table()
    assert len(asked) == 2
    results.filter.search.clear()
    assert (results.save.text(), results.save.isEnabled()) == ("Save table …", True)


def test_a_chosen_row_stays_chosen_when_it_is_sorted_and_filtered(results):
    results.table.selectRow(1)
    for change in (
        lambda: results.table.sortByColumn(2, Qt.SortOrder.DescendingOrder),
        lambda: results.filter.search.setText("png"),
        lambda: results.filter.search.setText("no tumour"),
        results.filter.search.clear,
        lambda: results.table.sortByColumn(-1, Qt.SortOrder.AscendingOrder),
    ):
        change()
        (chosen,) = results.table.selectionModel().selectedRows()
        assert chosen.data() == "1.png"


def test_the_filter_leaves_a_row_its_scan(results, qtbot):
    results.filter.search.setText("2.png")
    results.table.setCurrentIndex(results.table.model().index(0, 0))
    with qtbot.waitSignal(results.scan_requested) as asked:
        qtbot.keyClick(results.table, Qt.Key.Key_Return)
    assert asked.args == [Path("2.png")]


def test_a_table_that_cannot_be_saved_is_told(results, qtbot, answer_dialog, tmp_path, monkeypatch):
    told = []
    monkeypatch.setattr(saving, "notify", told.append)
    answer_dialog("getSaveFileName", (str(tmp_path / "no folder" / "x.csv"), ""))
    results.finish("Done.")
    results.save_table()
    qtbot.waitUntil(lambda: [message.level for message in told] == ["error"])


def test_a_new_reading_begins_with_an_empty_table(results):
    results.start(1, CLASSES, NAMES)
    assert shown(results) == []
    assert results.summary.text() == ""


def test_no_heading_is_cut(qtbot):
    apply_theme(QApplication.instance())
    results = FolderResults()
    qtbot.addWidget(results)
    results.resize(900, 500)
    results.show()
    header = results.table.horizontalHeader()
    for column in range(header.count() - 1):
        assert results.table.columnWidth(column) >= header.sectionSizeHint(column)
