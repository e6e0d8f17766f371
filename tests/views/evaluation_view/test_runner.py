import json
import sys

import pytest
from PySide6.QtCore import Qt

from btgui.engine.training_runs.events import Ended, PhaseStarted, Progress, to_line
from btgui.views.evaluation_view.runner import EvaluationRunner
from btgui.workers import training_process
from tests.evaluation_values import VALUES

PATIENCE = 20_000
WRITING = (
    "import sys, json\n"
    f"open(sys.argv[sys.argv.index('--json') + 1], 'w').write({json.dumps(json.dumps(VALUES))})\n"
)


@pytest.fixture
def runner(qtbot, monkeypatch):
    """Return a function that shows a runner whose command is a small program."""

    def make(program):
        monkeypatch.setattr(
            training_process, "training_program", lambda: (sys.executable, "-u", "-c", program)
        )
        runner = EvaluationRunner()
        qtbot.addWidget(runner)
        runner.show()
        made.append(runner)
        runner.measure(["model", "scans"])
        return runner

    made = []
    yield make
    for one in made:
        one.close_workers()


def telling(*events):
    return "\n".join(f"print({to_line(event)!r})" for event in events) + "\n"


def test_what_was_measured_is_shown(qtbot, runner):
    done = runner(WRITING + telling(PhaseStarted("reading", 4), Ended("succeeded")))
    assert done.is_busy()
    qtbot.waitUntil(lambda: done.figures is not None, timeout=PATIENCE)
    assert done.figures.model == "Mine"
    assert done.view.isVisible()


def test_progress_is_shown_and_it_can_be_stopped(qtbot, runner):
    running = runner(telling(Progress("reading", 3, 4)) + "import time; time.sleep(60)")
    qtbot.waitUntil(lambda: "3 of 4" in running.panel.text.text(), timeout=PATIENCE)
    qtbot.mouseClick(running.panel.stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not running.is_busy(), timeout=PATIENCE)
    assert running.panel.text.text() == "Stopped before all scans were read."
    qtbot.mouseClick(running.panel.again, Qt.MouseButton.LeftButton)
    assert running.is_busy()


@pytest.mark.parametrize(
    ("program", "words"),
    [
        (telling(Ended("failed", "Rename that folder.")), "Rename that folder."),
        (telling(Ended("succeeded")), "cannot be read"),
    ],
)
def test_what_goes_wrong_is_told(qtbot, runner, program, words):
    failed = runner(program)
    qtbot.waitUntil(lambda: words in failed.panel.text.text(), timeout=PATIENCE)
    assert failed.figures is None
