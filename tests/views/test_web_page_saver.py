import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from btgui.views import web_page_saver as module
from btgui.views.saving import await_savings
from btgui.views.web_page_saver import WebPageSaver
from btgui.workers.background import Background


@pytest.fixture
def saver(qtbot, tmp_path):
    saver = WebPageSaver()
    qtbot.addWidget(saver)
    saver.show()
    (tmp_path / "made.html").write_text("all of it")
    saver.offer(tmp_path / "made.html", "Mine: v2/3 on " + "long " * 40)
    return saver


def test_a_report_is_saved_where_the_user_says(qtbot, saver, tmp_path, answer_dialog):
    answer_dialog("getSaveFileName", (str(tmp_path / "kept"), ""))
    qtbot.mouseClick(saver.save, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: saver.saved.text() == "Saved kept.html.")
    assert (tmp_path / "kept.html").read_text() == "all of it"
    saver.offer(tmp_path / "made.html", "Another")
    assert saver.saved.text() == ""


def test_the_list_of_its_scans_is_saved_apart(qtbot, saver, tmp_path, answer_dialog):
    assert not saver.save_list.isVisible()
    (tmp_path / "made.csv").write_text("which file")
    saver.offer(tmp_path / "made.html", "Mine", tmp_path / "made.csv")
    answer_dialog("getSaveFileName", (str(tmp_path / "house"), ""))
    qtbot.mouseClick(saver.save_list, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: saver.saved.text() == "Saved house.csv.")
    assert (tmp_path / "house.csv").read_text() == "which file"


def test_the_name_that_is_proposed_is_one_that_a_file_can_have(qtbot, saver, monkeypatch):
    asked = []
    monkeypatch.setattr(
        "btgui.views.dialogs.file_dialogs.QFileDialog.getSaveFileName",
        lambda *arguments: (asked.append(Path(arguments[2]).name), ("", ""))[1],
    )
    qtbot.mouseClick(saver.save, Qt.MouseButton.LeftButton)
    assert asked[0].startswith("Mine_ v2_3 on long long")
    assert asked[0].endswith(" l.html")
    assert len(asked[0]) < 110
    assert saver.saved.text() == ""


def test_a_place_that_cannot_be_written_is_told(qtbot, saver, tmp_path, answer_dialog):
    answer_dialog("getSaveFileName", (str(tmp_path / "none" / "kept.html"), ""))
    qtbot.mouseClick(saver.save, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "kept.html cannot be written" in saver.saved.text())
    assert "Choose another folder." in saver.saved.text()


def test_a_window_that_closes_waits_for_it_and_stays_where_it_fails(
    qtbot, saver, tmp_path, answer_dialog
):
    answer_dialog("getSaveFileName", (str(tmp_path / "none" / "kept.html"), ""))
    qtbot.mouseClick(saver.save, Qt.MouseButton.LeftButton)
    assert not await_savings(saver)
    assert "cannot be written" in saver.saved.text()


def test_a_page_that_takes_too_long_is_not_called_being_saved_for_ever(
    qtbot, saver, monkeypatch, tmp_path, answer_dialog
):
    goes_on = threading.Event()
    monkeypatch.setattr(module, "_copy", lambda *_: goes_on.wait(20))
    monkeypatch.setattr(Background, "finish", lambda _: None)  # not that long
    answer_dialog("getSaveFileName", (str(tmp_path / "kept"), ""))
    qtbot.mouseClick(saver.save, Qt.MouseButton.LeftButton)
    assert not await_savings(saver)
    assert "may be incomplete" in saver.saved.text()
    goes_on.set()


def test_a_long_name_does_not_widen_the_window(qtbot, saver, tmp_path, answer_dialog):
    answer_dialog("getSaveFileName", (str(tmp_path / ("long " * 20)), ""))
    width = saver.minimumSizeHint().width()
    qtbot.mouseClick(saver.save, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: saver.saved.text().startswith("Saved long"))
    assert saver.minimumSizeHint().width() < width + 100
