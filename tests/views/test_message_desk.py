import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from btgui.engine.notifications import Notification, notify
from btgui.views.dialogs.error_dialog import ErrorDialog
from btgui.views.message_desk import MessageDesk
from btgui.views.status_bar import StatusBar


@pytest.fixture
def desk(qtbot):
    window = QWidget()
    desk = MessageDesk(StatusBar(window), window)
    desk.bar.setParent(window)
    qtbot.addWidget(window)
    window.show()
    yield desk
    desk.close()


def test_what_is_told_in_passing_goes_to_the_status_bar(desk):
    notify(Notification("info", "Saved results.csv."))
    assert desk._status.currentMessage() == "Saved results.csv."
    assert not desk.bar.isVisible()


@pytest.mark.parametrize("level", ["warning", "error"])
def test_a_problem_stays_in_its_bar_from_any_thread(desk, qtbot, level):
    sender = threading.Thread(target=lambda: notify(Notification(level, "The disk is full.")))
    sender.start()
    sender.join()
    qtbot.waitUntil(desk.bar.isVisible)
    desk._status.showMessage("the tip of a button")
    assert desk.bar.text.text() == "The disk is full."


def test_an_error_with_details_opens_a_dialog(desk):
    notify(Notification("error", "It broke.", "Traceback: line 1"))
    dialog = desk.parent().findChild(ErrorDialog)
    assert dialog.details.toPlainText() == "Traceback: line 1"
    assert not desk.bar.isVisible()


def test_an_error_that_repeats_opens_no_other_dialog(desk, qtbot):
    for _ in range(30):
        notify(Notification("error", "It broke.", "Traceback: line 1"))
    (dialog,) = desk.parent().findChildren(ErrorDialog)
    assert dialog.count.text() == "Errors so far: 30."
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    notify(Notification("error", "It broke again.", "Traceback: line 2"))
    qtbot.waitUntil(lambda: len(desk.parent().findChildren(ErrorDialog)) == 1)
    again = desk.parent().findChild(ErrorDialog)
    assert again.details.toPlainText() == "Traceback: line 2"
    assert not again.count.isVisible()


def test_an_error_that_is_over_is_withdrawn(desk):
    notify(Notification("warning", "Readings are not recorded any more."))
    notify(Notification("error", "The model is damaged."))
    desk.withdraw("The model is damaged.")
    assert desk.bar.text.text() == "Readings are not recorded any more."
    desk.withdraw("Readings are not recorded any more.")
    assert not desk.bar.isVisible()


def test_once_closed_it_takes_no_more(desk, capsys):
    desk.close()
    notify(Notification("error", "The disk is full."))
    assert not desk.bar.isVisible()
    assert "The disk is full." in capsys.readouterr().err
