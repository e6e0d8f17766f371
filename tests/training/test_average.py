import gzip
import json
import shutil
from dataclasses import replace
from itertools import cycle
from pathlib import Path

import numpy as np
import pytest

from btgui.engine.errors import DatasetError, TrainingError
from btgui.engine.models.pack import open_pack, write_pack
from btgui.engine.models.prototypes import read_detector
from btgui.views.widgets.curves_plot import curves_of
from tests.training.conftest import (
    Teller,
    draw_four_classes,
    know_tiny,
    not_compiled,
    trial,
    weights_of,
)
from training import average as module
from training.__main__ import main
from training.average import average, joined_history
from training.fitting.run import fit
from training.scans.scan_record import read_record

pytestmark = [
    pytest.mark.usefixtures("eagerly"),
    pytest.mark.filterwarnings("ignore:Even though the `tf.config"),
]


@pytest.fixture(scope="module")
def once_trained(tmp_path_factory):
    """A folder with a short run and a second one that fine-tunes its model."""
    place = tmp_path_factory.mktemp("trained")
    scans = draw_four_classes(tmp_path_factory.mktemp("scans") / "four")
    with pytest.MonkeyPatch.context() as patch, not_compiled():
        tiny = know_tiny(patch)
        first = fit(trial(scans, place / "first", tiny), place / "first.run", Teller())
        onward = replace(trial(scans, place / "second", tiny), weights=str(first.folder))
        fit(onward, place / "second.run", Teller())
    return place


@pytest.fixture
def trained(once_trained, tmp_path, tiny_architecture):
    """A copy of the two models and the second one's run, which a test may change."""
    shutil.copytree(once_trained, tmp_path, dirs_exist_ok=True)
    return [open_pack(tmp_path / name) for name in ("first", "second")]


@pytest.fixture
def average_is_best(monkeypatch):
    """Make the average of two models, which is validated last, the best one."""
    losses = cycle([1.0, 1.0, 0.5])
    real = module.validation_logits

    def sharper(*arguments):
        _, labels = real(*arguments)
        return np.eye(4)[labels] / next(losses) * 3, labels

    monkeypatch.setattr(module, "validation_logits", sharper)


@pytest.mark.usefixtures("average_is_best")
def test_the_average_is_the_mean_of_all_weights_and_says_of_which(trained, tmp_path, said):
    pack = average(trained, tmp_path / "second.run", tmp_path / "mean", "Mean", said.append)
    for mean, *members in zip(weights_of(pack), *map(weights_of, trained), strict=True):
        np.testing.assert_allclose(mean, sum(members) / 2, rtol=1e-5, atol=1e-7)
    card = open_pack(pack.folder).card
    assert card.training["averaged"] == [one.card.id for one in trained]
    assert card.name == "Mean"
    assert read_detector(pack.folder, pack.card).limit == card.novelty_limit > 0
    assert card.temperature > 0
    losses = [loss for one in trained for loss in one.card.training["history"]["validation_loss"]]
    assert len(losses) == 4
    assert card.training["history"]["validation_loss"] == losses
    assert len(curves_of(card).validation) == 4
    assert card.stages == trained[0].card.stages
    assert not card.has_even_cells

    # Class biases are corrected where that is asked for, though the run did not. Models of an earlier
    # version keep their even cells.
    run, output = tmp_path / "second.run", tmp_path / "corrected"
    even = tuple(replace(stage, grid=None) for stage in card.stages)
    older = [replace(one, card=replace(one.card, stages=even)) for one in trained]
    corrected = average(older, run, output, "Mean", said.append, bias_correction=True)
    assert open_pack(corrected.folder).card.stages == even
    training = open_pack(corrected.folder).card.training
    assert training["request"]["recipe"]["bias_correction"]
    added = weights_of(corrected)[-1] - weights_of(pack)[-1]
    assert added == pytest.approx(list(training["class_biases"].values()), abs=1e-6)


def test_every_option_of_the_command_reaches_it(tiny_pack, tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(module, "average", lambda *given, **named: asked.append((given, named)))
    monkeypatch.chdir(tmp_path)
    model = str(tiny_pack.folder)
    arguments = ["average", model, model, "--run", "run", "--output", "new", "--name", "Both"]
    assert main(arguments) == 0
    assert main([*arguments, "--bias-correction"]) == 0
    (packs, run, output, name, _reporter), _ = asked[0]
    assert [pack.folder for pack in packs] == [tiny_pack.folder] * 2
    assert (run, output, name) == (Path("run"), tmp_path / "new", "Both")
    assert [named["bias_correction"] for _, named in asked] == [False, True]


def test_histories_are_joined_in_order_and_only_what_all_recorded(tiny_pack):
    def pack(history):
        return replace(tiny_pack, card=replace(tiny_pack.card, training={"history": history}))

    first = pack({"loss": [3.0, 2.0], "accuracy": [0.5, 0.6]})
    second = pack({"loss": [1.0]})
    assert joined_history([first, pack({}), second]) == {"loss": [3.0, 2.0, 1.0]}
    assert joined_history([tiny_pack, pack({})]) == {}


def test_an_average_that_is_no_better_is_not_written(trained, tmp_path, said):
    twice = [trained[1], trained[1]]
    with pytest.raises(TrainingError, match="no lower validation loss than the best"):
        average(twice, tmp_path / "second.run", tmp_path / "mean", "Mean", said.append)
    assert not (tmp_path / "mean").exists()


def validate_as(monkeypatch, *networks):
    """Set the networks' results in the order of validation: (number of errors, confidence)."""
    answers = iter(networks)
    real = module.validation_logits

    def said(*arguments):
        _, labels = real(*arguments)
        wrong, sureness = next(answers)
        verdicts = np.where(np.arange(len(labels)) < wrong, (labels + 1) % 4, labels)
        return np.eye(4)[verdicts] * float(sureness), labels

    monkeypatch.setattr(module, "validation_logits", said)


def test_one_that_is_better_than_one_model_alone_is_not_written(
    trained, tmp_path, monkeypatch, said
):
    validate_as(monkeypatch, (3, 3), (1, 3), (2, 3))
    with pytest.raises(TrainingError, match="no lower validation loss than the best"):
        average(trained, tmp_path / "second.run", tmp_path / "mean", "Mean", said.append)


def test_how_sure_it_is_does_not_matter_since_a_temperature_sets_that_right(
    trained, tmp_path, monkeypatch, said
):
    validate_as(monkeypatch, (3, 1), (3, 1), (2, 30))
    pack = average(trained, tmp_path / "second.run", tmp_path / "mean", "Mean", said.append)
    assert pack.card.temperature > 5


def that_knows(pack, digests, folder):
    """Return a copy of a model, without prototypes, with a record that the given scans trained it."""
    record = folder.with_name("scans.json.gz")
    record.write_bytes(gzip.compress(json.dumps({"train": sorted(digests)}).encode()))
    card = replace(pack.card, novelty_limit=None)
    return write_pack(folder, card, pack.model_file, (record,))


@pytest.mark.usefixtures("average_is_best")
def test_scans_that_trained_a_model_do_not_choose(trained, tmp_path, said):
    chose = sorted(read_record(trained[1])["validation"])
    packs = [trained[0], that_knows(trained[1], chose[:3], tmp_path / "knows")]
    pack = average(packs, tmp_path / "second.run", tmp_path / "mean", "Mean", said.append)
    count = len(chose)
    assert (
        f"Left out: 3 of {count} validation scans, on which one of the models was trained." in said
    )
    assert read_record(pack)["validation"] == set(chose[3:])
    assert pack.card.training["scans"]["validation"] == len(chose) - 3


def test_where_all_trained_a_model_the_average_is_refused(trained, tmp_path, said):
    chose = read_record(trained[1])["validation"]
    packs = [trained[0], that_knows(trained[1], chose, tmp_path / "knows")]
    with pytest.raises(TrainingError, match="none of the models was trained on, received only"):
        average(packs, tmp_path / "second.run", tmp_path / "mean", "Mean", said.append)
    assert not (tmp_path / "mean").exists()


def test_what_does_not_fit_together_is_refused(trained, tiny_pack, tmp_path, said):
    run, output = tmp_path / "second.run", tmp_path / "mean"
    with pytest.raises(TrainingError, match="at least two"):
        average(trained[:1], run, output, "Mean", said.append)
    with pytest.raises(TrainingError, match="another kind of network"):
        average([trained[0], tiny_pack], run, output, "Mean", said.append)
    with pytest.raises(TrainingError, match=r"request\.json"):
        average(trained, tmp_path, output, "Mean", said.append)
    even = tuple(replace(stage, grid=None) for stage in trained[0].card.stages)
    card = replace(trained[0].card, stages=even, novelty_limit=None)
    older = write_pack(tmp_path / "older", card, trained[0].model_file)
    with pytest.raises(TrainingError, match="placed otherwise"):
        average([trained[0], older], run, output, "Mean", said.append)
    output.mkdir()
    with pytest.raises(DatasetError, match="exists already"):
        average(trained, run, output, "Mean", said.append)


def test_a_run_of_other_classes_or_preprocessing_is_refused(trained, tmp_path, said):
    def changed(name, **changes):
        card = replace(trained[0].card, novelty_limit=None, **changes)
        return write_pack(tmp_path / name, card, trained[0].model_file)

    run, output = tmp_path / "second.run", tmp_path / "mean"
    classes = ("a", "b", "c", "d")
    other = [changed(f"other-{n}", classes=classes, display_names=classes) for n in range(2)]
    with pytest.raises(TrainingError, match="Name the run of one"):
        average(other, run, output, "Mean", said.append)
    grey = replace(trained[0].card.preprocessing, colormap="none")
    with pytest.raises(TrainingError, match="Expected a run with the models' network"):
        average(
            [changed(f"grey-{n}", preprocessing=grey) for n in range(2)],
            run,
            output,
            "Mean",
            said.append,
        )
    assert not output.exists()


def test_a_published_model_cannot_join_an_honest_run(trained, tmp_path, said):
    text = (tmp_path / "second.run" / "request.json").read_text()
    (tmp_path / "second.run" / "request.json").write_text(text.replace('"published"', '"honest"'))
    training = {"request": {"protocol": "honest"}}
    card = replace(trained[0].card, training=training, novelty_limit=None)
    honest = write_pack(tmp_path / "honest", card, trained[0].model_file)
    with pytest.raises(TrainingError, match="under the published protocol cannot be part"):
        average(
            [honest, trained[1]], tmp_path / "second.run", tmp_path / "mean", "Mean", said.append
        )
