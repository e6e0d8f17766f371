"""Signals to a separate process: sent to that of the tests, they could end it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from btgui.views.ending_signals import closed_by_signals

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals are sent as POSIX has them")
ROOT = Path(__file__).resolve().parents[2]
# A window that is asked to close: it stays the first times, or waits for an answer meanwhile.
PROGRAM = """
import os, signal, sys
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from btgui.views.ending_signals import closed_by_signals

STAYS, ASKS = int(sys.argv[1]), len(sys.argv) > 2
signal.signal(signal.SIGINT, signal.default_int_handler)  # in the background shells ignore it
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # nohup ignores it

class Window(QWidget):
    asked = 0

    def closeEvent(self, event):
        self.asked += 1
        if ASKS:
            os.kill(os.getpid(), signal.SIGINT)
            answer = QEventLoop()
            QTimer.singleShot(100, answer.quit)
            answer.exec()
        if self.asked <= STAYS:
            event.ignore()
        print("asked", flush=True)

application = QApplication([])
window = Window()
window.show()
with closed_by_signals(window):
    QTimer.singleShot(0, lambda: print("ready", flush=True))
    application.exec()
print(window.asked, flush=True)
"""


@pytest.fixture
def start():
    """Return a function that starts the program and waits until its window is there."""
    started = []

    def begin(*arguments) -> subprocess.Popen:
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, *map(str, arguments)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        started.append(process)
        assert process.stdout.readline() == "ready\n"
        return process

    yield begin
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_closes_the_window(start, name):
    process = start(0)
    process.send_signal(getattr(signal, name))
    told, _ = process.communicate(timeout=60)
    assert (told, process.returncode) == ("asked\n1\n", 0)


def test_a_window_that_stays_is_asked_again_by_the_next_signal(start):
    process = start(1)
    process.send_signal(signal.SIGINT)
    assert process.stdout.readline() == "asked\n"
    process.send_signal(signal.SIGINT)
    told, _ = process.communicate(timeout=60)
    assert (told, process.returncode) == ("asked\n2\n", 0)


def test_while_the_window_asks_it_is_not_asked_again(start):
    process = start(0, "asks")
    process.send_signal(signal.SIGINT)
    told, _ = process.communicate(timeout=60)
    assert (told, process.returncode) == ("asked\n1\n", 0)


def test_afterwards_signals_do_what_they_did_before(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    with closed_by_signals(window):
        pass
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before
