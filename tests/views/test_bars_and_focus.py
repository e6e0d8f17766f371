"""Where the keys go when a bar or a button of the window is put away, in the whole window."""

from PySide6.QtCore import Qt

from btgui.engine.notifications import Notification, notify
from tests.views.conftest import MANY, begin_reading


def test_the_message_that_was_closed_by_its_button_leaves_the_keys_to_the_scan(window, qtbot):
    close = window.messages.bar.close_button
    for page, heir in (
        (window.preprocessing, window.tabs.tabBar()),
        (window.page, window.scan_view.canvas),
    ):
        window.tabs.setCurrentWidget(page)
        notify(Notification("error", "The disk is full."))
        qtbot.waitUntil(close.isVisible)
        close.setFocus()
        qtbot.keyClick(close, Qt.Key.Key_Space)
        assert not close.isVisible()
        assert heir.hasFocus()


def test_earlier_runs_that_are_put_off_leave_the_keys_to_the_scan(window, qtbot, earlier):
    bar = window.training.bar
    bar.offer([earlier])
    bar.later.setFocus()
    qtbot.keyClick(bar.later, Qt.Key.Key_Space)
    assert not bar.isVisible()
    assert window.scan_view.canvas.hasFocus()


def test_a_folder_s_reading_that_is_stopped_leaves_the_keys_to_its_table(window, qtbot, tmp_path):
    begin_reading(qtbot, window, tmp_path)
    results = window.folder_results
    results.stop.setFocus()
    qtbot.keyClick(results.stop, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: not results.running())
    assert results.model.rowCount() < MANY
    assert results.table.hasFocus()
    window.tabs.setCurrentWidget(window.page)


def test_a_search_that_is_stopped_leaves_the_keys_to_the_list(window, qtbot):
    browser = window.browser
    browser.stop.show()  # as while a folder is searched
    browser.list.show()
    browser.series.hide()
    browser.stop.setFocus()
    qtbot.keyClick(browser.stop, Qt.Key.Key_Space)
    assert browser.list.hasFocus()
