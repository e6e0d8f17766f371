"""Earlier training runs that the bar offers while another one is running."""

import pytest
from PySide6.QtCore import Qt

from btgui.engine.training_request import TrainingRequest
from btgui.engine.training_runs.runs import begin_run, model_folder, new_run_folder, runs

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support raise", extend=True)


@pytest.fixture
def another(earlier):
    """A second run that was interrupted; it is newer."""
    folder = new_run_folder()
    return begin_run(TrainingRequest(("scans",), str(model_folder(folder)), "Newer"), folder)


def go_on(qtbot, desk):
    qtbot.mouseClick(desk.bar.go_on, Qt.MouseButton.LeftButton)


def test_of_one_that_is_done_the_result_is_shown(qtbot, training_desk, earlier):
    earlier.pack.mkdir()
    (earlier.pack / "card.json").touch()
    desk = training_desk()
    desk.offer_earlier_runs()
    assert desk.bar.go_on.text() == "See the result"
    go_on(qtbot, desk)
    result = desk.wizard.pages[-1]
    assert desk.wizard.isVisible()
    assert desk.wizard.current_page is result
    assert (desk.training_page.run, result.run) == (earlier, earlier)
    assert not desk.process.is_running()


def test_while_one_runs_none_is_gone_on_with_and_that_one_is_not_deleted(
    qtbot, training_desk, another, told, answer_question
):
    desk = training_desk()
    desk.offer_earlier_runs()
    go_on(qtbot, desk)
    assert not desk.bar.isVisible()
    desk.show_earlier_runs()
    assert desk.bar.text.text().startswith("The training of Newer")
    answer_question("Discard")
    qtbot.mouseClick(desk.bar.discard, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(told))
    assert told[0].text == "Newer is being trained; stop its training first."
    qtbot.mouseClick(desk.bar.later, Qt.MouseButton.LeftButton)
    go_on(qtbot, desk)
    assert told[-1].text.startswith("A training is running; resume the other one when")
    assert desk.training_page.run == another
    assert len(runs()) == 2


def test_one_whose_process_has_ended_joins_those_on_offer_and_brings_none_back_that_was_put_off(
    training_desk, earlier, another
):
    desk = training_desk()
    desk._ending_runs.ended.emit([earlier])
    assert desk.bar.text.text().startswith("The training of Mine was interrupted")
    assert "of 2" not in desk.bar.text.text()  # the other one was put off
    desk._ending_runs.ended.emit([earlier])
    assert desk.bar.text.text().endswith("(1 of 2)")
    desk.training_page.resume_run(another)
    assert not desk.bar.isVisible()
    desk._ending_runs.ended.emit([earlier])
    assert not desk.bar.isVisible()  # one is being trained


def test_one_that_cannot_be_started_at_all_has_failed_and_the_reason_stays(
    qtbot, training_desk, earlier, told
):
    desk = training_desk()
    desk.process._program = ("",)  # Qt refuses it without trying
    withdrawn = []
    desk.news.problem_over.connect(withdrawn.append)
    desk.offer_earlier_runs()
    go_on(qtbot, desk)
    qtbot.waitUntil(lambda: not desk.process.is_running())
    assert desk.news.indicator.text() != "Training …"
    assert "did not start. The process could not be started" in told[-1].text
    assert withdrawn == []
    assert desk.training_page.panel.phase.text().startswith("The training did not start.")
    assert desk.training_page.resume.isVisible()


@pytest.mark.parametrize("first", ["the model", "the wizard"])
def test_the_result_is_compared_with_the_model_in_use_and_goes_where_models_are(
    qtbot, training_desk, first
):
    desk = training_desk()
    if first == "the wizard":
        assert desk.wizard
    desk.set_in_use("small")
    result = desk.wizard.pages[-1]
    assert result._in_use == "small"
    with qtbot.waitSignal(desk.model_accepted) as accepted:
        result.accepted.emit("new", True)
    assert accepted.args == ["new", True]
