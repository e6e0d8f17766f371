import errno
import json
import os
from dataclasses import replace

import cv2
import numpy as np
import pytest

from btgui.engine.datasets.dataset import read_dataset
from btgui.engine.errors import Cancelled, DatasetError
from btgui.engine.training_request import AS_PUBLISHED, RECOMMENDED, TrainingRequest
from btgui.engine.training_runs.events import Command, Progress
from training.__main__ import main
from training.augmenting.augmentation import without_augmentation
from training.control import Control
from training.fitting.preview import preview


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "pictures"
    place.mkdir()
    return place


@pytest.fixture
def ask(small_dataset, folder, teller):
    """Return a function that previews the small data set."""

    def make(*, control=None, scans=None, recipe=None, seed=1):
        request = TrainingRequest((str(small_dataset),), "", "Preview")
        if recipe is not None:
            request = TrainingRequest((str(small_dataset),), "", "Preview", recipe=recipe)
        scans = read_dataset(small_dataset) if scans is None else scans
        control = control or Control()
        return preview(scans, request, folder, teller, control, count=4, changes=2, seed=seed)

    return make


def pixels(file):
    return cv2.imread(str(file))


def test_every_class_is_shown_as_it_is_and_changed_at_the_network_s_size(ask):
    samples = ask()
    assert [sample.label for sample in samples] == ["healthy", "tumour"] * 2
    for sample in samples:
        pictures = [pixels(file) for file in (sample.plain, *sample.changed)]
        assert [picture.shape for picture in pictures] == [(200, 200, 3)] * 3
        assert (pictures[0] != pictures[1]).any()
        assert (pictures[1] != pictures[2]).any()


def test_a_seed_repeats_the_scans_and_their_changes(ask, tmp_path):
    first = ask(seed=3)
    before = [pixels(file) for sample in first for file in sample.changed]
    second = ask(seed=3)
    after = [pixels(file) for sample in second for file in sample.changed]
    assert [one.scan for one in first] == [one.scan for one in second]
    assert all(np.array_equal(*both) for both in zip(before, after, strict=True))
    assert [one.scan for one in ask(seed=4)] != [one.scan for one in first]


def test_without_augmentation_nothing_changes(ask):
    recipe = without_augmentation(TrainingRequest((), "", "").recipe)
    for sample in ask(recipe=recipe):
        assert np.array_equal(pixels(sample.plain), pixels(sample.changed[0]))


def test_what_is_not_shown_is_said(ask, teller):
    ask()
    assert not [line for line in teller.said if "not shown here" in line]
    ask(recipe=replace(RECOMMENDED, mix_alpha=0.2, removal_probability=0.1))
    shown = "Used in training but not shown here: tumours removed, scans blended with others."
    assert shown in teller.said


def test_a_scan_that_cannot_be_read_is_passed_over_and_named(ask, small_dataset, teller):
    scans = read_dataset(small_dataset)
    bad = next(scan for scan in scans if scan.label == "tumour")
    bad.path.write_bytes(b"nothing")
    others = [scan for scan in scans if scan.label == "healthy"][:2]
    assert [one.label for one in ask(scans=[bad, *others])] == ["healthy"] * 2
    assert bad.path.name in teller.said[0]
    with pytest.raises(DatasetError, match="none of the files"):
        ask(scans=[bad])


def test_it_can_be_stopped(ask, teller):
    control = Control()
    teller.at_event = lambda event: (
        control.tell(Command.STOP) if isinstance(event, Progress) else None
    )
    with pytest.raises(Cancelled):
        ask(control=control)


def test_the_command_takes_a_request_and_leaves_out_what_it_says(small_dataset, tmp_path, capsys):
    left_out = sorted((small_dataset / "Training" / "tumour").iterdir())[1:]
    request = TrainingRequest(
        (str(small_dataset),),
        "",
        "Trial",
        architecture="nasnetlarge",
        left_out=tuple(str(file) for file in left_out),
    )
    file, facts = tmp_path / "request.json", tmp_path / "pictures" / "samples.json"
    file.write_text(json.dumps(request.to_json()))
    arguments = ["preview", "--request", str(file), "--into", str(tmp_path / "pictures")]
    arguments += ["--json", str(facts), "--count", "5", "--changes", "1"]
    assert main(arguments) == 0
    samples = json.loads(facts.read_text())
    tumours = [sample["scan"] for sample in samples if sample["label"] == "tumour"]
    assert tumours == [str(small_dataset / "Training" / "tumour" / "00.png")]
    assert pixels(samples[0]["changed"][0]).shape == (331, 331, 3)
    assert main(arguments) == 1
    assert "exists already" in capsys.readouterr().err


def test_the_command_refuses_what_is_no_request(tmp_path, capsys):
    file = tmp_path / "request.json"
    file.write_text("[]")
    arguments = ["preview", "--into", str(tmp_path / "pictures")]
    assert main([*arguments, "--request", str(file)]) == 1
    assert "Expected a training request" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "required: dataset"),
        (["scans", "--request", "r"], "leave out the data set and --preset, or"),
        (["--request", "r", "--preset", "as-published"], "leave out the data set and --preset, or"),
    ],
)
def test_either_a_data_set_or_a_request_is_named(capsys, arguments, words):
    with pytest.raises(SystemExit) as ended:
        main(["preview", "--into", "pictures", *arguments])
    assert ended.value.code == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--count", "0"], "--count to be 1 or more, received 0"),
        (["--changes", "-1"], "--changes to be 0 or more, received -1"),
        (["--seed", "-1"], "seed to be a whole number, 0 to"),
    ],
)
def test_numbers_that_mean_nothing_are_refused(small_dataset, tmp_path, capsys, arguments, words):
    into = tmp_path / "new"
    assert main(["preview", str(small_dataset), "--into", str(into), *arguments]) == 1
    assert words in capsys.readouterr().err
    assert not into.exists()


def test_a_preview_that_fails_leaves_its_name_free(small_dataset, tmp_path, capsys):
    for file in small_dataset.rglob("*.png"):
        file.write_bytes(b"broken")
    into = tmp_path / "new"
    assert main(["preview", str(small_dataset), "--into", str(into)]) == 1
    assert "none of the files can be read" in capsys.readouterr().err
    assert not into.exists()


def test_every_option_of_the_command_reaches_it(small_dataset, tmp_path, monkeypatch):
    asked = []

    def note(_scans, request, into, _reporter, _control, **numbers):
        asked.append((request.recipe, into, numbers))
        return []

    monkeypatch.setattr("training.fitting.preview.preview", note)
    into = tmp_path / "new" / "pictures"
    numbers = ["--count", "2", "--changes", "4", "--seed", "5"]
    command = ["preview", str(small_dataset), "--into", str(into), "--preset", "as-published"]
    assert main([*command, *numbers]) == 0
    assert asked == [(AS_PUBLISHED, into, {"count": 2, "changes": 4, "seed": 5})]


def test_a_full_disk_is_told(small_dataset, tmp_path, monkeypatch, capsys):
    def fill(*_given, **_named):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("training.fitting.preview.preview", fill)
    into = tmp_path / "new"
    assert main(["preview", str(small_dataset), "--into", str(into)]) == 1
    assert f"The preview cannot be written to {into}" in capsys.readouterr().err
    assert not into.exists()
