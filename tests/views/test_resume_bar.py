import pytest
from PySide6.QtCore import Qt

from btgui.engine.training_request import TrainingRequest
from btgui.engine.training_runs import begin_run, model_folder, new_run_folder
from btgui.views.resume_bar import ResumeBar


@pytest.fixture
def run():
    folder = new_run_folder()
    return begin_run(TrainingRequest(("scans",), str(model_folder(folder)), "Mine"), folder)


@pytest.fixture
def bar(qtbot):
    bar = ResumeBar()
    qtbot.addWidget(bar)
    return bar


def test_it_is_not_seen_without_a_run(bar):
    assert not bar.isVisible()


@pytest.mark.parametrize("name", ["go_on", "discard"])
def test_the_user_s_choice_is_told_once_and_the_bar_goes(qtbot, bar, run, name):
    told = []
    {"go_on": bar.chosen, "discard": bar.discarded}[name].connect(told.append)
    bar.offer(run)
    assert "Mine was interrupted after epoch 0 of 12" in bar.text.text()
    qtbot.mouseClick(getattr(bar, name), Qt.MouseButton.LeftButton)
    assert told == [run]
    assert not bar.isVisible()


def test_later_leaves_everything_as_it_is(qtbot, bar, run):
    bar.offer(run)
    qtbot.mouseClick(bar.later, Qt.MouseButton.LeftButton)
    assert not bar.isVisible()
    assert run.asked.exists()


def test_a_finished_run_offers_its_result(bar, run):
    run.pack.mkdir()
    (run.pack / "card.json").touch()
    bar.offer(run)
    assert bar.go_on.text() == "See the result"
    assert "waits for your decision" in bar.text.text()
