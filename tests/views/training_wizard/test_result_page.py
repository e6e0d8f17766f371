import json
import shutil
import sys
import threading
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QMessageBox

from btgui.engine.models.library import ModelLibrary
from btgui.engine.training_request import TrainingRequest
from btgui.engine.training_runs.events import Ended, to_line
from btgui.engine.training_runs.runs import (
    at_work,
    begin_run,
    discard,
    model_folder,
    new_run_folder,
    runs,
)
from btgui.views.training_wizard import result_page
from btgui.views.training_wizard.draft import Draft
from btgui.views.training_wizard.result_page import ResultPage
from btgui.workers import training_process
from tests.evaluation_values import VALUES

PATIENCE = 60_000


def measuring(values):
    """Return a program that writes these figures."""
    return (
        "import sys\n"
        "print(' '.join(sys.argv), file=sys.stderr)\n"
        f"open(sys.argv[sys.argv.index('--json') + 1], 'w').write({json.dumps(json.dumps(values))})\n"
        f"print({to_line(Ended('succeeded'))!r})\n"
    )


MEASURED = measuring(VALUES)
FAILED = f"print({to_line(Ended('failed', 'No scan can be read.'))!r})\n"


@pytest.fixture
def run(tiny_pack):
    """A run that made a model."""
    folder = new_run_folder()
    run = begin_run(TrainingRequest(("scans",), str(model_folder(folder)), "Mine"), folder)
    shutil.copytree(tiny_pack.folder, run.pack)
    return run


@pytest.fixture
def continued(tiny_pack, run):
    """The same run, started from another model."""
    asked = replace(run.request, weights=str(tiny_pack.folder))
    run.asked.write_text(json.dumps(asked.to_json()))
    return run


@pytest.fixture
def entered(qtbot, run, tmp_path, monkeypatch):
    """Return a function that shows the page of the run, measured by a small program."""
    pages = []

    def make(program=MEASURED, shipped=tmp_path / "none"):
        monkeypatch.setattr(
            training_process, "training_program", lambda: (sys.executable, "-u", "-c", program)
        )
        page = ResultPage(ModelLibrary(shipped, tmp_path / "models"))
        qtbot.addWidget(page)
        pages.append(page)
        page.show()
        page.enter(Draft(run_folder=run.folder))
        assert page.busy()
        assert not page.use.isEnabled()
        qtbot.waitUntil(page.use.isEnabled, timeout=PATIENCE)
        return page

    yield make
    for page in pages:
        page.close_down()


@pytest.mark.parametrize(("button", "use"), [("use", True), ("keep", False)])
def test_an_accepted_model_joins_the_library_and_its_run_goes(
    qtbot, entered, tmp_path, tiny_pack, button, use
):
    page = entered()
    qtbot.waitUntil(lambda: page.runner.figures is not None, timeout=PATIENCE)
    with qtbot.waitSignal(page.accepted) as accepted:
        qtbot.mouseClick(getattr(page, button), Qt.MouseButton.LeftButton)
    assert accepted.args == [tiny_pack.card.id, use]
    # The figures stand beside those of the model that was in use before.
    assert page.runner.view.other_is_in_use != use
    assert page.beside.isVisible() != use
    assert ("(in use)" in page.runner.view.page.toPlainText()) != use
    library = ModelLibrary(tmp_path / "none", tmp_path / "models")
    assert [pack.card.id for pack in library.models()] == [tiny_pack.card.id]
    assert runs() == []
    assert not page.use.isVisible()
    assert page._draft.run_folder is None
    with qtbot.waitSignal(page.another_requested):
        qtbot.mouseClick(page.another, Qt.MouseButton.LeftButton)


@pytest.mark.parametrize("button", ["use", "keep", "throw_away"])
def test_a_run_that_another_window_decided_on_is_forgotten(qtbot, entered, run, button):
    page = entered()
    qtbot.waitUntil(lambda: page.runner.figures is not None, timeout=PATIENCE)
    discard(run)
    qtbot.mouseClick(getattr(page, button), Qt.MouseButton.LeftButton)
    assert "in another window" in page.message.text()
    assert not getattr(page, button).isVisible()
    assert page._draft.run_folder is None
    with qtbot.waitSignal(page.another_requested):
        qtbot.mouseClick(page.another, Qt.MouseButton.LeftButton)


@pytest.mark.parametrize("hidden", [True, False])
def test_a_run_that_was_decided_on_meanwhile_is_noticed_when_the_user_comes_back(
    qapp, entered, run, hidden
):
    page = entered()
    page.setHidden(hidden)
    discard(run)
    page.show()
    qapp.sendEvent(page, QEvent(QEvent.Type.ActivationChange))
    assert page.another.isVisible()
    assert "in another window" in page.message.text()


def test_a_run_that_was_decided_on_before_its_result_was_seen_is_told_of(qtbot, tmp_path, run):
    page, draft = ResultPage(ModelLibrary(tmp_path, tmp_path)), Draft(run_folder=run.folder)
    qtbot.addWidget(page)
    discard(run)
    page.enter(draft)
    assert "in another window" in page.message.text()
    assert draft.run_folder is None


@pytest.mark.parametrize("answer", ["Discard", "Cancel"])
def test_discarding_asks_first(qtbot, entered, answer):
    page = entered()
    qtbot.mouseClick(page.throw_away, Qt.MouseButton.LeftButton)
    button = page.findChild(QMessageBox).button(getattr(QMessageBox.StandardButton, answer))
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not page.busy(), timeout=PATIENCE)
    assert (runs() == []) == (answer == "Discard")
    assert (page.message.text() == "The model has been deleted.") == (answer == "Discard")
    assert page.another.isVisible() == (answer == "Discard")


def test_figures_that_could_not_be_written_are_shown_and_said_to_be_lost(qtbot, entered):
    page = entered(MEASURED)  # which writes no model
    qtbot.waitUntil(lambda: page.runner.figures is not None, timeout=PATIENCE)
    words = page.message.text()
    assert "could not be saved with the model" in words
    letters = page.message.fontMetrics()
    assert page.minimumSizeHint().width() < letters.horizontalAdvance(words)  # else it widens all
    assert "accuracy 75.0 %" in page.runner.view.page.toPlainText()


@pytest.mark.parametrize("chose", [True, False])
def test_figures_of_scans_that_chose_the_model_are_called_so(qtbot, entered, chose):
    page = entered(measuring(VALUES | {"chose": chose}))
    qtbot.waitUntil(lambda: page.runner.figures is not None, timeout=PATIENCE)
    assert ("those that chose the best epoch" in page.hint) == chose
    assert ("kept out of this training" in page.hint) != chose


def test_figures_are_said_to_hold_for_scans_like_these_while_there_is_something_to_decide(
    qtbot, entered
):
    page = entered(FAILED)
    assert not page.elsewhere.isVisible()
    page = entered()
    qtbot.waitUntil(lambda: page.runner.figures is not None, timeout=PATIENCE)
    assert "far worse than the one in use" in page.elsewhere.text()
    assert "keep it as a candidate and measure both" in page.elsewhere.text()  # else it is nowhere
    assert page.elsewhere.isVisible()
    qtbot.mouseClick(page.keep, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(page.another.isVisible, timeout=PATIENCE)
    assert not page.elsewhere.isVisible()


def test_a_model_that_cannot_be_measured_can_still_be_decided_on(qtbot, entered):
    page = entered(FAILED)
    assert "No scan can be read" in page.runner.panel.text.text()
    assert page.keep.isEnabled()


def test_what_has_been_measured_is_not_measured_again(qtbot, entered, run):
    page = entered()
    qtbot.waitUntil(lambda: page.runner.figures is not None, timeout=PATIENCE)
    page.enter(Draft(run_folder=run.folder))
    assert not page.busy()


def test_a_damaged_model_is_refused_with_the_reason_and_kept(qtbot, entered, run):
    page = entered()
    (run.pack / "model.keras").write_bytes(b"damaged")
    qtbot.mouseClick(page.keep, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(page.keep.isEnabled, timeout=PATIENCE)
    assert "changed or damaged" in page.message.text()
    assert runs() == [run]


def test_the_model_in_use_is_compared_with_and_called_so_as_long_as_it_is(
    qtbot, entered, tiny_pack
):
    page = entered(shipped=tiny_pack.folder.parent)
    assert page.runner._arguments[-2:] == ["--against", str(tiny_pack.folder)]
    words = page.runner.view.page.toPlainText
    assert "Compared with the model in use" in words()
    page.set_in_use("another")
    assert "in use" not in words()
    page.set_in_use(tiny_pack.card.id)
    assert "Compared with the model in use" in words()
    assert not page.beside.isVisible()


def test_a_model_in_use_that_knows_other_classes_is_not_compared_with(entered, run, tiny_pack):
    card = json.loads((run.pack / "card.json").read_text())
    card["classes"] = card["classes"][::-1]
    (run.pack / "card.json").write_text(json.dumps(card))
    page = entered(shipped=tiny_pack.folder.parent)
    assert "--against" not in page.runner._arguments
    assert "the model in use: its classes differ" in page.beside.text()
    page.set_in_use("another")
    assert not page.beside.isVisible()


def test_why_nothing_is_compared_is_told(entered):
    assert "none is in use" in entered().beside.text()


def test_what_the_start_may_have_learned_before_is_told(entered, run):
    assert not entered().caution.isVisible()


def test_a_training_from_another_model_is_told(continued, entered):
    page = entered()
    assert page.caution.isVisible()
    assert "does not record which scans it was trained on" in page.caution.text()


def test_of_a_start_that_records_its_scans_nothing_needs_to_be_said(
    tiny_pack, run, entered, tmp_path
):
    start = shutil.copytree(tiny_pack.folder, tmp_path / "start")
    card = json.loads((start / "card.json").read_text())
    card["files"]["scans.json.gz"] = "0" * 64
    (start / "card.json").write_text(json.dumps(card))
    run.asked.write_text(json.dumps(replace(run.request, weights=str(start)).to_json()))
    assert not entered().caution.isVisible()


@pytest.fixture
def held_up(monkeypatch):
    """Return a function that lets a call of a module wait for ``may_end``, on whatever thread."""
    may_end, threads = threading.Event(), []

    def hold(owner, name):
        real = getattr(owner, name)

        def slow(*arguments):
            threads.append(threading.current_thread())
            may_end.wait(PATIENCE / 1000)
            return real(*arguments)

        monkeypatch.setattr(owner, name, slow)
        return threads, may_end

    yield hold
    may_end.set()


def test_a_run_that_this_window_deletes_is_not_said_to_have_been_decided_on_by_another(
    qtbot, qapp, entered, monkeypatch
):
    deleted, may_end = threading.Event(), threading.Event()

    def delete(run):
        discard(run)
        deleted.set()
        may_end.wait(PATIENCE / 1000)

    monkeypatch.setattr(result_page, "discard", delete)
    page = entered()
    qtbot.mouseClick(page.keep, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(deleted.is_set)
    qapp.sendEvent(page, QEvent(QEvent.Type.ActivationChange))  # the user looks elsewhere meanwhile
    assert page.message.text() == "Adding the model to the library …"
    page.enter(page._draft)  # as when the wizard is closed and opened again
    assert page.message.text() == "Adding the model to the library …"
    may_end.set()
    qtbot.waitUntil(page.another.isVisible, timeout=PATIENCE)
    assert "was added to your models" in page.message.text()


def test_a_model_that_another_window_took_while_it_was_added_is_told_of(
    qtbot, entered, run, held_up
):
    page = entered()
    threads, may_end = held_up(ModelLibrary, "import_model")
    qtbot.mouseClick(page.keep, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(threads) == 1)
    discard(run)
    may_end.set()
    qtbot.waitUntil(page.another.isVisible, timeout=PATIENCE)
    assert "in another window" in page.message.text()
    assert page._draft.run_folder is None


@pytest.mark.parametrize("button", ["keep", "throw_away"])
def test_what_takes_long_does_not_hold_up_the_window(qtbot, entered, held_up, button):
    page = entered()
    keeping = button == "keep"
    owner = (ModelLibrary, "import_model") if keeping else (result_page, "discard")
    threads, may_end = held_up(*owner)
    qtbot.mouseClick(getattr(page, button), Qt.MouseButton.LeftButton)
    if not keeping:
        question = page.findChild(QMessageBox)
        answer = question.button(QMessageBox.StandardButton.Discard)
        qtbot.mouseClick(answer, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(threads) == 1)
    assert threads[0] is not threading.main_thread()
    assert page.busy()
    assert not any(one.isEnabled() for one in (page.use, page.keep, page.throw_away))
    doing = "Adding the model to the library …" if keeping else "Deleting the model …"
    assert page.message.text() == doing
    may_end.set()
    qtbot.waitUntil(page.another.isVisible, timeout=PATIENCE)
    assert runs() == []


def test_a_run_that_cannot_be_deleted_is_told_and_its_model_joins(qtbot, entered, monkeypatch, run):
    page = entered()
    monkeypatch.setattr("btgui.engine.disk.file_lock._PATIENCE_SECONDS", 0.1)
    with at_work(run.folder), qtbot.waitSignal(page.accepted, timeout=PATIENCE):
        qtbot.mouseClick(page.keep, Qt.MouseButton.LeftButton)
    assert "was added to your models" in page.message.text()
    assert "being trained by another window" in page.message.text()


def test_a_run_that_is_shown_meanwhile_is_not_decided_with_the_one_before(
    qtbot, entered, run, held_up, tmp_path
):
    page = entered()
    threads, may_end = held_up(ModelLibrary, "import_model")
    qtbot.mouseClick(page.keep, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(threads) == 1)
    other = replace(run, folder=tmp_path / "other")
    page.run = other
    may_end.set()
    qtbot.waitUntil(lambda: not page.busy(), timeout=PATIENCE)
    assert page.run == other
    assert page.keep.isVisible()
