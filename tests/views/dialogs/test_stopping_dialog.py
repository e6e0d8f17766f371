"""A real program that takes its time to stop, as a large network's step does."""

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from btgui.engine.training_runs.events import Ended, to_line
from btgui.views.dialogs.stopping_dialog import StoppingDialog
from tests.views.training_wizard.fake_run import process_of

PATIENCE = 60_000
SLOW = (
    "import sys, time\n"
    "from pathlib import Path\n"
    "print('ready', file=sys.stderr)\n"
    "assert sys.stdin.readline() == 'stop\\n'\n"
    "while not Path(sys.argv[1]).exists(): time.sleep(0.01)\n"
    f"print({to_line(Ended('stopped', 'Stopped.'))!r})\n"
)


@pytest.fixture
def may_stop(tmp_path):
    """The file that the program waits for when it has been told to stop."""
    return tmp_path / "may stop"


@pytest.fixture
def begin(qtbot, may_stop):
    """Return a function that starts a program that takes its time to stop, and its dialog."""
    made = []

    def start():
        process = process_of(SLOW)
        parent = QWidget()
        qtbot.addWidget(parent)
        made.extend((process, parent))
        process.start([str(may_stop)])
        qtbot.waitUntil(lambda: "ready" in process._log, timeout=PATIENCE)
        endings = []
        process.ended.connect(endings.append)
        return StoppingDialog(process, parent), process, endings

    yield start
    for process in made[::2]:
        process.close(100)


def test_it_waits_as_long_as_it_takes_while_the_window_goes_on(begin, may_stop):
    dialog, process, endings = begin()
    turns = []
    timer = QTimer()
    timer.timeout.connect(lambda: turns.append(dialog.isVisible()))
    timer.timeout.connect(lambda: sum(turns) > 10 and may_stop.touch())
    timer.timeout.connect(dialog.reject)  # as Escape does
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Return):
        timer.timeout.connect(lambda key=key: QTest.keyClick(dialog.focusWidget() or dialog, key))
    timer.start(20)
    dialog.wait()
    timer.stop()
    assert [ending.how for ending in endings] == ["stopped"]
    assert not process.is_running()
    assert sum(turns) > 10


def test_it_can_be_ended_at_once(begin, qtbot):
    dialog, process, endings = begin()
    QTimer.singleShot(0, lambda: qtbot.mouseClick(dialog.end_now, Qt.MouseButton.LeftButton))
    dialog.wait()
    assert [ending.how for ending in endings] == ["killed"]
    assert not process.is_running()


def test_one_that_has_ended_already_is_not_waited_for(begin, qtbot):
    dialog, process, _ = begin()
    process.kill()
    qtbot.waitUntil(lambda: not process.is_running(), timeout=PATIENCE)
    dialog.wait()
