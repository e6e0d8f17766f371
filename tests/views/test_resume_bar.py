from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from btgui.engine.training_request import TrainingRequest
from btgui.engine.training_runs.runs import begin_run, model_folder, new_run_folder
from btgui.views.resume_bar import ResumeBar


@pytest.fixture
def bar(qtbot):
    bar = ResumeBar()
    qtbot.addWidget(bar)
    return bar


def test_it_is_not_seen_without_a_run(bar):
    assert not bar.isVisible()


def test_going_on_is_told_once_and_the_bar_goes(qtbot, bar, earlier):
    told = []
    bar.chosen.connect(told.append)
    bar.offer([earlier])
    assert "Mine was interrupted before it began" in bar.text.text()
    qtbot.mouseClick(bar.go_on, Qt.MouseButton.LeftButton)
    assert told == [earlier]
    assert not bar.isVisible()


def test_it_says_why_a_run_ended_where_that_is_known(bar, earlier):
    earlier.note_failure("Add scans of glioma.")
    bar.offer([earlier])
    assert bar.text.text() == (
        "The training of Mine was interrupted before it began. Add scans of glioma."
    )
    assert bar.go_on.text() == "Resume"


def test_discarding_is_only_asked_for_and_the_bar_stays(qtbot, bar, earlier):
    bar.offer([earlier])
    with qtbot.waitSignal(bar.discard_requested) as asked:
        qtbot.mouseClick(bar.discard, Qt.MouseButton.LeftButton)
    assert asked.args == [earlier]
    assert bar.isVisible()
    assert earlier.asked.exists()
    bar.offer([])
    assert not bar.isVisible()


def test_several_runs_are_offered_one_after_the_other(qtbot, bar, earlier):
    folder = new_run_folder()
    other = begin_run(TrainingRequest(("scans",), str(model_folder(folder)), "<b>B"), folder)
    bar.offer([earlier, other])
    assert bar.text.text().startswith("The training of Mine was")
    assert bar.text.text().endswith("(1 of 2)")
    qtbot.mouseClick(bar.later, Qt.MouseButton.LeftButton)
    assert bar.text.text().startswith("The training of <b>B was")
    with qtbot.waitSignal(bar.chosen) as chosen:
        qtbot.mouseClick(bar.go_on, Qt.MouseButton.LeftButton)
    assert chosen.args == [other]


def test_later_leaves_everything_as_it_is(qtbot, bar, earlier):
    bar.offer([earlier])
    qtbot.mouseClick(bar.later, Qt.MouseButton.LeftButton)
    assert not bar.isVisible()
    assert earlier.asked.exists()


def test_a_finished_run_offers_its_result(bar, earlier):
    earlier.pack.mkdir()
    (earlier.pack / "card.json").touch()
    bar.offer([earlier])
    assert bar.go_on.text() == "See the result"
    assert "waits for your decision" in bar.text.text()


def test_a_long_name_wraps_and_does_not_widen_the_bar(bar, earlier):
    bar.offer([earlier])
    narrow = bar.minimumSizeHint().width()
    name = "The scans of all departments " * 20
    bar.offer([replace(earlier, request=replace(earlier.request, name=name))])
    assert bar.minimumSizeHint().width() < narrow + bar.fontMetrics().averageCharWidth() * 20
