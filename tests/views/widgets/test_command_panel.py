import pytest
from PySide6.QtCore import Qt

from btgui.engine.training_runs.events import Message, PhaseStarted, Progress
from btgui.views.widgets.command_panel import CommandPanel
from btgui.workers.training_process import Ending


@pytest.fixture
def panel(qtbot):
    panel = CommandPanel({"reading": "Reading scans", "comparing": "Comparing scans"})
    qtbot.addWidget(panel)
    panel.show()
    panel.begin("Starting …")
    return panel


def test_progress_is_shown_step_by_step(panel):
    assert (panel.bar.minimum(), panel.bar.maximum()) == (0, 0)  # busy, not known how far
    panel.show_event(PhaseStarted("reading", 2000))
    panel.show_event(Progress("reading", 1500, 2000))
    assert panel.text.text() == "Step 1 of 2: Reading scans 1,500 of 2,000"
    assert (panel.bar.value(), panel.bar.maximum()) == (1500, 2000)
    panel.show_event(PhaseStarted("comparing"))
    assert panel.text.text() == "Step 2 of 2: Comparing scans"


def test_what_it_does_not_know_is_passed_over(panel):
    panel.show_event(PhaseStarted("fitting", 3))
    panel.show_event(Message("info", "hello"))
    assert panel.text.text() == "Starting …"


def test_stop_and_again_are_asked_for_by_clicks(panel, qtbot):
    with qtbot.waitSignal(panel.stop_requested):
        qtbot.mouseClick(panel.stop, Qt.MouseButton.LeftButton)
    panel.show_ending(Ending("stopped", "Stopped."), "You stopped it.")
    assert panel.text.text() == "You stopped it."
    assert not panel.stop.isVisible()
    with qtbot.waitSignal(panel.again_requested):
        qtbot.mouseClick(panel.again, Qt.MouseButton.LeftButton)


def test_a_crash_shows_its_log_on_demand(panel, qtbot):
    panel.show_ending(Ending("crashed", "It ended unexpectedly.", log="Traceback"), "")
    assert panel.text.text() == "It ended unexpectedly."
    assert not panel.log.isVisible()
    qtbot.mouseClick(panel.details, Qt.MouseButton.LeftButton)
    assert panel.log.isVisible()
    panel.begin("Starting …")
    assert not any(part.isVisible() for part in (panel.log, panel.details, panel.again))
