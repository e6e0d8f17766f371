"""Folders read in the whole window by the small model."""

import shutil
import zipfile

from PySide6.QtCore import Qt

from btgui.views.browser.scan_list_model import VERDICT_ROLE
from btgui.workers.outcomes import FolderReading
from tests.conftest import read_table
from tests.dicom_files import dicom_test_file
from tests.views.conftest import MANY, PATIENCE, begin_reading, drop, press, read

MARK = "\N{WARNING SIGN}"


def test_a_folder_is_read_with_its_failures_and_saved(
    window, qtbot, folder, answer_dialog, tmp_path
):
    (folder / "broken.png").write_bytes(b"no picture")
    read(qtbot, window, folder)
    with qtbot.waitSignal(window.service.folder_finished, timeout=PATIENCE):
        press(qtbot, window, "read_folder")
    assert window.tabs.currentWidget() is window.folder_results
    assert window.folder_results.status.text() == (
        "Done: 3 scans read by Small test model, 1 could not be read."
    )
    answer_dialog("getSaveFileName", (str(tmp_path / "results.csv"), ""))
    press(qtbot, window, "save_table")
    qtbot.waitUntil((tmp_path / "results.csv").exists)
    rows = read_table(tmp_path / "results.csv")
    assert sorted(bool(row["error"]) for row in rows) == [False, False, False, True]


def test_a_scan_of_another_kind_has_a_remark_in_the_table_and_in_its_file(
    window, qtbot, folder, answer_dialog, tmp_path
):
    shutil.copy(dicom_test_file("CT_small.dcm"), folder / "CT.dcm")
    read(qtbot, window, folder)
    with qtbot.waitSignal(window.service.folder_finished, timeout=PATIENCE):
        press(qtbot, window, "read_folder")
    table = window.folder_results.model
    remarks = {
        table.index(row, 0).data(): table.index(row, 4).data() for row in range(table.rowCount())
    }
    assert "not trained on CT scans" in remarks.pop("CT.dcm")
    assert set(remarks.values()) == {""}
    scans = window.browser.list.scans
    verdicts = {scans.index(row).data(): scans.index(row).data(VERDICT_ROLE) for row in range(4)}
    assert [name for name, said in verdicts.items() if said.endswith(MARK)] == ["CT.dcm"]
    answer_dialog("getSaveFileName", (str(tmp_path / "results.csv"), ""))
    press(qtbot, window, "save_table")
    qtbot.waitUntil((tmp_path / "results.csv").exists)
    (saved,) = [row["remark"] for row in read_table(tmp_path / "results.csv") if row["remark"]]
    assert "not trained on CT scans" in saved


def test_what_is_asked_for_while_the_model_is_loaded_is_read_after_it(window, qtbot, folder):
    read(qtbot, window, folder)
    with qtbot.waitSignal(window.service.folder_finished, timeout=PATIENCE):
        window.use_model(window.pack)
        press(qtbot, window, "read_folder")
        assert (
            window.status.currentMessage() == "3 scans will be read as soon as the model is ready."
        )
    assert window.folder_results.status.text() == "Done: 3 scans read by Small test model."


def test_what_waits_for_the_model_can_be_stopped(window, qtbot, folder, monkeypatch):
    read(qtbot, window, folder)
    asked = []
    monkeypatch.setattr(window.service, "read_folder", asked.append)
    for stop in (lambda: press(qtbot, window, "cancel"), lambda: window.folder.set_no_model("")):
        with qtbot.waitSignal(window.service.model_ready, timeout=PATIENCE):
            window.use_model(window.pack)
            press(qtbot, window, "read_folder")
            stop()
        qtbot.waitUntil(lambda: window.pack is not None)
    assert asked == []


def test_of_a_single_scan_it_says_one_scan(window, qtbot, scan_file):
    read(qtbot, window, scan_file)
    with qtbot.waitSignal(window.service.folder_finished, timeout=PATIENCE):
        press(qtbot, window, "read_folder")
    assert window.folder_results.status.text() == "Done: 1 scan read by Small test model."


def test_a_row_of_the_sorted_table_opens_its_scan(window, qtbot, folder):
    read(qtbot, window, folder)
    with qtbot.waitSignal(window.service.folder_finished, timeout=PATIENCE):
        press(qtbot, window, "read_folder")
    table, opened = window.folder_results.table, []
    window.folder_results.scan_requested.connect(opened.append)
    heading, row = table.horizontalHeader(), table.visualRect(table.model().index(0, 0)).center()
    for _ in range(2):  # the second time: the other way round
        place = heading.rect().center()
        place.setX(heading.sectionViewportPosition(0) + 20)
        qtbot.mouseClick(heading.viewport(), Qt.MouseButton.LeftButton, pos=place)
    with qtbot.waitSignal(window.service.explanation_ready, timeout=PATIENCE):
        qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=row)
        qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=row)
    assert opened == [folder / "2.png"]  # once
    assert window.gradcam.analysis.scan.path == folder / "2.png"
    assert window.tabs.currentWidget() is window.page


def test_a_zip_s_rows_open_and_are_saved_under_its_name_when_something_else_is_open(
    window, qtbot, folder, answer_dialog, tmp_path, scan_file
):
    archive = tmp_path / "scans.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for name in ("0.png", "1.png"):
            file.write(folder / name, f"CD/{name}")
    assert drop(window, [archive])
    qtbot.waitUntil(lambda: len(window.browser.files()) == 2)
    with qtbot.waitSignal(window.service.folder_finished, timeout=PATIENCE):
        press(qtbot, window, "read_folder")
    read(qtbot, window, scan_file)
    row = window.folder_results.model.row(0)
    assert row.path.is_file()
    with qtbot.waitSignal(window.service.explanation_ready, timeout=PATIENCE):
        window.folder_results.scan_requested.emit(row.path)
    assert window.gradcam.analysis.scan.path == row.path
    answer_dialog("getSaveFileName", (str(tmp_path / "results.csv"), ""))
    window.folder_results.save_table()
    qtbot.waitUntil((tmp_path / "results.csv").exists)
    paths = [line["path"] for line in read_table(tmp_path / "results.csv")]
    assert paths == [str(archive / "CD" / name) for name in ("0.png", "1.png")]
    window.folder_results.start(0, (), ())
    window.folder_results.finish("")
    read(qtbot, window, scan_file)
    qtbot.waitUntil(lambda: not row.path.exists())  # nothing lists it any more


def test_reading_a_folder_can_be_stopped(window, qtbot, tmp_path):
    begin_reading(qtbot, window, tmp_path)
    with qtbot.waitSignal(window.service.folder_finished, timeout=PATIENCE) as finished:
        press(qtbot, window, "cancel")
    assert finished.args[0].stopped
    assert finished.args[0].read < MANY
    assert window.folder_results.status.text().startswith("Stopped: ")


def test_a_reading_that_ends_late_leaves_the_newer_one_its_files(window, qtbot, folder):
    read(qtbot, window, folder)
    service, paths = window.service, sorted(folder.iterdir())
    before = service.newest_folder
    window.browser.folder_reading_requested.emit(paths)
    service.folder_finished.emit(FolderReading(1, 0, stopped=True, number=before))
    assert window.folder.paths == tuple(paths)
    qtbot.waitUntil(lambda: window.folder.paths == (), timeout=PATIENCE)
