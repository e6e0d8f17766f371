from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from btgui.engine.training_request import TrainingRequest
from btgui.engine.training_runs.runs import begin_run, model_folder, new_run_folder
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


def test_going_on_is_told_once_and_the_bar_goes(qtbot, bar, run):
    told = []
    bar.chosen.connect(told.append)
    bar.offer([run])
    assert "Mine was interrupted in its first epoch" in bar.text.text()
    qtbot.mouseClick(bar.go_on, Qt.MouseButton.LeftButton)
    assert told == [run]
    assert not bar.isVisible()


def test_discarding_is_only_asked_for_and_the_bar_stays(qtbot, bar, run):
    bar.offer([run])
    with qtbot.waitSignal(bar.discard_requested) as asked:
        qtbot.mouseClick(bar.discard, Qt.MouseButton.LeftButton)
    assert asked.args == [run]
    assert bar.isVisible()
    assert run.asked.exists()
    bar.offer([])
    assert not bar.isVisible()


def test_several_runs_are_offered_one_after_the_other(qtbot, bar, run):
    folder = new_run_folder()
    other = begin_run(TrainingRequest(("scans",), str(model_folder(folder)), "<b>B"), folder)
    bar.offer([run, other])
    assert bar.text.text().startswith("The training of Mine was")
    assert bar.text.text().endswith("(1 of 2)")
    qtbot.mouseClick(bar.later, Qt.MouseButton.LeftButton)
    assert bar.text.text().startswith("The training of <b>B was")
    with qtbot.waitSignal(bar.chosen) as chosen:
        qtbot.mouseClick(bar.go_on, Qt.MouseButton.LeftButton)
    assert chosen.args == [other]


def test_later_leaves_everything_as_it_is(qtbot, bar, run):
    bar.offer([run])
    qtbot.mouseClick(bar.later, Qt.MouseButton.LeftButton)
    assert not bar.isVisible()
    assert run.asked.exists()


def test_a_finished_run_offers_its_result(bar, run):
    run.pack.mkdir()
    (run.pack / "card.json").touch()
    bar.offer([run])
    assert bar.go_on.text() == "See the result"
    assert "waits for your decision" in bar.text.text()


def test_a_long_name_wraps_and_does_not_widen_the_bar(bar, run):
    bar.offer([run])
    narrow = bar.minimumSizeHint().width()
    name = "The scans of all departments " * 20
    bar.offer([replace(run, request=replace(run.request, name=name))])
    assert bar.minimumSizeHint().width() < narrow + bar.fontMetrics().averageCharWidth() * 20
