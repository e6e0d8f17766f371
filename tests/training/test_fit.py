import csv
import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from btgui.engine.analysis import Analyser
from btgui.engine.errors import DatasetError, TrainingError
from btgui.engine.model_pack import open_pack
from tests.training.conftest import RECIPE
from training.callbacks import EpochCheckpoint, first_epoch
from training.fit import fit


@pytest.fixture
def stop_after_one_epoch(monkeypatch):
    """Return a function that runs as if the user had stopped after the first epoch."""
    import keras

    finished = keras.callbacks.CSVLogger.on_epoch_end

    def stop(logger, epoch, logs=None):
        finished(logger, epoch, logs)
        logger.csv_file.close()  # as the end of the process would
        raise KeyboardInterrupt

    def run(*arguments, **options):
        with monkeypatch.context() as patched:
            patched.setattr(keras.callbacks.CSVLogger, "on_epoch_end", stop)
            with pytest.raises(KeyboardInterrupt):
                fit(*arguments, **options)

    return run


def weights_of(pack):
    import keras

    return keras.saving.load_model(pack.model_file, compile=False).get_weights()


def state_after_two_epochs(work: Path) -> dict[str, np.ndarray]:
    """Return the raw weights, the optimiser's state and the average of weights, by name."""
    import h5py

    state = {}
    with h5py.File(work / "epoch-002.weights.h5") as file:
        file.visititems(
            lambda name, item: state.update({name: item[()]}) if hasattr(item, "dtype") else None
        )
    with np.load(work / "average-002.npz") as average:
        return state | dict(average)


def logged(work: Path):
    with (work / "log.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def outlines(four_classes: Path) -> Path:
    """Draw a table of tumour outlines for the gliomas of the training part."""
    table = four_classes.parent / "masks.csv"
    mask = np.zeros((96, 96), np.uint8)
    cv2.circle(mask, (34, 34), 8, 255, -1)
    cv2.imwrite(str(table.with_name("mask.png")), mask)
    rows = [f"Training/glioma/{index:02d}.png,mask.png\n" for index in range(8)]
    table.write_text("image,mask\n" + "".join(rows), encoding="utf-8")
    return table


def test_a_run_from_scans_to_a_model_that_reads_them(request_for, four_classes, tmp_path, said):
    request = request_for(protocol="honest", masks=str(outlines(four_classes)))
    pack = fit(request, tmp_path / "work", said.append)
    card = open_pack(pack.folder).card
    assert card.classes == ("glioma", "meningioma", "notumor", "pituitary")
    assert (card.preprocessing.input_height, card.preprocessing.input_width) == (64, 64)
    assert card.training["request"]["protocol"] == "honest"
    parts = card.training["scans"]
    total = parts["train"] + parts["validation"] + parts["left_out_as_copies_of_test_scans"]
    assert total == 32
    assert 0.05 <= card.temperature <= 20
    assert any(line.endswith("8 are kept for the test.") for line in said)
    assert said[-1] == f"Saved Trial to {request.output}."

    rows = logged(tmp_path / "work")
    assert [row["epoch"] for row in rows] == ["0", "1"]
    assert all(float(row["activation_loss"]) > 0 for row in rows)  # the outlines were used
    assert first_epoch(tmp_path / "work") == 2

    import keras

    # The optimiser's state would triple the size.
    assert getattr(keras.saving.load_model(pack.model_file), "optimizer", None) is None
    scan = next((four_classes / "Testing" / "glioma").iterdir())
    analysis = Analyser(pack).read(scan, explain=True)
    assert sum(analysis.prediction.probabilities) == pytest.approx(1)
    assert len(analysis.explanation.stages) == 5


def test_a_run_resumed_after_one_epoch_ends_as_an_uninterrupted_one(
    request_for, stop_after_one_epoch, tmp_path, said
):
    through = fit(request_for("through"), tmp_path / "work-through", said.append)
    request, work = request_for("resumed"), tmp_path / "work-resumed"
    stop_after_one_epoch(request, work, said.append)
    assert first_epoch(work) == 1
    assert not Path(request.output).exists()
    resumed = fit(request, work, said.append, resume=True)

    ours, theirs = state_after_two_epochs(work), state_after_two_epochs(tmp_path / "work-through")
    assert set(ours) == set(theirs)
    assert "optimizer/vars/0" in ours
    for name, value in ours.items():
        assert value == pytest.approx(theirs[name], rel=1e-3, abs=1e-6), name
    for mine, others in zip(weights_of(resumed), weights_of(through), strict=True):
        assert mine == pytest.approx(others, rel=1e-3, abs=1e-6)
    assert resumed.card.temperature == pytest.approx(through.card.temperature, rel=1e-3)
    rows, expected = logged(work), logged(tmp_path / "work-through")
    assert [row["epoch"] for row in rows] == ["0", "1"]
    for row, other in zip(rows, expected, strict=True):
        for figure in ("loss", "val_loss"):
            assert float(row[figure]) == pytest.approx(float(other[figure]), rel=1e-4)


def test_the_model_is_that_of_the_epoch_with_the_smallest_validation_loss(
    request_for, tmp_path, monkeypatch, said
):
    # Far too fast after a good start: the second epoch is worse than the first.
    recipe = replace(RECIPE, cosine_decay=False, weight_average_momentum=None, weight_decay=0.0)
    kept = {}
    finished = EpochCheckpoint.on_epoch_end

    def spoil(checkpoint, epoch, logs=None):
        kept[epoch] = (logs["val_logits_loss"], checkpoint.model.get_weights())
        finished(checkpoint, epoch, logs)
        checkpoint.model.optimizer.learning_rate.assign(3.0)

    monkeypatch.setattr(EpochCheckpoint, "on_epoch_end", spoil)
    pack = fit(request_for(recipe=recipe), tmp_path / "work", said.append)
    assert kept[0][0] < kept[1][0]
    for ours, best in zip(weights_of(pack), kept[0][1], strict=True):
        assert np.array_equal(ours, best)


def test_a_loss_that_is_not_a_number_ends_the_run_with_advice(request_for, tmp_path, said):
    recipe = replace(RECIPE, learning_rate=float("inf"), cosine_decay=False)
    with pytest.raises(TrainingError, match="Lower the learning rate"):
        fit(request_for(recipe=recipe), tmp_path / "work", said.append)
    assert not (tmp_path / "model").exists()


class TestRefusals:
    """None of these gets as far as building a network."""

    @pytest.fixture(autouse=True)
    def no_network(self, monkeypatch):
        def never(*_arguments, **_options):
            raise AssertionError("the run began")

        monkeypatch.setattr("training.fit.build_network", never)

    @pytest.fixture
    def begun(self, request_for, tmp_path):
        """A work folder in which a run was begun."""
        work = tmp_path / "work"
        work.mkdir()
        text = json.dumps(request_for().to_json())
        (work / "request.json").write_text(text, encoding="utf-8")
        return work

    def test_an_existing_output_is_refused_and_stays_as_it_was(self, request_for, tmp_path, said):
        (tmp_path / "model").mkdir()
        with pytest.raises(TrainingError, match=r"exists already\. Choose another output folder"):
            fit(request_for(), tmp_path / "work", said.append)
        assert not list((tmp_path / "model").iterdir())
        assert not (tmp_path / "work").exists()

    def test_a_work_folder_with_a_run_is_not_used_again_unasked(self, request_for, begun, said):
        with pytest.raises(TrainingError, match=r"holds a run already\. Go on with --resume"):
            fit(request_for(), begun, said.append)

    @pytest.mark.parametrize(
        "changes",
        [{"seed": 2}, {"recipe": replace(RECIPE, learning_rate=1.0)}, {"name": "Other"}],
        ids=["seed", "recipe", "name"],
    )
    def test_other_settings_are_refused_on_resume(self, request_for, begun, said, changes):
        with pytest.raises(TrainingError, match="started with other settings"):
            fit(request_for(**changes), begun, said.append, resume=True)

    def test_the_same_settings_are_taken_up_on_resume(self, request_for, begun, said):
        with pytest.raises(AssertionError, match="the run began"):
            fit(request_for(), begun, said.append, resume=True)

    def test_a_slip_in_the_data_sets_path_leaves_the_work_folder_free(
        self, request_for, tmp_path, said
    ):
        wrong = request_for(datasets=(str(tmp_path / "fuor"),))
        with pytest.raises(DatasetError, match="fuor is not a folder"):
            fit(wrong, tmp_path / "work", said.append)
        with pytest.raises(AssertionError, match="the run began"):
            fit(request_for(), tmp_path / "work", said.append)

    def test_an_added_folder_of_an_unknown_class_is_refused(self, request_for, tmp_path, said):
        wrong = request_for(added=((str(tmp_path), "cyst"),))
        with pytest.raises(TrainingError, match=r"among glioma, .*pituitary.*received 'cyst'"):
            fit(wrong, tmp_path / "work", said.append)

    @pytest.mark.parametrize("wrong", [{"epochs": 0}, {"epochs": -1}, {"batch_size": 0}])
    def test_no_epochs_and_empty_batches_are_refused(self, request_for, tmp_path, said, wrong):
        with pytest.raises(TrainingError, match="at least one epoch and one scan a batch"):
            fit(request_for(recipe=replace(RECIPE, **wrong)), tmp_path / "work", said.append)

    def test_an_unknown_architecture_is_refused(self, request_for, tmp_path, said):
        with pytest.raises(TrainingError, match="received 'resnet'"):
            fit(request_for(architecture="resnet"), tmp_path / "work", said.append)

    def test_outlines_of_other_scans_are_refused(self, request_for, tmp_path, said):
        (tmp_path / "masks.csv").write_text("image,mask\nno.png,no.png\n", encoding="utf-8")
        with pytest.raises(DatasetError, match=r"No scan named in masks\.csv"):
            fit(request_for(masks=str(tmp_path / "masks.csv")), tmp_path / "work", said.append)
