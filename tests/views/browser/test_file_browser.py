import os
import threading
import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from btgui.engine.disk.files import sha256_of
from btgui.views.browser.file_browser import FileBrowser


@pytest.fixture
def browser(qtbot):
    browser = FileBrowser()
    qtbot.addWidget(browser)
    browser.resize(260, 700)
    browser.show()
    yield browser
    browser.close_workers()


@pytest.fixture
def opened(browser, folder, qtbot):
    with qtbot.waitSignal(browser.files_listed):
        browser.show_files([folder])
    return browser


def click_row(qtbot, browser, row: int, key=Qt.KeyboardModifier.NoModifier):
    place = browser.list.visualRect(browser.list.scans.index(row)).center()
    qtbot.mouseClick(browser.list.viewport(), Qt.MouseButton.LeftButton, key, place)


def test_an_opened_folder_is_listed_and_told(browser, folder, qtbot):
    told = []
    browser.folder_opened.connect(told.append)
    with qtbot.waitSignal(browser.files_listed):
        browser.show_files([folder])
    assert told == [folder]
    assert browser.files() == sorted(folder.iterdir())
    assert browser.heading.text() == "3 scans"


def test_a_drive_without_an_answer_does_not_hold_up_the_window(browser, folder, qtbot, monkeypatch):
    answers, is_dir, asked = threading.Event(), os.path.isdir, []

    def slowly(path):
        if path == folder:
            asked.append(threading.current_thread())
            assert answers.wait(20)
        return is_dir(path)

    monkeypatch.setattr(os.path, "isdir", slowly)
    browser.show_files([folder])
    qtbot.waitUntil(lambda: bool(asked))
    with qtbot.waitSignal(browser.files_listed):  # another one, of a drive that does
        browser.show_files([folder.parent])
    answers.set()
    assert threading.main_thread() not in asked


def test_the_tree_shows_the_open_folder(opened, folder, qtbot):
    tree = opened.tree

    def chosen() -> Path:
        return Path(tree.folders.filePath(tree.currentIndex()))

    qtbot.waitUntil(
        lambda: chosen() == folder and not tree.visualRect(tree.currentIndex()).isEmpty()
    )


def test_return_in_the_tree_opens_the_folder_under_the_cursor(opened, folder, tmp_path, qtbot):
    opened.tree.setCurrentIndex(opened.tree.folders.index(str(tmp_path)))
    with qtbot.waitSignal(opened.folder_opened) as told:
        qtbot.keyClick(opened.tree, Qt.Key.Key_Return)
    assert told.args == [tmp_path]


def test_a_click_on_a_scan_asks_for_it(opened, folder, qtbot):
    with qtbot.waitSignal(opened.scan_requested) as asked:
        click_row(qtbot, opened, 1)
    assert asked.args == [folder / "1.png"]


def test_return_asks_for_the_scan_under_the_cursor(opened, folder, qtbot):
    opened.list.setCurrentIndex(opened.list.scans.index(2))
    with qtbot.waitSignal(opened.scan_requested) as asked:
        qtbot.keyClick(opened.list, Qt.Key.Key_Return)
    assert asked.args == [folder / "2.png"]


def test_stepping_stops_at_both_ends(opened, folder, qtbot):
    asked = []
    opened.scan_requested.connect(asked.append)
    for by in (1, 1, 1, 1, -1, -1, -1):
        opened.step(by)
    assert [path.name for path in asked] == [
        "0.png",
        "1.png",
        "2.png",
        "2.png",
        "1.png",
        "0.png",
        "0.png",
    ]


def test_read_all_asks_for_every_scan(opened, folder, qtbot):
    with qtbot.waitSignal(opened.folder_reading_requested) as asked:
        qtbot.mouseClick(opened.read_button, Qt.MouseButton.LeftButton)
    assert asked.args == [sorted(folder.iterdir())]


def test_with_several_chosen_only_those_are_asked_for(opened, folder, qtbot):
    click_row(qtbot, opened, 0)
    click_row(qtbot, opened, 2, Qt.KeyboardModifier.ControlModifier)
    with qtbot.waitSignal(opened.folder_reading_requested) as asked:
        qtbot.mouseClick(opened.read_button, Qt.MouseButton.LeftButton)
    assert asked.args == [[folder / "0.png", folder / "2.png"]]


def test_a_scan_that_is_taken_out_of_those_chosen_is_not_opened_and_stays_out(
    opened, folder, qtbot
):
    asked = []
    opened.scan_requested.connect(asked.append)
    opened.scan_requested.connect(opened.list.choose)  # as the window does
    for row in range(3):
        click_row(qtbot, opened, row, Qt.KeyboardModifier.ControlModifier)
    click_row(qtbot, opened, 1, Qt.KeyboardModifier.ControlModifier)
    assert [path.name for path in asked] == ["0.png", "1.png", "2.png"]
    assert opened.list.chosen() == [folder / "0.png", folder / "2.png"]


def test_a_scan_that_is_opened_otherwise_is_chosen_alone_whatever_key_is_held(
    opened, folder, qtbot
):
    opened.list.clicked.connect(lambda: opened.list.choose(folder / "2.png"))
    click_row(qtbot, opened, 0, Qt.KeyboardModifier.ControlModifier)
    assert opened.list.chosen() == [folder / "2.png"]


def test_digests_of_the_scans_in_view_are_told(browser, folder, qtbot):
    known = {}
    browser.content_known.connect(known.__setitem__)
    browser.show_files([folder])
    qtbot.waitUntil(lambda: len(known) == 3)
    assert known[folder / "0.png"] == sha256_of(folder / "0.png")


def test_an_empty_folder_says_so_and_cannot_be_read(browser, tmp_path, qtbot):
    with qtbot.waitSignal(browser.files_listed):
        browser.show_files([tmp_path])
    assert browser.heading.text() == "No scans found"
    assert not browser.read_button.isEnabled()


def test_a_listing_that_was_overtaken_is_dropped(browser, folder, tmp_path, qtbot):
    other = tmp_path / "other"
    other.mkdir()
    browser.show_files([folder])
    with qtbot.waitSignal(browser.files_listed):
        browser.show_files([other])
    browser._loader._pool.waitForDone()
    QApplication.processEvents()  # what the overtaken listing told has arrived
    assert browser.files() == []


def test_five_thousand_files_are_listed_without_a_stall(browser, tmp_path, qtbot):
    for number in range(5000):
        (tmp_path / f"{number:04}.png").touch()
    with qtbot.waitSignal(browser.files_listed):
        browser.show_files([tmp_path])
    start = time.thread_time()
    browser.list.scans.set_paths(browser.files())
    browser.grab()
    assert time.thread_time() - start < 0.5
    assert browser.heading.text() == "5,000 scans"


def test_a_far_scan_is_scrolled_to_at_once(browser, tmp_path, qtbot):
    for number in range(400):
        (tmp_path / f"{number:03}.png").touch()
    with qtbot.waitSignal(browser.files_listed):
        browser.show_files([tmp_path])
    browser.list.choose(tmp_path / "399.png")
    shown = browser.list.visualRect(browser.list.scans.index(399))
    assert browser.list.viewport().rect().contains(shown.center())


def test_a_long_reason_wraps_and_does_not_widen_the_browser(browser, qtbot):
    narrow, low = browser.minimumSizeHint().width(), browser.heading.height()
    reason = f"It cannot be read ({'/archive_of_the_department' * 20}): permission <b>denied</b>."
    browser.indexing.failed.emit(reason)
    qtbot.waitUntil(lambda: browser.heading.height() > 3 * low)
    assert browser.heading.text() == reason
    assert browser.minimumSizeHint().width() == narrow
    assert browser.width() == 260
    assert "permission &lt;b&gt;denied" in browser.heading.toolTip()


def test_the_button_says_what_will_be_read(opened, folder, qtbot):
    assert opened.read_button.text() == "Read all"
    click_row(qtbot, opened, 0)
    assert opened.read_button.text() == "Read all"  # one is only the open one
    click_row(qtbot, opened, 2, Qt.KeyboardModifier.ControlModifier)
    assert opened.read_button.text() == "Read 2 scans"
    with qtbot.waitSignal(opened.folder_reading_requested) as asked:
        qtbot.mouseClick(opened.read_button, Qt.MouseButton.LeftButton)
    assert asked.args == [[folder / "0.png", folder / "2.png"]]
    with qtbot.waitSignal(opened.files_listed):
        opened.show_files([folder])
    assert opened.read_button.text() == "Read all"
