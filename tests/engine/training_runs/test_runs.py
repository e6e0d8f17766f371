import json

import pytest

from btgui.engine.disk import file_lock
from btgui.engine.errors import TrainingError
from btgui.engine.models.library import ModelLibrary
from btgui.engine.training_request import TrainingRequest
from btgui.engine.training_runs import runs as training_runs
from btgui.engine.training_runs.runs import (
    at_work,
    begin_run,
    discard,
    model_folder,
    new_run_folder,
    runs,
    taken_names,
    waiting_runs,
)


@pytest.fixture
def run():
    folder = new_run_folder()
    request = TrainingRequest(("scans",), str(model_folder(folder)), "Mine", weights="none")
    return begin_run(request, folder)


def checkpoint(run, **state):
    (run.folder / "checkpoint.json").write_text(json.dumps({"state": state}))


def test_the_names_that_runs_give_are_taken(tmp_path):
    library = ModelLibrary(tmp_path / "none", tmp_path / "models")
    runs_made = [new_run_folder() for _ in range(2)]
    for number, folder in enumerate(runs_made):
        begin_run(TrainingRequest(("x",), str(model_folder(folder)), f"Mine {number}"), folder)
    assert taken_names(library) == {"Mine 0", "Mine 1"}
    assert taken_names(library, but=runs_made[0]) == {"Mine 1"}


def test_a_new_run_is_listed_with_what_it_was_asked(run):
    assert runs() == [run]
    assert runs()[0].request.name == "Mine"
    assert not run.is_finished
    assert (run.epochs_done, run.has_begun) == (0, False)


def test_two_runs_of_one_second_have_folders_of_their_own(run):
    assert new_run_folder() != new_run_folder()
    assert runs() == [run]  # an empty folder is no run


def test_the_newest_run_comes_first(run):
    later = run.folder.with_name("99991231-000000")
    later.mkdir()
    newer = begin_run(run.request, later)
    assert runs() == [newer, run]


def test_how_far_it_came_is_read_from_its_checkpoint(run):
    history = {"loss": [1, 0.5], "accuracy": [0.5, 0.6]}
    history |= {"validation_loss": [1.1, 0.6], "validation_accuracy": [0.4, 0.5]}
    checkpoint(run, epoch=2, history=history)
    assert run.epochs_done == 2
    assert run.where_interrupted == f"after epoch 2 of {run.request.recipe.epochs}"
    assert run.history() == history


@pytest.mark.parametrize(
    "text", ["", "[]", '{"state": 3}', '{"state": {"epoch": "x", "history": {"loss": "y"}}}']
)
def test_a_checkpoint_that_says_nothing_is_as_none(run, text):
    (run.folder / "checkpoint.json").write_text(text)
    assert run.epochs_done == 0
    assert run.where_interrupted == "before it began"  # as one whose scans cannot be trained on
    (run.folder / "request.json").touch()
    assert run.where_interrupted == "in its first epoch"
    assert run.history()["loss"] == []


def test_the_arguments_start_it_and_later_go_on(run):
    assert "--resume" not in run.arguments()
    (run.folder / "request.json").touch()
    assert "--resume" in run.arguments()
    assert run.arguments()[0] == "fit"
    assert {"--events", "--end-with-input"} <= set(run.arguments())


def test_a_run_with_a_model_is_finished(run):
    run.pack.mkdir()
    (run.pack / "card.json").touch()
    assert run.is_finished
    assert run.request.output == str(run.pack)


def test_why_a_run_cannot_go_on_or_ended_is_kept(run):
    assert (run.refusal, run.failure) == ("", "")
    run.note_refusal("Give less …")
    run.note_failure("The disk is full …")
    assert (runs()[0].refusal, runs()[0].failure) == ("Give less …", "The disk is full …")


def test_once_a_process_takes_a_run_anew_what_was_told_of_it_holds_no_more(run):
    run.note_refusal("Give less …")
    run.note_failure("The disk is full …")
    with at_work(run.folder):  # as the fit process does
        pass
    assert (run.refusal, run.failure) == ("", "")


def test_a_discarded_run_is_gone(run):
    discard(run)
    assert runs() == []
    assert not run.folder.exists()


@pytest.mark.parametrize("text", ["{", "null", "[]", "[" * 100_000])
def test_a_damaged_run_is_passed_over(run, text):
    run.asked.write_text(text)
    assert runs() == []
    assert training_runs.runs_folder().is_dir()


def test_a_run_that_is_trained_now_does_not_wait_and_cannot_be_discarded(run, monkeypatch):
    monkeypatch.setattr(file_lock, "_PATIENCE_SECONDS", 0.1)
    with at_work(run.folder):  # as the fit process does
        assert (runs(), waiting_runs()) == ([run], [])
        with pytest.raises(TrainingError, match="being trained by another window"):
            discard(run)
    assert waiting_runs() == runs() == [run]


def test_a_run_that_is_gone_already_is_discarded_without_a_word(run):
    discard(run)
    discard(run)
    assert not run.folder.exists()


@pytest.mark.usefixtures("run", "shut_folders")
def test_a_folder_that_may_not_be_looked_into_holds_no_runs(monkeypatch, tmp_path):
    shut = tmp_path / "shut"
    shut.mkdir()
    monkeypatch.setattr(training_runs, "runs_folder", lambda: shut)
    assert runs() == []


def test_looking_for_runs_makes_no_folder(isolated_home):
    assert runs() == []
    assert not (isolated_home / "data" / "runs").exists()
