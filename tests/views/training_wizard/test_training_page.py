import sys
import threading
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from btgui.engine.datasets.dataset import LabelledScan
from btgui.engine.training_runs.events import Ended, Paused, PhaseStarted, StepDone, to_line
from btgui.engine.training_runs.runs import at_work, discard, runs
from btgui.views.training_wizard.anew_question import AnewQuestion
from btgui.views.training_wizard.draft import Draft
from btgui.views.training_wizard.training_page import TrainingPage
from tests.views.training_wizard.fake_run import OBEYING, START, process_of, succeeding, telling

PATIENCE = 60_000


@pytest.fixture
def begin(qtbot, tmp_path):
    """Return a function that shows the page and starts a program in place of the training."""
    pages = []

    def make(program):
        page = TrainingPage(process_of(program))
        qtbot.addWidget(page)
        pages.append(page)
        scans = [LabelledScan(tmp_path / f"{name}.png", name, "", "x") for name in "ab"]
        page.enter(Draft(place=tmp_path, scans=scans, name="Mine"))
        page.show()
        qtbot.mouseClick(page.begin, Qt.MouseButton.LeftButton)
        return page

    yield make
    for page in pages:
        page.process.close(200)


def ended(qtbot, page):
    qtbot.waitUntil(lambda: not page.busy(), timeout=PATIENCE)


def heard(qtbot, page):
    qtbot.waitUntil(lambda: page.panel.facts["Epoch"].text().startswith("2"), timeout=PATIENCE)
    assert page.panel.facts["Time left"].text() == "about 2 min"


def click(qtbot, button):
    assert button.isVisible()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


@pytest.fixture
def changed(qtbot, begin):
    """A page whose run was stopped, entered again with other settings."""
    page = begin(OBEYING)
    heard(qtbot, page)
    click(qtbot, page.later)
    ended(qtbot, page)
    page.enter(page._draft)
    assert not any(one.isVisible() for one in (page.changed, page.anew))
    page._draft.recipe = replace(page._draft.recipe, epochs=7, batch_size=8)
    page._draft.name = "Mine, slower"
    page.enter(page._draft)
    return page


def test_a_run_shows_its_figures_and_its_end_lets_one_go_on(qtbot, begin):
    page = begin(succeeding(*START))
    assert page.busy()
    assert "the training continues" in page.hint
    ended(qtbot, page)
    assert page.is_complete()
    # The next page decides on a model.
    told = (page.pause, page.finish, page.later, page.resume, page.keep_best, page.throw_away)
    assert not any(button.isVisible() for button in told)
    assert "the training continues" not in page.hint
    assert page.panel.facts["Epoch"].text() == "2 of 4, step 5 of 10"
    # What was true of a running training only is not shown of one that is done.
    assert page.panel.facts["Time left"].text() == "\N{EN DASH}"
    assert page.panel.facts["Scans per second"].text() == "\N{EN DASH}"
    assert page.panel.hint.text() == page.panel.message.text() == ""
    assert page.panel.facts["Memory"].text() == "1.5 GiB"
    assert page.panel.facts["Runs on"].text() == "A processor"
    assert "accuracy 60.0\N{NO-BREAK SPACE}%" in page.panel.facts["Best so far"].text()
    assert "Done" in page.panel.phase.text()
    (run,) = runs()
    assert page._draft.run_folder == run.folder
    shown = page.panel.curves._lines
    assert list(shown["validation_accuracy"].yData) == [60.0]
    assert list(shown["loss"].xData) == [1.0, 1.5]


def test_pausing_and_going_on_are_told_to_the_run(qtbot, begin):
    page = begin(OBEYING)
    assert page.window().focusWidget() is page.pause
    heard(qtbot, page)
    qtbot.mouseClick(page.pause, Qt.MouseButton.LeftButton)
    assert page.pause.text() == "Continue"
    qtbot.mouseClick(page.pause, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(page.finish, Qt.MouseButton.LeftButton)
    assert not page.finish.isEnabled()
    page.stop_for_now()
    ended(qtbot, page)
    told = page.log.toPlainText().split("heard")
    assert [one.strip() for one in told] == ["", "pause", "continue", "finish", "stop"]


def test_a_stopped_run_can_be_gone_on_with(qtbot, begin):
    page = begin(OBEYING)
    heard(qtbot, page)
    assert page.throw_away.text() == "Stop and discard …"
    qtbot.mouseClick(page.later, Qt.MouseButton.LeftButton)
    ended(qtbot, page)
    assert page.throw_away.text() == "Discard …"
    assert page.panel.phase.text() == "Stopped. You can resume it at any time."
    assert not page.is_complete()
    click(qtbot, page.resume)
    assert (page.busy(), page.resume.isVisible()) == (True, False)


@pytest.mark.parametrize(
    ("program", "words", "kept"),
    [
        (telling(Ended("failed", "Disk full.")), "failed. Disk full.", "failure"),
        (telling(Ended("refused", "Give less.")), "resumed as it is. Give less.", "refusal"),
        (
            telling(then="sys.exit(7)"),
            "crashed. The process ended unexpectedly (exit status 7)",
            "",
        ),
        (telling(then="os.kill(os.getpid(), 9)"), "perhaps because memory ran out", "failure"),
    ],
)
def test_each_way_to_end_is_told_and_the_run_stays(qtbot, begin, program, words, kept):
    page = begin(program)
    ended(qtbot, page)
    assert words in page.panel.phase.text()
    assert page.resume.isVisible() == (kept != "refusal")
    assert {one for one in ("failure", "refusal") if getattr(runs()[0], one)} == {kept} - {""}


@pytest.mark.parametrize("answer", ["Discard", "Cancel"])
def test_discarding_asks_first(qtbot, begin, answer):
    page = begin(OBEYING)
    heard(qtbot, page)
    qtbot.mouseClick(page.throw_away, Qt.MouseButton.LeftButton)
    question = page.findChild(QMessageBox)
    assert question.text().startswith("Stop the training and delete everything")
    button = question.button(getattr(QMessageBox.StandardButton, answer))
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    if answer == "Discard":
        ended(qtbot, page)
        assert runs() == []
        assert page._draft.run_folder is None
        assert page.begin.isVisible()
    else:
        assert page.busy()
        assert len(runs()) == 1


def test_the_best_epoch_of_a_run_at_rest_can_become_the_model(qtbot, begin):
    page = begin(OBEYING)
    click(qtbot, page.later)
    ended(qtbot, page)
    assert not page.keep_best.isVisible()  # no epoch is done
    (page.run.folder / "checkpoint.json").write_text('{"state": {"epoch": 1}}')
    page.show_run(page.run)
    page.process._program = (sys.executable, "-c", "import sys; print(sys.argv, file=sys.stderr)")
    click(qtbot, page.keep_best)
    ended(qtbot, page)
    assert "'--keep-best'" in page.log.toPlainText()


def test_the_details_open_on_demand(qtbot, begin):
    page = begin(telling(then="print('a reason', file=sys.stderr)"))
    ended(qtbot, page)
    assert not page.log.isVisible()
    qtbot.mouseClick(page.more, Qt.MouseButton.LeftButton)
    assert page.log.isVisible()
    assert "a reason" in page.log.toPlainText()
    page.show_run(replace(page.run, folder=page.run.folder.with_name("another")))
    assert page.log.toPlainText() == ""


def test_a_run_of_before_is_shown_with_what_it_reached(qtbot, begin):
    page = begin(OBEYING)
    heard(qtbot, page)
    page.stop_for_now()
    ended(qtbot, page)
    other = TrainingPage(process_of(OBEYING))
    qtbot.addWidget(other)
    other.show()
    other.show_run(runs()[0])
    assert "interrupted before it began" in other.panel.phase.text()
    assert other.resume.isVisible()
    other.forget_run()
    assert not other.resume.isVisible()


def test_changed_settings_are_told_and_can_be_ignored(qtbot, changed):
    assert "settings: the name, epochs, batch size." in changed.changed.text()
    (before,) = runs()
    assert changed.resume.text() == "Resume as before"
    click(qtbot, changed.resume)
    assert (changed.busy(), changed.anew.isVisible()) == (True, False)
    assert runs() == [before]


@pytest.mark.parametrize("answer", ["keep", "discard", "cancel"])
def test_with_changed_settings_one_starts_anew(qtbot, changed, answer):
    (before,) = runs()
    click(qtbot, changed.anew)
    question = changed.findChild(AnewQuestion)
    assert "Mine" in question.text()
    cancel = question.button(QMessageBox.StandardButton.Cancel)
    click(qtbot, getattr(question, answer, cancel))
    if answer == "cancel":
        assert not changed.busy()
        assert runs() == [before]
        return
    qtbot.waitUntil(changed.process.is_running, timeout=PATIENCE)
    assert (before in runs()) == (answer == "keep")
    assert changed.run.request.recipe.epochs == 7
    assert changed.run.request.name == "Mine, slower"
    assert not changed.changed.isVisible()


def test_beside_a_training_that_is_kept_the_new_one_gets_a_name_of_its_own(qtbot, changed):
    changed._names = lambda: {"Mine, slower"}
    click(qtbot, changed.anew)
    click(qtbot, changed.findChild(AnewQuestion).keep)
    qtbot.waitUntil(changed.process.is_running, timeout=PATIENCE)
    assert changed.run.request.name == "Mine, slower 2"


def test_a_run_at_rest_that_is_discarded_is_not_said_to_have_ended(qtbot, begin):
    page = begin(OBEYING)
    heard(qtbot, page)
    page.stop_for_now()
    ended(qtbot, page)
    with qtbot.assertNotEmitted(page.run_ended):
        page._discard()
        qtbot.waitUntil(lambda: page.run is None, timeout=PATIENCE)


def test_a_run_that_was_decided_on_makes_room_for_another(qtbot, begin):
    page = begin(succeeding(*START))
    ended(qtbot, page)
    discard(run := page.run)
    page.enter(page._draft)
    assert (page.begin.isVisible(), page.is_complete()) == (True, False)
    page.show_run(run)  # and where it was shown all the while
    click(qtbot, page.resume)
    assert page.begin.isVisible()
    assert page.summary.text().startswith(
        "This training was used, kept or discarded in another window"
    )


def test_long_figures_fit_a_small_window(qtbot, begin):
    page = begin(OBEYING)
    heard(qtbot, page)
    page.panel.facts["Runs on"].setText("NVIDIA GeForce RTX 4090 Laptop GPU")
    assert page.minimumSizeHint().width() <= 690
    assert page.minimumSizeHint().height() <= 420


def test_a_long_reason_is_shown_whole(qtbot, begin):
    page = begin(telling(Ended("failed", "The reason is long. " * 20)))
    ended(qtbot, page)
    phase = page.panel.phase
    assert phase.heightForWidth(phase.width()) > 2 * phase.fontMetrics().height()
    qtbot.waitUntil(lambda: phase.height() >= phase.heightForWidth(phase.width()))


# Obeys at its end only, and tells of a step after everything that it hears, as a long epoch does.
STEPPING = telling(
    *START,
    then=(
        "for line in sys.stdin:\n"
        f"    print({to_line(StepDone(2, 4, 6, 10, 0.6, 0.7, 12.5, 150.0, 1536))!r})\n"
        "    if line.strip() == 'stop' and input() == 'stop':\n"
        f"        print({to_line(Ended('stopped', 'Resume by --resume.'))!r})\n"
        "        sys.exit(4)\n"
    ),
)


@pytest.mark.parametrize(
    ("button", "words"),
    [("finish", "Stopping after this epoch"), ("later", "Stopping at the next")],
)
def test_what_was_told_stays_to_be_seen_while_steps_go_on(qtbot, begin, button, words):
    page = begin(STEPPING)
    heard(qtbot, page)
    click(qtbot, getattr(page, button))
    assert page.panel.phase.text().startswith(words)
    qtbot.waitUntil(lambda: "step 6" in page.panel.facts["Epoch"].text(), timeout=PATIENCE)
    assert page.panel.phase.text().startswith(words)
    assert not any(one.isEnabled() for one in (page.pause, page.finish, page.later))
    page.process.close(200)
    ended(qtbot, page)
    assert not page.panel.phase.text().startswith(words)
    click(qtbot, page.resume)
    qtbot.waitUntil(lambda: page.panel.phase.text() == "Training …", timeout=PATIENCE)
    assert all(one.isEnabled() for one in (page.pause, page.finish, page.later))


@pytest.mark.parametrize("button", ["throw_away", "anew"])
def test_a_run_is_deleted_without_holding_up_the_window(qtbot, changed, monkeypatch, button):
    may_end, threads = threading.Event(), []

    def slow(run):
        threads.append(threading.current_thread())
        may_end.wait(PATIENCE / 1000)
        discard(run)

    monkeypatch.setattr("btgui.views.training_wizard.training_page.discard", slow)
    before = changed.run
    click(qtbot, getattr(changed, button))
    if button == "anew":
        click(qtbot, changed.findChild(AnewQuestion).discard)
    else:
        question = changed.findChild(QMessageBox)
        assert question.text().startswith("Delete everything")  # nothing runs that would be stopped
        click(qtbot, question.button(QMessageBox.StandardButton.Discard))
    qtbot.waitUntil(lambda: len(threads) == 1)
    assert threads[0] is not threading.main_thread()
    assert changed.panel.phase.text() == "Deleting the training …"
    assert changed.busy()
    assert not any(one.isEnabled() for one in (changed.resume, changed.anew, changed.throw_away))
    may_end.set()
    qtbot.waitUntil(lambda: changed.run != before, timeout=PATIENCE)
    assert before not in runs()
    assert changed.process.is_running() == (button == "anew")


def test_a_run_that_cannot_be_deleted_is_told_and_stays(qtbot, changed, monkeypatch):
    monkeypatch.setattr("btgui.engine.disk.file_lock._PATIENCE_SECONDS", 0.1)
    before = changed.run
    with at_work(before.folder):
        changed._discard()
        qtbot.waitUntil(changed.busy)
        ended(qtbot, changed)
    assert "being trained by another window" in changed.panel.phase.text()
    assert changed.run == before
    assert changed.throw_away.isEnabled()


def test_a_pause_shows_where_the_run_stands_still(qtbot, begin):
    page = begin(OBEYING)
    heard(qtbot, page)
    click(qtbot, page.pause)
    assert page.panel.phase.text() == "Pausing at the next step …"
    with qtbot.waitSignal(page.run_told) as told:
        page.process.event_arrived.emit(StepDone(2, 4, 6, 10, 0.6, 0.7, 12.5, 150.0, 1536))
    assert page.panel.phase.text() == "Pausing at the next step …"
    page.process.event_arrived.emit(Paused())
    assert page.panel.phase.text() == "Paused."
    assert page.panel.facts["Time left"].text() == "\N{EN DASH}"
    assert told.args == ["Training paused: 40 %"]
    with qtbot.waitSignal(page.run_told) as told:
        click(qtbot, page.pause)
    assert (page.panel.phase.text(), told.args) == ("Continuing …", ["Training: 40 %"])


def test_a_pause_before_the_first_step_is_shown_too(qtbot, begin):
    page = begin("import sys; sys.stdin.read()")
    click(qtbot, page.pause)
    page.process.event_arrived.emit(PhaseStarted("fitting", 20))
    with qtbot.waitSignal(page.run_told) as told:
        page.process.event_arrived.emit(Paused())
    assert page.panel.phase.text() == "Paused."
    assert told.args == ["Training paused"]
    with qtbot.waitSignal(page.run_told) as told:
        click(qtbot, page.finish)
    assert (page.pause.text(), told.args) == ("Pause", ["Training …"])
    page.process.event_arrived.emit(Paused())  # it was on its way
    assert page.panel.phase.text().startswith("Stopping after this epoch")


def test_a_run_that_goes_on_says_so_and_keeps_its_best_epoch(qtbot, changed, monkeypatch):
    history = {"loss": [0.9, 0.8], "accuracy": [0.5, 0.6]}
    history |= {"validation_loss": [0.7, 0.75], "validation_accuracy": [0.625, 0.6]}
    monkeypatch.setattr(type(changed.run), "history", lambda _run: history)
    changed.show_run(changed.run)
    assert "Resume it?" in changed.panel.phase.text()
    assert changed.panel.facts["Best so far"].text().startswith("epoch 1, accuracy 62.5")
    changed.process._program = (sys.executable, "-c", "import sys; sys.stdin.read()")
    assert "heard stop" in changed.log.toPlainText()
    click(qtbot, changed.resume)
    assert changed.panel.phase.text() == "Starting …"
    assert changed.log.toPlainText() == ""
    with qtbot.waitSignal(changed.run_told) as told:
        click(qtbot, changed.finish)
    assert told.args == ["Training …"]  # how far the one before came says nothing of this one
