"""What a training run refuses or resumes before it builds a network."""

import json
from dataclasses import replace

import pytest

from btgui.engine.errors import Cancelled, DatasetError, ModelPackError, TrainingError
from btgui.engine.training_runs.events import Command, Progress
from tests.training.conftest import RECIPE, Teller
from training.control import Control
from training.fitting.run import fit
from training.scans.split_note import noted_split


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    def never(*_arguments, **_options):
        raise AssertionError("the run began")

    monkeypatch.setattr("training.fitting.network_fit.build_network", never)


@pytest.fixture
def begun(request_for, tmp_path):
    """The work folder of a run that has begun."""
    work = tmp_path / "work"
    work.mkdir()
    text = json.dumps(request_for().to_json())
    (work / "request.json").write_text(text, encoding="utf-8")
    return work


def test_an_existing_output_is_refused_and_stays_as_it_was(request_for, tmp_path, teller):
    (tmp_path / "model").mkdir()
    with pytest.raises(DatasetError, match=r"exists already\. Name a new folder"):
        fit(request_for(), tmp_path / "work", teller)
    assert not list((tmp_path / "model").iterdir())
    assert not (tmp_path / "work").exists()


def test_scans_that_would_count_twice_are_refused(request_for, four_classes, tmp_path, teller):
    inside = four_classes / "Training" / "glioma"
    for changes in (
        {"datasets": (str(four_classes), str(four_classes / "Training"))},
        {"added": ((str(inside), "notumor"),)},
    ):
        with pytest.raises(DatasetError, match=r"scans are in more than one of .* count twice"):
            fit(request_for(**changes), tmp_path / "work", teller)
    assert not (tmp_path / "work").exists()


def test_a_work_folder_with_a_run_is_not_used_again_unasked(request_for, begun, teller):
    with pytest.raises(TrainingError, match=r"holds a run already\. Resume it with --resume"):
        fit(request_for(), begun, teller)


def test_scans_that_cannot_be_split_leave_the_work_folder_free(request_for, tmp_path, teller):
    with pytest.raises(DatasetError, match="Choose a fraction above 0"):
        fit(request_for(validation_fraction=0.0), tmp_path / "work", teller)
    with pytest.raises(AssertionError, match="the run began"):
        fit(request_for(), tmp_path / "work", teller)


@pytest.mark.parametrize(
    "changes",
    [{"seed": 2}, {"recipe": replace(RECIPE, learning_rate=1.0)}],
    ids=["seed", "recipe"],
)
def test_other_settings_are_refused_on_resume(request_for, begun, teller, changes):
    with pytest.raises(TrainingError, match="started with other settings"):
        fit(request_for(**changes), begun, teller, resume=True)


def test_the_same_settings_are_taken_up_on_resume(request_for, begun, teller):
    with pytest.raises(AssertionError, match="the run began"):
        fit(request_for(), begun, teller, resume=True)


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "Other"},
        {"output": "elsewhere"},
        # Applied after training, and not known to older runs.
        {"recipe": replace(RECIPE, bias_correction=True)},
    ],
)
def test_the_model_may_get_another_name_and_place(request_for, begun, teller, changes):
    with pytest.raises(AssertionError, match="the run began"):
        fit(request_for(**changes), begun, teller, resume=True)


@pytest.mark.parametrize("resume", [True, False])
def test_a_spoilt_note_without_a_checkpoint_is_a_new_run(request_for, begun, teller, resume):
    (begun / "request.json").write_text('{"datasets": [', encoding="utf-8")
    with pytest.raises(AssertionError, match="the run began"):
        fit(request_for(), begun, teller, resume=resume)
    assert json.loads((begun / "request.json").read_text())["name"] == "Trial"


def test_a_new_run_does_not_keep_to_the_split_of_one_whose_note_is_gone(request_for, begun, teller):
    parts = {name: [] for name in ("train", "validation", "test")}
    note = {"classes": ["cyst"], "left_out": 0, "others": []} | parts
    (begun / "split.json").write_text(json.dumps(note), encoding="utf-8")
    (begun / "request.json").unlink()
    with pytest.raises(AssertionError, match="the run began"):
        fit(request_for(), begun, teller)
    assert "glioma" in noted_split(begun).classes


@pytest.mark.parametrize("resume", [True, False])
@pytest.mark.parametrize("text", ['{"url": "of somebody"}', "[]", "3"])
def test_a_file_of_that_name_that_is_somebody_s_own_is_left_alone(
    request_for, begun, teller, text, resume
):
    (begun / "request.json").write_text(text, encoding="utf-8")
    with pytest.raises(TrainingError, match="choose another --work folder"):
        fit(request_for(), begun, teller, resume=resume)
    assert (begun / "request.json").read_text() == text


def test_a_spoilt_note_beside_a_checkpoint_is_told(request_for, begun, teller):
    (begun / "request.json").write_text("{", encoding="utf-8")
    (begun / "checkpoint.json").write_text("{}", encoding="utf-8")
    with pytest.raises(TrainingError, match=r"\(request\.json\) cannot be read"):
        fit(request_for(), begun, teller, resume=True)


def test_going_on_with_no_run_begins_one_and_says_so(request_for, tmp_path, teller):
    with pytest.raises(AssertionError, match="the run began"):
        fit(request_for(), tmp_path / "work", teller, resume=True)
    assert any("no run in" in line and "a new one begins" in line for line in teller.said)


def test_what_is_stopped_while_its_scans_are_listed_is_told_how_to_go_on(request_for, begun):
    control = Control()
    control.tell(Command.STOP)  # as while TensorFlow was loaded
    with pytest.raises(Cancelled, match=r"The same command with --resume continues"):
        fit(request_for(), begun, Teller(), control, resume=True)


def test_what_is_stopped_while_it_compares_goes_on_as_it_says(request_for, tmp_path):
    control = Control()

    def look(event):
        if isinstance(event, Progress):
            control.tell(Command.STOP)

    request = request_for(protocol="honest")
    with pytest.raises(Cancelled, match=r"The same command with --resume continues"):
        fit(request, tmp_path / "work", Teller(look), control)
    again = Teller()
    with pytest.raises(AssertionError, match="the run began"):
        fit(request, tmp_path / "work", again, resume=True)
    assert not any("no run in" in line for line in again.said)


def test_a_card_that_no_model_may_have_is_refused_at_once(request_for, tmp_path, teller):
    wrong = request_for(display_names=(("glioma", 7),))
    with pytest.raises(ModelPackError, match="class names as text"):
        fit(wrong, tmp_path / "work", teller)
    assert not (tmp_path / "work").exists()


def test_a_slip_in_the_data_sets_path_leaves_the_work_folder_free(request_for, tmp_path, teller):
    wrong = request_for(datasets=(str(tmp_path / "fuor"),))
    with pytest.raises(DatasetError, match="fuor cannot be reached"):
        fit(wrong, tmp_path / "work", teller)
    with pytest.raises(AssertionError, match="the run began"):
        fit(request_for(), tmp_path / "work", teller)


def test_an_added_folder_of_an_unknown_class_is_refused(request_for, tmp_path, teller):
    wrong = request_for(added=((str(tmp_path), "cyst"),))
    with pytest.raises(TrainingError, match=r"among glioma, .*pituitary.*received 'cyst'"):
        fit(wrong, tmp_path / "work", teller)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"recipe": replace(RECIPE, epochs=0)}, "epochs to be a whole number, 1 or more"),
        ({"weights": "typo.h5"}, r"typo\.h5 does not exist"),
        ({"masks": "typo.csv"}, r"typo\.csv was not found"),
    ],
)
def test_a_slip_leaves_the_work_folder_free(request_for, tmp_path, teller, wrong, words):
    with pytest.raises((TrainingError, DatasetError), match=words):
        fit(request_for(**wrong), tmp_path / "work", teller)
    assert not (tmp_path / "work").exists()
