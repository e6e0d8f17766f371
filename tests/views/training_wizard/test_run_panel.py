import pytest

from btgui.engine.training_runs.events import Message, PhaseStarted, Progress, StepDone
from btgui.views.training_wizard.run_panel import RunPanel


@pytest.fixture
def panel(qtbot):
    panel = RunPanel()
    qtbot.addWidget(panel)
    panel.start(
        dict.fromkeys(("loss", "accuracy", "validation_loss", "validation_accuracy"), ()), 4, 2
    )
    return panel


def test_a_run_that_ends_while_it_prepares_does_not_look_done(panel):
    panel.take(PhaseStarted("comparing", 120))
    panel.take(Progress("comparing", 120, 120))
    panel.take(Progress("comparing", 30, 120))
    assert (panel.total.value(), panel.total.maximum()) == (30, 120)
    panel.take(Message("info", "One scan is left out."))
    assert panel.message.text() == "One scan is left out."
    panel.take(PhaseStarted("fitting", 4))
    assert panel.total.value() == 0
    assert panel.message.text() == ""  # it was about the phase before
    panel.take(Progress("comparing", 120, 120))
    panel.rest("The training could not go on.")
    assert (panel.total.value(), panel.total.maximum()) == (0, 1000)


def test_a_run_at_rest_shows_how_far_it_came(panel):
    panel.take(StepDone(2, 4, 5, 10, 0.6, 0.7, 12.5, 60.0, 1536))
    panel.rest("Stopped.")
    assert panel.total.value() == 375


def test_no_pace_is_told_before_one_is_known_nor_after_the_fit(panel):
    left, rate = panel.facts["Time left"], panel.facts["Scans per second"]
    panel.take(PhaseStarted("fitting", 20))
    assert panel.phase.text() == "Preparing the first step, which takes the longest …"
    panel.take(StepDone(1, 4, 1, 10, 0.6, 0.7, 0.3, -1.0, 1536))
    assert (left.text(), rate.text()) == ("not known yet", "\N{EN DASH}")
    assert panel.phase.text() == "Training …"
    panel.take(StepDone(4, 4, 10, 10, 0.6, 0.7, 12.5, 0.0, 1536))
    assert (left.text(), rate.text()) == ("\N{EN DASH}", "12.5")
    panel.take(PhaseStarted("measuring", 20))
    assert left.text() == rate.text() == "\N{EN DASH}"


def test_in_the_smallest_wizard_the_curves_stay_whole_below_two_lines_of_words(panel, qtbot):
    panel.rest("The training could not go on. No scan is left to choose with. " * 2)
    panel.take(Message("info", "No scan is kept for the test: its figures will say nothing. " * 3))
    panel.resize(702, 323)
    panel.show()
    qtbot.waitUntil(lambda: panel.height() == 323)
    for plot in (panel.curves.loss, panel.curves.accuracy):
        assert plot.geometry().bottom() < panel.curves.height()
