import json
import shutil
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from btgui.engine.analysis import Analyser
from btgui.engine.errors import Cancelled, DatasetError, ModelPackError, TrainingError
from btgui.engine.models.pack import open_pack
from btgui.engine.training_runs.events import (
    Command,
    DeviceKnown,
    EpochDone,
    PhaseStarted,
    Progress,
    StepDone,
)
from tests.training.conftest import RECIPE, Teller, weights_of
from training.control import Control
from training.fitting import network_fit
from training.fitting.checkpoints import Checkpoints
from training.fitting.label_loss import label_loss
from training.fitting.loop import FittingLoop
from training.fitting.network_fit import _is_out_of_memory
from training.fitting.run import fit
from training.fitting.validation import validation_logits

pytestmark = [
    # Compiled steps are what the training of test_whole_wizard.py takes.
    pytest.mark.usefixtures("every_step_is_told", "eagerly"),
    pytest.mark.filterwarnings("ignore:Even though the `tf.config"),
]


def outlines(four_classes: Path) -> Path:
    """Draw a table of tumour outlines for the gliomas of the training part."""
    table = four_classes.parent / "masks.csv"
    mask = np.zeros((96, 96), np.uint8)
    cv2.circle(mask, (34, 34), 8, 255, -1)
    cv2.imwrite(str(table.with_name("mask.png")), mask)
    rows = [f"Training/glioma/{index:02d}.png,mask.png\n" for index in range(8)]
    table.write_text("image,mask\n" + "".join(rows), encoding="utf-8")
    return table


def test_a_run_from_scans_to_a_model_that_reads_them(request_for, four_classes, tmp_path, teller):
    request = request_for(protocol="honest", masks=str(outlines(four_classes)))
    pack = fit(request, tmp_path / "work", teller)
    card = open_pack(pack.folder).card
    assert card.classes == ("glioma", "meningioma", "notumor", "pituitary")
    assert (card.preprocessing.input_height, card.preprocessing.input_width) == (64, 64)
    assert card.training["request"]["protocol"] == "honest"
    parts = card.training["scans"]
    total = parts["train"] + parts["validation"] + parts["left_out_as_copies_of_test_scans"]
    assert total == 32
    assert 0.05 <= card.temperature <= 20
    assert any(line.endswith("8 for the test.") for line in teller.said)
    assert teller.said[-1] == f"Saved Trial to {request.output}."

    import keras

    # The optimiser's state would triple the size.
    assert getattr(keras.saving.load_model(pack.model_file), "optimizer", None) is None
    scan = next((four_classes / "Testing" / "glioma").iterdir())
    analyser = Analyser(pack)
    analysis = analyser.explain(analyser.read(scan))
    assert sum(analysis.prediction.probabilities) == pytest.approx(1)
    assert len(analysis.explanation.stages) == 5
    # The features of training are those of the application: its validation scans set the limit.
    chosen = json.loads((tmp_path / "work" / "split.json").read_text())["validation"]
    novelties = [analyser.read(Path(scan["path"])).prediction.novelty for scan in chosen]
    assert max(novelties) == pytest.approx(1, abs=1e-3)


def test_class_biases_are_corrected_at_the_end_and_nothing_else_is(request_for, tmp_path, teller):
    recipe = replace(RECIPE, bias_correction=True)
    corrected = fit(request_for(recipe=recipe), tmp_path / "work", teller)
    biases = corrected.card.training["class_biases"]
    assert tuple(biases) == corrected.card.classes
    best = Checkpoints(tmp_path / "work").load_best()
    *others, last = weights_of(corrected)
    np.testing.assert_allclose(last - best[-1], list(biases.values()), atol=1e-6)
    for kept, expected in zip(others, best, strict=False):
        np.testing.assert_array_equal(kept, expected)


def test_a_run_tells_its_phases_steps_and_epochs_and_keeps_its_history(
    request_for, tmp_path, teller, monkeypatch
):
    def measured(*arguments):
        said.append(validation_logits(*arguments))
        return said[-1]

    said = []
    monkeypatch.setattr("training.fitting.run.validation_logits", measured)
    pack = fit(request_for(), tmp_path / "work", teller)
    phases = [event.phase for event in teller.of(PhaseStarted)]
    assert phases == ["reading", "comparing", "preprocessing", "fitting", "measuring", "saving"]
    done = {event.phase: event.done for event in teller.of(Progress)}  # the last of each
    assert (done["preprocessing"], done["measuring"]) == (32, 8 + 24 + 8)
    assert [event.device_kind for event in teller.of(DeviceKnown)] in (["cpu"], ["gpu"])
    steps = teller.of(StepDone)
    assert [(one.epoch, one.step, one.steps) for one in steps] == [
        (epoch, step, 3) for epoch in (1, 2) for step in (1, 2, 3)
    ]
    assert all(one.scans_per_second > 0 and one.memory_mib > 0 for one in steps)
    assert steps[0].seconds_left < 0  # the first compiles: it tells no pace
    assert steps[1].seconds_left > steps[-1].seconds_left > 0  # validation is still to come
    epochs = teller.of(EpochDone)
    assert [(one.epoch, one.epochs) for one in epochs] == [(1, 2), (2, 2)]
    assert epochs[0].best
    assert pack.card.training["class_biases"] == {}
    history = pack.card.training["history"]
    assert history["validation_loss"] == [round(one.validation_loss, 5) for one in epochs]
    assert history["accuracy"] == [round(one.accuracy, 5) for one in epochs]
    # What chose the best epoch is the loss of the model's own weights on scans that nothing changed.
    ((logits, labels),) = said
    losses = np.asarray(label_loss(RECIPE.label_smoothing)(np.eye(4)[labels], logits))
    assert losses.mean() == pytest.approx(min(history["validation_loss"]), abs=2e-5)


def test_the_model_is_that_of_the_epoch_with_the_smallest_validation_loss(
    request_for, tmp_path, teller, monkeypatch
):
    # Far too fast after a good start: the second epoch is worse than the first.
    recipe = replace(RECIPE, cosine_decay=False, weight_average_momentum=None, weight_decay=0.0)
    kept = []

    def spoil(event):
        if isinstance(event, EpochDone):
            kept.append(Checkpoints(tmp_path / "work").load().weights)
            loops[0]._fit.model.optimizer.learning_rate.assign(3.0)

    loops = []
    begin = FittingLoop.__init__

    def note(loop, *arguments):
        loops.append(loop)
        begin(loop, *arguments)

    monkeypatch.setattr(FittingLoop, "__init__", note)
    teller.at_event = spoil
    pack = fit(request_for(recipe=recipe), tmp_path / "work", teller)
    assert [event.best for event in teller.of(EpochDone)] == [True, False]
    assert all(np.array_equal(a, b) for a, b in zip(weights_of(pack), kept[0], strict=True))


def test_a_fit_that_gets_no_better_ends_early_where_asked(request_for, tmp_path, teller):
    recipe = replace(RECIPE, epochs=9, patience=1, learning_rate=1e-9, cosine_decay=False)
    pack = fit(request_for(recipe=recipe), tmp_path / "work", teller)
    assert len(pack.card.training["history"]["loss"]) < 9
    assert any("ends early" in line for line in teller.said)


def test_a_batch_too_large_for_the_memory_is_halved_once_and_told(
    request_for, tmp_path, teller, monkeypatch
):
    step = FittingLoop._step

    def small_memory(loop, batch):
        if len(batch[0]) > 4:
            raise type("ResourceExhaustedError", (Exception,), {})("out of memory")
        step(loop, batch)

    def measured(network, request, *others):
        asked.append(request.recipe.batch_size)
        return validation_logits(network, request, *others)

    asked = []
    monkeypatch.setattr(FittingLoop, "_step", small_memory)
    monkeypatch.setattr("training.fitting.run.validation_logits", measured)
    pack = fit(request_for(), tmp_path / "work", teller)
    assert asked == [4]  # a batch of the size that was asked for would be too large here, too
    assert any("Batches of 8 scans do not fit" in line for line in teller.said)
    assert {event.steps for event in teller.of(StepDone)} == {6}
    assert pack.card.training["request"]["recipe"]["batch_size"] == 4


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        np._core._exceptions._ArrayMemoryError((1 << 40,), np.dtype(np.float32)),
        RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried"),
        RuntimeError("CUDA out of memory. Tried to allocate 20 MiB"),
        RuntimeError("CUDNN_STATUS_ALLOC_FAILED"),
        ValueError("RESOURCE_EXHAUSTED: Out of memory allocating 1024 bytes"),
    ],
)
def test_every_back_end_s_want_of_memory_is_understood(error):
    assert _is_out_of_memory(error)


@pytest.mark.parametrize("error", [ValueError("a wrong shape"), TrainingError("out of memory")])
def test_other_errors_are_no_want_of_memory(error):
    assert not _is_out_of_memory(error)


@pytest.mark.parametrize(("asked", "tried"), [(8, "4 scans do"), (1, "1 scan do")])
def test_half_a_batch_too_large_ends_the_run_in_words(
    request_for, tmp_path, monkeypatch, asked, tried
):
    def no_memory(_loop, _batch):
        raise type("OutOfMemoryError", (Exception,), {})

    monkeypatch.setattr(FittingLoop, "_step", no_memory)
    recipe = replace(RECIPE, batch_size=asked)
    with pytest.raises(TrainingError, match=f"Batches of {tried} not fit in memory"):
        fit(request_for(recipe=recipe), tmp_path / "work", Teller())


def test_too_little_room_for_what_is_kept_ends_the_run_before_its_first_step(
    request_for, tmp_path, monkeypatch, teller
):
    def no_room(_checkpoints, _size, *, more):
        raise TrainingError(f"No room for {more} more.")

    monkeypatch.setattr(Checkpoints, "check_room", no_room)
    with pytest.raises(TrainingError, match=r"No room for 1 more\."):  # the average
        fit(request_for(), tmp_path / "work", teller)
    assert teller.of(StepDone) == []


def test_tumours_are_moved_between_the_healthy_and_the_others(
    request_for, four_classes, tmp_path, monkeypatch
):
    moved, lesions = [], network_fit.ScanBatches

    def seen(*parts, **named):
        batches = lesions(*parts, **named)
        if named["training"]:
            moved.append(batches[0][1]["logits"].sum(axis=1).max())
        return batches

    monkeypatch.setattr(network_fit, "ScanBatches", seen)
    recipe = replace(RECIPE, batch_size=24, transplant_probability=0.66, epochs=1)
    fit(request_for(recipe=recipe, masks=str(outlines(four_classes))), tmp_path / "work", Teller())
    assert moved == [3]  # a tumour of one of three kinds: nothing else here is known in part


def test_a_loss_that_is_not_a_number_ends_the_run_with_advice(request_for, tmp_path, monkeypatch):
    # Such a rate is refused from the start; it stands for all that makes a loss burst at once.
    monkeypatch.setattr("training.fitting.run.check_values", lambda _request: None)
    recipe = replace(RECIPE, learning_rate=float("inf"), cosine_decay=False)
    with pytest.raises(TrainingError, match="Lower the learning rate"):
        fit(request_for(recipe=recipe), tmp_path / "work", Teller())
    assert not (tmp_path / "model").exists()


def test_stopped_while_the_trained_network_is_measured_it_is_made_by_resuming(
    request_for, tmp_path
):
    control, work = Control(), tmp_path / "work"

    def look(event):
        if isinstance(event, PhaseStarted) and event.phase == "measuring":
            control.tell(Command.STOP)

    with pytest.raises(Cancelled, match=r"training is complete and kept.*--resume"):
        fit(request_for(), work, Teller(look), control)
    again = Teller()
    fit(request_for(), work, again, resume=True)
    assert again.of(StepDone) == []
    measured = [event.done for event in again.of(Progress) if event.phase == "measuring"]
    assert measured[-1] == 8 + 24 + 8


def test_paused_while_the_trained_network_is_measured_it_waits(request_for, tmp_path, monkeypatch):
    control, waited = Control(), []

    def wait():
        if control.paused():
            waited.append("paused")
            control.tell(Command.CONTINUE)

    def look(event):
        if isinstance(event, PhaseStarted) and event.phase == "measuring":
            control.tell(Command.PAUSE)

    monkeypatch.setattr(control, "wait_while_paused", wait)
    fit(request_for(), tmp_path / "work", Teller(look), control)
    assert waited == ["paused"]


def test_a_model_that_cannot_be_written_is_made_by_resuming_without_training(
    request_for, tmp_path, monkeypatch
):
    work = tmp_path / "work"

    def full(*_arguments):
        raise ModelPackError("It cannot be written: No space left on device.")

    with monkeypatch.context() as patched:
        patched.setattr("training.fitting.run.save_model", full)
        with pytest.raises(TrainingError, match=r"No space left.*without training again"):
            fit(request_for(), work, Teller())
    again = Teller()
    elsewhere = request_for("Mein Modell Ä", name="Other")
    pack = fit(elsewhere, work, again, resume=True)
    assert again.of(StepDone) == []
    assert (pack.folder.name, pack.card.name) == ("Mein Modell Ä", "Other")
    assert pack.card.id.endswith("-mein-modell-a")


def test_a_run_killed_when_its_model_is_made_is_done(request_for, tmp_path):
    work, again = tmp_path / "work", Teller()
    made = fit(request_for(), work, Teller())
    (tmp_path / f".new-{made.folder.name}.network").mkdir()
    (tmp_path / f".new-{made.folder.name}.lock").touch()
    assert fit(request_for(), work, again, resume=True).folder == made.folder
    assert again.events == []
    assert not list(tmp_path.glob(".new-*"))
    # Another model in that place, or what is none, is not taken for this run's.
    card = json.loads((made.folder / "card.json").read_text(encoding="utf-8"))
    card["training"]["history"]["loss"][0] += 1
    for content in (json.dumps(card), "{"):
        (made.folder / "card.json").write_text(content, encoding="utf-8")
        with pytest.raises(DatasetError, match="exists already"):
            fit(request_for(), work, Teller(), resume=True)


def test_the_back_end_is_set_up_before_weights_of_a_file_are_tried(
    request_for, tmp_path, monkeypatch
):
    done = []

    def tried(*_arguments):
        done.append("files")
        raise TrainingError("So far.")

    monkeypatch.setattr("training.fitting.run.check_back_end", lambda: done.append("back end"))
    monkeypatch.setattr("training.fitting.run.check_files", tried)
    with pytest.raises(TrainingError, match=r"So far\."):
        fit(request_for(), tmp_path / "work", Teller())
    assert done == ["back end", "files"]


def test_a_data_set_that_goes_before_it_is_preprocessed_ends_the_run_in_words(
    request_for, four_classes, tmp_path
):
    def vanish(event):
        if isinstance(event, PhaseStarted) and event.phase == "preprocessing":
            shutil.rmtree(four_classes)

    with pytest.raises(DatasetError, match=r"cannot be reached any more: .*--resume"):
        fit(request_for(), tmp_path / "work", Teller(vanish))
    with pytest.raises(DatasetError, match="cannot be reached"):
        fit(request_for(), tmp_path / "work", Teller(), resume=True)


def test_a_dangling_link_among_the_scans_is_left_out(request_for, four_classes, tmp_path, teller):
    link = four_classes / "Training" / "glioma" / "link.png"
    link.symlink_to(tmp_path / "nothing.png")
    pack = fit(request_for(protocol="honest"), tmp_path / "work", teller)
    assert any("link.png" in line for line in teller.said)
    assert pack.card.training["scans"]["train"] + pack.card.training["scans"]["validation"] == 32
