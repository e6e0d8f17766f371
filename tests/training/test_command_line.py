import argparse
import io
import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from btgui.engine.errors import Cancelled, ModelPackError
from btgui.engine.models.pack import open_pack
from btgui.engine.preprocessing import PLAIN, PreprocessingParameters
from btgui.engine.training_request import AS_PUBLISHED, RECOMMENDED, TrainingRequest
from btgui.engine.training_runs.events import Command, Message, from_line
from btgui.engine.training_runs.runs import at_work
from tests.training.conftest import Teller
from training.__main__ import _COMMANDS, main
from training.augmenting.augmentation import without_augmentation
from training.event_output import LineReporter

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def asked(monkeypatch):
    """Record what would be trained instead of training; a list of (request, work, resume)."""
    calls = []

    def note(request, work, _reporter, _control, *, resume, checkpoint_seconds):
        assert checkpoint_seconds == 300
        calls.append((request, work, resume))
        return SimpleNamespace(folder=work)

    monkeypatch.setattr("training.fitting.run.fit", note)
    return calls


def misuse(capsys, *arguments):
    """Run a command that must end with a usage error; return its message."""
    with pytest.raises(SystemExit) as ended:
        main([str(one) for one in arguments])
    assert ended.value.code == 2
    return capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "required: COMMAND"),
        (["train"], "invalid choice: 'train'"),
        (["fit"], "required: dataset, --output"),
        (["fit", "scans"], "required: --output"),
        (["fit", "--output", "model"], "required: dataset"),
        (["fit", "a", "--output", "b", "--checkpoint-minutes", "-1"], "a number, 0 or more"),
        (["fit", "a", "--output", "b", "--checkpoint-minutes", "nan"], "a number, 0 or more"),
        (["fit", "scans", "--request", "r", "--output", "m"], "leave out dataset, --output, or"),
        (["fit", "--request", "r", "--set", "dropout=0.1"], "leave out --set, or"),
        (["evaluate"], "required: model"),
        (["fit", "scans", "--output", "m", "--protocol", "quick"], "invalid choice: 'quick'"),
        (["fit", "scans", "--output", "m", "--preset", "mine"], "invalid choice: 'mine'"),
        (["fit", "scans", "--output", "m", "--epochs", "many"], "invalid int value: 'many'"),
        (["fit", "scans", "--output", "m", "--seed", "1.5"], "invalid int value: '1.5'"),
        (["fit", "scans", "--output", "m", "--add", "more"], "expected FOLDER=CLASS"),
        (["fit", "scans", "--output", "m", "--add", "=glioma"], "expected FOLDER=CLASS"),
        (["fit", "scans", "--output", "m", "--add", "more="], "expected FOLDER=CLASS"),
        (["fit", "scans", "--output", "m", "--set", "speed=9"], "expected one of epochs"),
        (["fit", "scans", "--output", "m", "--set", "epochs=1.5"], "expected a number for epochs"),
        (["fit", "scans", "--output", "m", "--set", "dropout"], "expected a number for dropout"),
        (["fit", "a", "--output", "b", "--set", "epochs=none"], "expected a number for epochs"),
        (["fit", "a", "--output", "b", "--set", "patience=some"], "expected a number for patience"),
        (["fit", "a", "--output", "b", "--set", "class_weights=0.5"], "a number for class_weights"),
    ],
)
def test_misuse_ends_with_status_2_and_says_what_was_expected(capsys, asked, arguments, words):
    assert words in misuse(capsys, *arguments)
    assert asked == []


def test_every_argument_says_what_it_is_for():
    commands = argparse.ArgumentParser().add_subparsers()
    for command in _COMMANDS:
        command.add_to(commands)
    for name, parser in commands.choices.items():
        assert [one.dest for one in parser._actions if not one.help] == [], name


def test_the_programs_own_name_and_status_reach_the_shell():
    ran = subprocess.run(
        [sys.executable, "-m", "training", "fit"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 2
    assert ran.stderr.startswith("usage: python -m training fit")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has another shell")
@pytest.mark.parametrize("program", [["main.py", "train"], ["-m", "training"]])
def test_a_closed_input_is_one_without_commands(monkeypatch, program):
    monkeypatch.setenv("KERAS_BACKEND", "theano")  # refused before Keras is loaded, for seconds
    fit = ["fit", "nowhere", "--output", "new", "--events"]
    closed = ["sh", "-c", 'exec "$@" <&-', "sh", sys.executable, *program, *fit]
    ran = subprocess.run(closed, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert "received 'theano'" in from_line(ran.stdout.splitlines()[-1]).reason
    assert "Traceback" not in ran.stderr


def test_without_options_the_recommended_recipe_and_the_honest_protocol_are_asked_for(
    asked, tmp_path
):
    assert main(["fit", str(tmp_path), "--output", str(tmp_path / "new")]) == 0
    ((request, work, resume),) = asked
    assert request.recipe == RECOMMENDED
    assert (request.protocol, request.weights, request.masks) == ("honest", "imagenet", None)
    assert (request.validation_fraction, request.seed, request.added) == (0.2, 1, ())
    assert request.output == str(tmp_path / "new")
    assert (work, resume) == (tmp_path / "new.run", False)


def test_every_option_reaches_the_run(asked, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    command = (
        "fit a b --output new --work elsewhere --resume --preset as-published --epochs 3 "
        "--batch-size 5 --set learning_rate=0.002 --set class_weights=1 --set flip_probability=0 "
        "--weights base.h5 --masks masks.csv --add more=glioma --add c=d=notumor --seed 9 "
        "--protocol published --validation-fraction 0.1 --name Trial --split-seed 4 "
        "--test-fraction 0.3 --architecture vgg19 --set patience=2 --set weight_average_momentum=none"
    )
    assert main(command.split()) == 0
    ((request, work, resume),) = asked
    assert request.datasets == (str(tmp_path / "a"), str(tmp_path / "b"))
    assert request.added == ((str(tmp_path / "more"), "glioma"), (str(tmp_path / "c=d"), "notumor"))
    assert request.weights == str(tmp_path / "base.h5")
    assert request.masks == str(tmp_path / "masks.csv")
    assert (request.protocol, request.architecture) == ("published", "vgg19")
    assert (request.validation_fraction, request.test_fraction) == (0.1, 0.3)
    assert (request.name, request.seed, request.split_seed) == ("Trial", 9, 4)
    recipe = request.recipe
    assert (recipe.patience, recipe.weight_average_momentum) == (2, None)
    assert (recipe.epochs, recipe.batch_size, recipe.learning_rate) == (3, 5, 0.002)
    assert (recipe.class_weights, recipe.flip_probability) == (True, 0.0)
    assert type(recipe.class_weights) is bool
    assert type(recipe.flip_probability) is float
    assert recipe.dropout == AS_PUBLISHED.dropout
    assert (work, resume) == (Path("elsewhere"), True)


def test_augmentation_and_preprocessing_can_be_left_out(asked, tmp_path):
    command = ["fit", str(tmp_path), "--output", str(tmp_path / "new"), "--no-preprocessing"]
    assert main([*command, "--no-augmentation", "--set", "zoom_fraction=0.1"]) == 0
    ((request, _, _),) = asked
    assert request.preprocessing == PLAIN
    # A value set by name takes precedence over options that leave augmentation out.
    assert request.recipe == replace(without_augmentation(RECOMMENDED), zoom_fraction=0.1)


@pytest.fixture
def pack_of_threshold(tiny_pack, tmp_path):
    """A model whose card has a head threshold of its own."""
    folder = shutil.copytree(tiny_pack.folder, tmp_path / "before")
    card = json.loads((folder / "card.json").read_text())
    card["preprocessing"]["threshold"] = 60
    (folder / "card.json").write_text(json.dumps(card))
    return folder


def test_a_model_that_is_gone_on_from_is_shown_scans_as_it_knows_them(
    asked, pack_of_threshold, tmp_path, capsys
):
    fit = ["fit", str(tmp_path), "--output", str(tmp_path / "new")]
    assert main([*fit, "--weights", str(pack_of_threshold)]) == 0
    assert f"preprocessed as for {pack_of_threshold}" in "".join(capsys.readouterr())
    assert main([*fit, "--weights", str(pack_of_threshold), "--no-preprocessing"]) == 0
    assert "--no-preprocessing continues its training without" in "".join(capsys.readouterr())
    assert main([*fit, "--weights", "none", "--no-preprocessing"]) == 0
    assert "preprocess" not in "".join(capsys.readouterr())
    asked_for = [request.preprocessing for request, _, _ in asked]
    assert asked_for == [PreprocessingParameters(threshold=60), PLAIN, PLAIN]


def test_what_a_request_says_of_preprocessing_counts(asked, pack_of_threshold, tmp_path):
    request = TrainingRequest(
        (str(tmp_path),), str(tmp_path / "new"), "Trial", weights=str(pack_of_threshold)
    )
    (tmp_path / "asked.json").write_text(json.dumps(request.to_json()))
    assert main(["fit", "--request", str(tmp_path / "asked.json")]) == 0
    assert asked[0][0] == request


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["fit", "nowhere", "--output", "new"], "nowhere cannot be reached"),
        (["fit", "nowhere", "--output", "."], "exists already"),
        (["fit", "nowhere", "--output", "new", "--epochs", "0"], "epochs to be a whole number"),
        (["evaluate", "nowhere", "scans"], "nowhere was not found"),
    ],
)
def test_what_cannot_be_done_ends_with_status_1_and_one_line_of_reason(
    capsys, tmp_path, monkeypatch, arguments, words
):
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 1
    said = capsys.readouterr()
    assert said.err.startswith("btgui: ")
    assert words in said.err
    assert said.err.count("\n") == 1
    assert said.out == ""


def test_a_run_that_the_user_stops_says_how_to_go_on(capsys, tmp_path, monkeypatch):
    def stopped(*_arguments, **_options):
        raise Cancelled("The training was stopped. Resume it with --resume.")

    monkeypatch.setattr("training.fitting.run.fit", stopped)
    assert main(["fit", "scans", "--output", str(tmp_path / "new")]) == 4
    assert "--resume" in capsys.readouterr().err


def test_the_best_epoch_so_far_is_made_a_model_where_one_is_done(capsys, tmp_path, monkeypatch):
    asked = []

    def note(request, work, _reporter, control, *, resume, checkpoint_seconds):
        asked.append((resume, control.finish_wanted()))
        return SimpleNamespace(folder=work)

    monkeypatch.setattr("training.fitting.run.fit", note)
    command = ["fit", "scans", "--output", str(tmp_path / "new"), "--keep-best"]
    assert main(command) == 1
    assert "so there is nothing to keep. Use --resume" in capsys.readouterr().err
    done = SimpleNamespace(best_epoch=1)
    monkeypatch.setattr("training.fitting.checkpoints.Checkpoints.state", lambda _: done)
    assert main(command) == 0
    assert asked == [(True, True)]


def test_evaluate_prints_the_figures_and_saves_them_where_asked(
    capsys, tiny_pack, four_classes, tmp_path
):
    (four_classes / "Testing" / "glioma" / "broken.png").write_bytes(b"broken")
    arguments = [tiny_pack.folder, four_classes, "--save-to", tmp_path / "measured"]
    assert main(["evaluate", *map(str, arguments), "--data", "drawn heads"]) == 0
    said = capsys.readouterr()
    figures = json.loads(said.out)
    assert (figures["data"], figures["protocol"], figures["count"]) == ("drawn heads", "honest", 8)
    assert sum(map(sum, figures["confusion"])) == 8
    assert figures["leak_free"]["count"] == 8
    assert ["broken.png" in line for line in figures["unreadable"]] == [True]
    assert f"{figures['correct']} of 8 (95 % interval" in said.err
    saved = open_pack(tmp_path / "measured").card.results[-1]
    assert (saved.data, saved.correct) == ("drawn heads", figures["correct"])


def test_what_is_to_be_written_is_where_nobody_reads_the_figures_to_their_end(
    tiny_pack, four_classes, tmp_path, monkeypatch
):
    read, written = os.pipe()
    os.close(read)
    with os.fdopen(written, "w", encoding="utf-8") as gone:
        monkeypatch.setattr("sys.stdout", gone)
        arguments = [tiny_pack.folder, four_classes, "--scan-list", tmp_path / "scans.csv"]
        assert main(["evaluate", *map(str, arguments)]) == 0
    assert len((tmp_path / "scans.csv").read_text(encoding="utf-8-sig").splitlines()) == 9


@pytest.mark.parametrize("word", ["reading", "comparing", "Computing heatmaps"])
def test_a_stop_ends_an_evaluation_in_each_part_of_it(
    tiny_pack, four_classes, tmp_path, monkeypatch, capsys, word
):
    scan = four_classes / "Testing" / "glioma" / "00.png"
    masks = four_classes / "masks.csv"
    masks.write_text(f"image,mask\nTesting/glioma/00.png,{scan}\n", encoding="utf-8")

    def telling_to_stop(options, work, control):
        class Stopping(Teller):
            def __call__(self, text):
                if text.startswith(word):
                    control.tell(Command.STOP)

        work(options, Stopping(lambda event: Stopping()(getattr(event, "phase", ""))), control)

    monkeypatch.setattr("training.commands.evaluate.telling", telling_to_stop)
    arguments = [tiny_pack.folder, four_classes, "--masks", masks, "--json", tmp_path / "figures"]
    assert main(["evaluate", *map(str, arguments)]) == 4
    assert "The evaluation was stopped" in capsys.readouterr().err
    assert not (tmp_path / "figures").exists()


@pytest.mark.parametrize("events", [False, True])
def test_figures_are_not_lost_where_the_model_cannot_be_written(
    capsys, tiny_pack, four_classes, tmp_path, monkeypatch, events
):
    def full(*_arguments):
        raise ModelPackError("measured cannot be written: No space left on device.")

    lines = []
    monkeypatch.setattr("training.fitting.save_model.add_result", full)
    monkeypatch.setattr(
        "training.commands.telling.event_lines_on_standard_output",
        lambda: LineReporter(lines.append),
    )
    figures = tmp_path / "figures.json"
    arguments = [tiny_pack.folder, four_classes, "--save-to", tmp_path / "x", "--json", figures]
    told = ["--events"] if events else []
    # A program that runs the command gets the figures, and a warning.
    assert main(["evaluate", *map(str, arguments), *told]) == (0 if events else 1)
    assert json.loads(figures.read_text())["count"] == 8
    if events:
        warnings = [one.text for line in lines if (one := from_line(line)) and is_warning(one)]
        assert warnings == ["measured cannot be written: No space left on device."]
    else:
        assert "No space left on device" in capsys.readouterr().err


def is_warning(event):
    return isinstance(event, Message) and event.level == "warning"


def test_a_run_that_another_window_trains_is_refused_and_nothing_is_left(
    asked, tmp_path, capsys, monkeypatch
):
    monkeypatch.setattr("btgui.engine.disk.file_lock._PATIENCE_SECONDS", 0.1)
    work = tmp_path / "work"
    arguments = ["fit", "scans", "--output", str(tmp_path / "model"), "--work", str(work)]
    with at_work(work):
        assert main(arguments) == 1
        assert "being trained by another window" in capsys.readouterr().err
    assert asked == []
    assert main(arguments) == 0
    assert len(asked) == 1
    assert not work.exists()


def test_a_class_whose_letters_the_output_lacks_costs_no_findings(
    small_dataset, tmp_path, monkeypatch
):
    for part in ("Training", "Testing"):
        (small_dataset / part / "tumour").rename(small_dataset / part / "腫瘍")
    told = io.TextIOWrapper(io.BytesIO(), "cp1252")
    monkeypatch.setattr("sys.stdout", told)
    assert main(["audit", str(small_dataset), "--json", str(tmp_path / "audit.json")]) == 0
    told.flush()
    assert rb"\u816b\u760d" in told.buffer.getvalue()
