import shutil

import pytest
from PySide6.QtCore import Qt

from btgui.engine.models.library import ModelLibrary
from btgui.engine.training_runs.runs import begin_run, model_folder, new_run_folder, runs
from btgui.views.training_wizard.assembly import build_wizard
from tests.views.training_wizard.fake_run import process_of

DATA, TRAINING, RESULT = 0, 4, 5


@pytest.fixture
def finished(qtbot, tmp_path, draft, tiny_pack, monkeypatch):
    """A wizard on the result page of a finished training that has not been measured."""
    wizard = build_wizard(
        process_of(""), ModelLibrary(tmp_path / "none", tmp_path / "models"), None
    )
    qtbot.addWidget(wizard)
    folder = new_run_folder()
    run = begin_run(draft.request(model_folder(folder)), folder)
    shutil.copytree(tiny_pack.folder, run.pack)
    wizard.draft = draft
    draft.run_folder = run.folder
    monkeypatch.setattr(wizard.pages[RESULT], "_measure", lambda _run: None)
    wizard.pages[TRAINING].show_run(run)
    wizard.show()
    wizard.go_to(TRAINING)
    wizard.go_to(RESULT)
    yield wizard
    for page in wizard.pages:
        page.close_down()


def click(qtbot, button):
    assert button.isVisible()
    assert button.isEnabled()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def keep(qtbot, finished):
    """Add the model to the library, and wait for it."""
    result = finished.pages[RESULT]
    click(qtbot, result.keep)
    qtbot.waitUntil(lambda: not result.busy())


def test_after_a_decision_no_page_shows_the_run_that_is_gone(qtbot, finished):
    keep(qtbot, finished)
    assert runs() == []
    click(qtbot, finished.back)
    training = finished.current_page
    assert training.begin.isVisible()
    assert not training.resume.isVisible()
    assert not finished.next.isEnabled()


def test_another_training_begins_with_the_data(qtbot, finished):
    keep(qtbot, finished)
    click(qtbot, finished.pages[RESULT].another)
    assert finished.current_index == DATA
    assert finished.draft.run_folder is None
