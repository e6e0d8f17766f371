import subprocess
import sys
import threading
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QMenu, QMessageBox

from btgui.engine.datasets.dataset import LabelledScan
from btgui.engine.training_request import TrainingRequest
from btgui.engine.training_runs.events import Command, Ended, to_line
from btgui.engine.training_runs.runs import (
    at_work,
    begin_run,
    discard,
    model_folder,
    new_run_folder,
    runs,
    waiting_runs,
)
from btgui.views.training_wizard.draft import Draft
from tests.views.training_wizard.fake_run import START, succeeding, telling

PATIENCE = 60_000
FULL = "The disk is full. Free some space."
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support raise", extend=True)


@pytest.fixture
def desk(training_desk):
    return training_desk


def begin(qtbot, desk, tmp_path):
    page = desk.training_page
    scans = [LabelledScan(tmp_path / f"{name}.png", name, "", "x") for name in "ab"]
    page.enter(Draft(place=tmp_path, scans=scans, name="Mine"))
    page.begin.click()
    qtbot.waitUntil(lambda: page.panel.facts["Epoch"].text().startswith("2"), timeout=PATIENCE)
    return page


def test_a_run_is_seen_where_the_wizard_is_not_and_brings_it_back(qtbot, desk, tmp_path, told):
    made = desk()
    begin(qtbot, made, tmp_path)
    assert made.news.indicator.text() == "Training: 38 %"
    assert not made.wizard.isVisible()
    qtbot.mouseClick(made.news.indicator, Qt.MouseButton.LeftButton)
    assert told == []  # nobody asked for another one
    assert made.wizard.isVisible()
    assert made.wizard.current_page is made.training_page
    made.show_wizard()
    assert "another one can start" in told[0].text


def test_the_end_of_a_run_is_told(qtbot, desk, tmp_path, told):
    made = desk(succeeding(*START))
    begin(qtbot, made, tmp_path)
    qtbot.waitUntil(lambda: bool(told), timeout=PATIENCE)
    assert told[0].text == "The training of Mine is finished: see how good the model is."


def test_a_training_that_is_done_is_shown_until_the_user_has_looked(qtbot, desk, tmp_path):
    made = desk(succeeding(*START))
    begin(qtbot, made, tmp_path)
    qtbot.waitUntil(lambda: made.news.indicator.text() == "Training done", timeout=PATIENCE)
    assert made.news.indicator.isVisible()
    qtbot.mouseClick(made.news.indicator, Qt.MouseButton.LeftButton)
    assert made.wizard.isVisible()
    assert made.wizard.current_page is made.training_page
    assert not made.news.indicator.isVisible()


def test_a_training_that_breaks_off_is_told_with_its_reason_in_the_window(
    qtbot, desk, tmp_path, told
):
    failed = f"print({to_line(Ended('failed', FULL))!r}, flush=True)"
    made = desk(telling(*START, then=f"sys.stdin.readline()\n{failed}"))
    begin(qtbot, made, tmp_path)
    made.process.tell(Command.PAUSE)  # it fails at whatever it is told
    qtbot.waitUntil(lambda: bool(told), timeout=PATIENCE)
    _said, problem = told
    assert (problem.level, problem.details) == ("error", "")  # it goes to the bar that stays
    assert problem.text == f"The training of Mine failed. {FULL}"
    assert made.news.indicator.text() == "Training failed"
    assert made.news.indicator.isVisible()


def test_a_problem_is_over_when_the_training_goes_on(qtbot, desk, tmp_path, told):
    failed = f"print({to_line(Ended('failed', FULL))!r}, flush=True)"
    made = desk(telling(*START, then=f"sys.stdin.readline()\n{failed}"))
    begin(qtbot, made, tmp_path)
    made.process.tell(Command.PAUSE)
    qtbot.waitUntil(lambda: bool(told), timeout=PATIENCE)
    assert told[0].text == "The training of Mine failed."
    qtbot.waitUntil(lambda: not made.process.is_running())
    made.offer_earlier_runs()
    with qtbot.waitSignal(made.news.problem_over) as over:
        qtbot.mouseClick(made.bar.go_on, Qt.MouseButton.LeftButton)
    assert over.args == [told[1].text]


def test_a_run_whose_process_is_still_ending_is_offered_later(qtbot, desk, earlier, monkeypatch):
    monkeypatch.setattr("btgui.views.ending_runs._EVERY_MS", 10)
    made = desk()
    with at_work(earlier.folder):
        made.offer_earlier_runs()
        assert not made.bar.isVisible()
    qtbot.waitUntil(made.bar.isVisible)
    assert "The training of Mine was interrupted" in made.bar.text.text()


def test_a_training_that_the_user_discards_has_not_broken_off(qtbot, desk, tmp_path, told):
    made = desk()
    page = begin(qtbot, made, tmp_path)
    made.show_training()
    answer("Discard")
    qtbot.mouseClick(page.throw_away, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.run is None and not page.busy(), timeout=PATIENCE)
    assert {one.level for one in told} == {"info"}
    assert not made.news.indicator.isVisible()


def test_a_result_that_the_wizard_holds_is_among_those_that_wait_until_it_is_decided_on(
    qtbot, desk, tmp_path, told
):
    made = desk(succeeding(*START))
    run = begin(qtbot, made, tmp_path).run
    qtbot.waitUntil(made.news.indicator.isVisible)
    qtbot.waitUntil(lambda: made.news.indicator.text() == "Training done", timeout=PATIENCE)
    made.show_earlier_runs()
    assert made.bar.isVisible()
    assert (
        made.bar.text.text()
        == "The training of Mine is finished; its model waits for your decision."
    )
    discard(run)  # as the wizard's last page does
    made.training_page.complete_changed.emit()
    assert not made.news.indicator.isVisible()
    qtbot.mouseClick(made.bar.go_on, Qt.MouseButton.LeftButton)
    assert told[-1].text == "The training of Mine has already been decided on."
    assert not made.bar.isVisible()
    assert not made.process.is_running()


def test_an_interrupted_run_is_offered_and_gone_on_with(qtbot, desk, earlier, told):
    made = desk()
    made.offer_earlier_runs()
    assert made.bar.isVisible()
    qtbot.mouseClick(made.bar.go_on, Qt.MouseButton.LeftButton)
    assert told == []
    assert made.process.is_running()
    assert made.training_page.run == earlier
    assert made.wizard.isVisible()


def test_a_run_that_was_refused_is_not_gone_on_with_after_a_restart_either(qtbot, desk, earlier):
    earlier.note_refusal("Give less.")
    made = desk()
    made.offer_earlier_runs()
    assert made.bar.text.text() == "The training of Mine cannot be resumed as it is."
    qtbot.mouseClick(made.bar.go_on, Qt.MouseButton.LeftButton)
    assert not made.process.is_running()
    assert made.training_page.panel.phase.text().endswith("cannot be resumed as it is. Give less.")
    assert not made.training_page.resume.isVisible()


def answer(text):
    def click():
        question = QApplication.activeModalWidget()
        assert isinstance(question, QMessageBox)
        next(one for one in question.buttons() if one.text() == text).click()

    QTimer.singleShot(0, click)


def discard_by_click(qtbot, desk, text="Discard"):
    answer(text)
    qtbot.mouseClick(desk.bar.discard, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)


def test_an_interrupted_run_is_thrown_away_only_on_a_clear_yes(qtbot, desk, earlier):
    made = desk()
    made.offer_earlier_runs()
    discard_by_click(qtbot, made, "Cancel")
    assert runs() == [earlier]
    assert made.bar.isVisible()
    discard_by_click(qtbot, made)
    qtbot.waitUntil(lambda: not earlier.folder.exists())
    assert runs() == []
    assert not made.bar.isVisible()


def test_a_run_is_deleted_without_holding_up_the_window(qtbot, desk, earlier, monkeypatch):
    may_end, threads = threading.Event(), []

    def slow(run):
        threads.append(threading.current_thread())
        may_end.wait(PATIENCE / 1000)
        discard(run)

    monkeypatch.setattr("btgui.views.training_desk.discard", slow)
    made = desk()
    made.offer_earlier_runs()
    discard_by_click(qtbot, made)
    qtbot.waitUntil(lambda: len(threads) == 1)
    assert threads[0] is not threading.main_thread()
    assert not made.bar.isVisible()
    may_end.set()
    qtbot.waitUntil(lambda: not earlier.folder.exists())


def test_a_run_that_another_window_trains_is_neither_offered_nor_deleted(
    qtbot, desk, earlier, monkeypatch, told
):
    monkeypatch.setattr("btgui.engine.disk.file_lock._PATIENCE_SECONDS", 0.1)
    made = desk()
    made.offer_earlier_runs()  # and just now the other window goes on with it
    with at_work(earlier.folder):
        discard_by_click(qtbot, made)
        qtbot.waitUntil(lambda: bool(told), timeout=PATIENCE)
    assert "being trained by another window" in told[0].text
    assert runs() == [earlier]
    with at_work(earlier.folder):
        made.offer_earlier_runs()
        assert not made.bar.isVisible()


def test_what_was_put_off_is_in_the_menu(qtbot, desk, earlier, told):
    made = desk()
    menu = QMenu(made.bar.parent())
    entry = menu.addAction("Interrupted training …", made.show_earlier_runs)
    entry.setObjectName("earlier_runs")
    made.enable_in(menu)
    made.offer_earlier_runs()
    qtbot.mouseClick(made.bar.later, Qt.MouseButton.LeftButton)
    assert not made.bar.isVisible()
    menu.aboutToShow.emit()
    assert entry.isEnabled()
    menu.aboutToHide.emit()
    entry.trigger()
    assert made.bar.isVisible()
    discard(earlier)
    menu.aboutToShow.emit()
    assert not entry.isEnabled()
    menu.aboutToHide.emit()
    entry.trigger()
    assert told[0].text == "There is no interrupted training."


def test_a_run_that_the_wizard_shows_can_be_discarded_by_the_bar(qtbot, desk, tmp_path):
    made = desk()
    page = begin(qtbot, made, tmp_path)
    run = page.run
    page.stop_for_now()
    qtbot.waitUntil(lambda: not made.process.is_running(), timeout=PATIENCE)
    made.show_earlier_runs()
    discard_by_click(qtbot, made)
    qtbot.waitUntil(lambda: not run.folder.exists())
    assert page.run is None
    assert made.wizard.current_index == 0


def test_closing_asks_while_a_training_runs_and_may_be_thought_better_of(qtbot, desk, tmp_path):
    made = desk()
    assert made.may_close()  # nothing runs: nothing is asked
    begin(qtbot, made, tmp_path)
    answer("Keep the window open")
    assert not made.may_close()
    assert made.process.is_running()


def test_closing_waits_until_the_training_has_stopped(qtbot, desk, tmp_path):
    made = desk()
    begin(qtbot, made, tmp_path)
    answer("Stop and close")
    with qtbot.waitSignal(made.process.ended) as ended:
        assert made.may_close()
    assert ended.args[0].how == "stopped"
    assert not made.process.is_running()


def test_the_end_of_the_application_ends_the_run_and_keeps_it(qtbot, desk, tmp_path):
    made = desk()
    begin(qtbot, made, tmp_path)
    made.close()
    assert not made.process.is_running()
    assert len(runs()) == 1


# The tests' own network: compiling a large one would take most of the time.
TRAINING = (
    "import sys\n"
    "from tests.training.conftest import train_with_tiny\n"
    "sys.exit(train_with_tiny(sys.argv[1:]))\n"
)


def test_an_application_that_is_killed_leaves_no_training_behind_and_offers_it_again(
    small_training, tmp_path
):
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from PySide6.QtCore import QTimer\n"
        "from btgui.app import create_application\n"
        "from btgui.engine.training_runs.runs import runs\n"
        "from btgui.views.training_wizard.training_page import TrainingPage\n"
        "from btgui.workers.training_process import TrainingProcess\n"
        "app = create_application(['btgui'])\n"
        f"process = TrainingProcess(program=(sys.executable, '-c', {TRAINING!r}))\n"
        "page = TrainingPage(process)\n"
        "page.resume_run(runs()[0])\n"
        "page.run_told.connect(lambda text: print(process._process.processId(), flush=True))\n"
        "app.exec()\n"
    )
    application = subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).resolve().parents[2],
    )
    child = psutil.Process(int(application.stdout.readline()))
    assert waiting_runs() == []  # this is another window, and that one trains it
    application.kill()
    application.communicate()
    gone, alive = psutil.wait_procs([child], timeout=60)
    assert (len(gone), alive) == (1, [])
    (run,) = waiting_runs()
    assert run.has_begun
    assert "--resume" in run.arguments()
    assert (run.folder / "checkpoint.json").exists()
    assert small_training == run


@pytest.fixture
def small_training(tmp_path):
    """A real run on two classes of drawn heads, long enough to be killed."""
    from dataclasses import replace

    import cv2

    from btgui.engine.training_request import AS_PUBLISHED
    from tests.training.conftest import draw_head

    for number, label in enumerate(("healthy", "tumour")):
        (tmp_path / "scans" / label).mkdir(parents=True)
        for index in range(16):
            picture = draw_head(100 * number + index, tumour=bool(number))
            cv2.imwrite(str(tmp_path / "scans" / label / f"{index}.png"), picture)
    folder = new_run_folder()
    request = TrainingRequest(
        (str(tmp_path / "scans"),),
        str(model_folder(folder)),
        "Mine",
        architecture="tiny",
        weights="none",
        recipe=replace(AS_PUBLISHED, batch_size=8, epochs=500),
    )
    return begin_run(request, folder)


@pytest.mark.parametrize(
    ("button", "may"), [("Stop and close", True), ("Keep the window open", False)]
)
def test_what_the_wizard_is_at_is_stopped_only_on_a_clear_yes(
    desk, monkeypatch, answer_question, button, may
):
    made = desk()
    made.show_wizard()
    assert made.may_close()
    result = made.wizard.pages[-1]
    monkeypatch.setattr(result, "busy", lambda: True)
    read = answer_question(button)
    assert made.may_close() is may
    assert result.title in read[0]


@pytest.mark.parametrize("leave", ["Back", "Close"])
def test_nothing_is_asked_of_a_check_that_was_left(desk, monkeypatch, answer_question, leave):
    made = desk()
    made.show_wizard()
    monkeypatch.setattr(made.wizard.pages[1], "enter", lambda _draft: None)
    monkeypatch.setattr(made.wizard.pages[1], "busy", lambda: True)
    made.wizard.go_to(1)
    read = answer_question("Keep the window open")
    assert not made.may_close()
    assert len(read) == 1
    (made.wizard.back if leave == "Back" else made.wizard.shut).click()
    assert made.may_close()


def test_a_scan_behind_the_figures_of_a_result_can_be_opened(qtbot, desk, tmp_path):
    made = desk()
    with qtbot.waitSignal(made.open_requested) as asked:
        made.wizard.pages[-1].runner.view.open_requested.emit(tmp_path)
    assert asked.args == [tmp_path]
