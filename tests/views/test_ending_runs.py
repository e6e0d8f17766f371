from contextlib import ExitStack

import pytest

from btgui.engine.training_request import TrainingRequest
from btgui.engine.training_runs.runs import at_work, begin_run, model_folder, new_run_folder
from btgui.views import ending_runs
from btgui.views.ending_runs import EndingRuns


@pytest.fixture
def working():
    """A run in progress, and the exit stack that ends its process when closed."""
    folder = new_run_folder()
    run = begin_run(TrainingRequest(("scans",), str(model_folder(folder)), "Mine"), folder)
    with ExitStack() as held:
        held.enter_context(at_work(folder))
        yield run, held


@pytest.fixture
def watching(monkeypatch):
    monkeypatch.setattr(ending_runs, "_EVERY_MS", 10)
    made = EndingRuns()
    yield made
    made.stop()


def test_a_run_is_told_when_its_process_has_ended(qtbot, working, watching):
    run, held = working
    told = []
    watching.ended.connect(told.append)
    watching.watch()
    qtbot.wait(60)
    assert told == []
    with qtbot.waitSignal(watching.ended):
        held.close()
    assert told == [[run]]
    assert not watching._timer.isActive()


def test_it_does_not_look_for_ever(qtbot, working, watching, monkeypatch):
    monkeypatch.setattr(ending_runs, "_LOOKS", 2)
    watching.watch()
    assert watching._timer.isActive()
    qtbot.waitUntil(lambda: not watching._timer.isActive())


def test_where_nothing_is_at_work_it_does_not_look(watching):
    watching.watch()
    assert not watching._timer.isActive()
