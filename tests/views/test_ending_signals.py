import os
import signal

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from btgui.views.ending_signals import closed_by_signals


class Window(QWidget):
    """A window that counts how often it was to close, and stays the first times."""

    def __init__(self):
        super().__init__()
        self.asked = 0
        self.stays = 0

    def closeEvent(self, event):  # noqa: N802  (Qt's name)
        self.asked += 1
        if self.asked <= self.stays:
            event.ignore()
        else:
            super().closeEvent(event)


@pytest.fixture
def window(qtbot):
    window = Window()
    qtbot.addWidget(window)
    window.show()
    return window


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_closes_the_window_at_once(window, qapp, number):
    with closed_by_signals(window):
        QTimer.singleShot(0, lambda: os.kill(os.getpid(), number))
        qapp.exec()  # until the last window is closed
    assert not window.isVisible()


def test_a_window_that_stays_is_asked_again_by_the_next_signal(window, qtbot):
    window.stays = 1
    with closed_by_signals(window):
        os.kill(os.getpid(), signal.SIGINT)
        qtbot.waitUntil(lambda: window.asked == 1)
        assert window.isVisible()
        os.kill(os.getpid(), signal.SIGINT)
        qtbot.waitUntil(lambda: not window.isVisible())


def test_while_the_window_asks_it_is_not_asked_again(window, qtbot, monkeypatch):
    def ask(_event):
        window.asked += 1
        os.kill(os.getpid(), signal.SIGINT)
        qtbot.wait(50)  # as a dialog waits for its answer

    monkeypatch.setattr(window, "closeEvent", ask)
    with closed_by_signals(window):
        os.kill(os.getpid(), signal.SIGINT)
        qtbot.waitUntil(lambda: window.asked > 0)
        qtbot.wait(50)
    assert window.asked == 1


def test_afterwards_signals_do_what_they_did_before(window):
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    with closed_by_signals(window):
        pass
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before
