import pytest
from PySide6.QtCore import Qt

from btgui.engine.errors import TrainingError
from btgui.engine.training_runs.events import Message, PhaseStarted, Progress
from btgui.views.widgets.command_panel import CommandPanel
from btgui.workers.training_process import Ending


@pytest.fixture
def panel(qtbot):
    phases = {"reading": "Reading scans", "comparing": "Comparing scans"}
    panel = CommandPanel(phases, "You stopped it.")
    qtbot.addWidget(panel)
    panel.show()
    yield panel
    panel.command.close()


@pytest.fixture
def running(panel):
    """A panel whose command has been started; the command emits no events by itself."""
    panel.start(lambda _folder: ["no such command"], lambda file: file)
    return panel


def test_progress_is_shown_step_by_step(running):
    assert running.text.text() == "Starting …"
    assert (running.bar.minimum(), running.bar.maximum()) == (0, 0)  # busy, not known how far
    running.command.event_arrived.emit(PhaseStarted("reading", 2000))
    running.command.event_arrived.emit(Progress("reading", 1500, 2000))
    assert running.text.text() == "Step 1 of 2: Reading scans 1,500 of 2,000"
    assert (running.bar.value(), running.bar.maximum()) == (1500, 2000)
    running.command.event_arrived.emit(PhaseStarted("comparing"))
    assert running.text.text() == "Step 2 of 2: Comparing scans"


def test_what_it_does_not_know_is_passed_over(running):
    running.command.event_arrived.emit(PhaseStarted("fitting", 3))
    running.command.event_arrived.emit(Message("info", "hello"))
    assert running.text.text() == "Starting …"


def test_it_is_stopped_and_asked_for_again_by_clicks(running, qtbot):
    qtbot.mouseClick(running.stop, Qt.MouseButton.LeftButton)
    assert running.text.text() == "Stopping …"
    qtbot.waitUntil(lambda: not running.command.is_busy())
    assert running.text.text() == "You stopped it."
    assert not running.stop.isVisible()
    with qtbot.waitSignal(running.again_requested):
        qtbot.mouseClick(running.again, Qt.MouseButton.LeftButton)


def test_what_cannot_be_begun_is_told(panel):
    def refuse(_folder):
        raise TrainingError("There is no room.")

    panel.start(refuse, lambda file: file)
    assert panel.text.text() == "There is no room."
    assert panel.again.isVisible()


def test_a_crash_shows_its_log_on_demand(running, qtbot):
    running.command.broke_off.emit(Ending("crashed", "It ended unexpectedly.", log="Traceback"))
    assert running.text.text() == "It ended unexpectedly."
    assert not running.log.isVisible()
    qtbot.mouseClick(running.details, Qt.MouseButton.LeftButton)
    assert running.log.isVisible()
    running.start(lambda _folder: ["no such command"], lambda file: file)
    assert not any(part.isVisible() for part in (running.log, running.details, running.again))
