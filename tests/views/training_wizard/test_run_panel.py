from btgui.engine.training_runs.events import PhaseStarted, StepDone
from btgui.views.training_wizard.run_panel import RunPanel


def test_no_pace_is_told_before_one_is_known_nor_after_the_fit(qtbot):
    panel = RunPanel()
    qtbot.addWidget(panel)
    panel.start(
        dict.fromkeys(("loss", "accuracy", "validation_loss", "validation_accuracy"), ()), 4, 2
    )
    left, rate = panel.facts["Time left"], panel.facts["Scans a second"]
    panel.take(StepDone(1, 4, 1, 10, 0.6, 0.7, 0.3, -1.0, 1536))
    assert (left.text(), rate.text()) == ("not known yet", "\N{EN DASH}")
    panel.take(StepDone(4, 4, 10, 10, 0.6, 0.7, 12.5, 0.0, 1536))
    assert (left.text(), rate.text()) == ("about 1 s", "12.5")
    panel.take(PhaseStarted("measuring", 20))
    assert left.text() == rate.text() == "\N{EN DASH}"
