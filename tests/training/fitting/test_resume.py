"""A run that was stopped, paused or killed continues as if nothing had happened."""

import gzip
import json
import shutil
import threading
import time
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from btgui.engine.errors import Cancelled, DatasetError
from btgui.engine.models.pack import open_pack
from btgui.engine.training_runs.events import Command, EpochDone, PhaseStarted, StepDone
from tests.training.conftest import RECIPE, Teller, weights_of
from training.control import Control
from training.fitting.checkpoints import Checkpoints
from training.fitting.run import fit

pytestmark = [
    # Compiled steps are what the killed runs of test_kill.py take.
    pytest.mark.usefixtures("every_step_is_told", "eagerly"),
    pytest.mark.filterwarnings("ignore:Even though the `tf.config"),
]


def stopped(request, work, *, epoch, step, **options):
    """Train for the given epochs and further steps, then stop."""
    control = Control()

    def look(event):
        at_start = step == 0 and isinstance(event, EpochDone) and event.epoch == epoch
        at_step = isinstance(event, StepDone) and (event.epoch, event.step) == (epoch + 1, step)
        if at_start or at_step:
            control.tell(Command.STOP)

    with pytest.raises(Cancelled, match="--resume"):
        fit(request, work, Teller(look), control, **options)


def test_a_run_gone_on_with_ends_as_an_uninterrupted_one(request_for, tmp_path):
    recipe = replace(RECIPE, dropout=0.5)  # its random masks are the same, too
    through = fit(request_for("through", recipe=recipe), tmp_path / "through work", Teller())
    for epoch, step in ((0, 1), (1, 0), (1, 2)):
        name = f"stopped in epoch {epoch} at step {step}"
        request, work = request_for(name, recipe=recipe), tmp_path / f"{name}, work"
        stopped(request, work, epoch=epoch, step=step)
        state = Checkpoints(work).state()
        assert (state.epoch, state.step) == (epoch, step)
        assert not Path(request.output).exists()
        again = Teller()
        resumed = fit(request, work, again, resume=True)
        first = again.of(StepDone)[0]
        assert (first.epoch, first.step) == (epoch + 1, step + 1)  # nothing is done twice
        for ours, theirs in zip(weights_of(resumed), weights_of(through), strict=True):
            assert ours == pytest.approx(theirs, rel=1e-3, abs=1e-6), name
        assert resumed.card.temperature == pytest.approx(through.card.temperature, rel=1e-3), name
        for figure, values in through.card.training["history"].items():
            assert resumed.card.training["history"][figure] == pytest.approx(values, rel=1e-3), name


def test_within_an_epoch_the_state_is_kept_now_and_then(request_for, tmp_path):
    work, found = tmp_path / "work", []

    def look(event):
        if isinstance(event, StepDone) and event.step == 3:
            found.append(Checkpoints(work).state())

    fit(request_for(), work, Teller(look), checkpoint_seconds=0.0)
    assert [(state.epoch, state.step) for state in found] == [(0, 2), (1, 2)]


def test_a_run_told_to_finish_keeps_the_best_epoch_so_far(request_for, tmp_path):
    control = Control()
    teller = Teller(lambda event: isinstance(event, StepDone) and control.tell(Command.FINISH))
    pack = fit(request_for(), tmp_path / "work", teller, control)
    assert len(pack.card.training["history"]["loss"]) == 1


def test_a_stopped_run_can_be_made_a_model_of_its_best_epoch(request_for, tmp_path):
    request, work = request_for(), tmp_path / "work"
    stopped(request, work, epoch=1, step=1)
    control = Control()
    control.tell(Command.FINISH)
    pack = fit(request, work, Teller(), control, resume=True)
    best = Checkpoints(work).load_best()
    assert all(np.array_equal(a, b) for a, b in zip(weights_of(pack), best, strict=True))


def test_a_paused_run_keeps_its_state_and_waits(request_for, tmp_path):
    control, work, waited = Control(), tmp_path / "work", []

    def go_on():
        while not Checkpoints(work).exists():
            time.sleep(0.01)
        waited.append(Checkpoints(work).state().step)
        control.tell(Command.CONTINUE)

    def look(event):
        if isinstance(event, StepDone) and not waited:
            control.tell(Command.PAUSE)

    helper = threading.Thread(target=go_on)
    helper.start()
    fit(request_for(), work, Teller(look), control)
    helper.join()
    assert waited == [1]


def test_a_run_stopped_between_head_and_all_goes_on_with_all(request_for, tmp_path):
    recipe = replace(RECIPE, head_epochs=1)
    request, work = request_for(recipe=recipe), tmp_path / "work"
    through = fit(request_for("through", recipe=recipe), tmp_path / "through work", Teller())
    stopped(request, work, epoch=1, step=0)
    resumed = fit(request, work, Teller(), resume=True)
    for ours, theirs in zip(weights_of(resumed), weights_of(through), strict=True):
        assert ours == pytest.approx(theirs, rel=1e-3, abs=1e-6)


def test_a_run_keeps_to_the_split_that_it_began_with(request_for, four_classes, tmp_path):
    # A class's split depends on how many scans it has: drawn anew, it would be another.
    request, work = request_for(protocol="honest"), tmp_path / "work"
    stopped(request, work, epoch=1, step=0)
    before = (work / "split.json").read_bytes()
    for label in ("glioma", "notumor"):
        for number, source in enumerate(sorted((four_classes / "Testing" / label).iterdir())):
            target = four_classes / "Training" / label / f"new-{number}.png"
            picture = cv2.imread(str(source), cv2.IMREAD_GRAYSCALE)
            cv2.imwrite(str(target), cv2.GaussianBlur(picture, (31, 31), 0))
    (four_classes / "Training" / "pituitary" / "00.png").unlink()
    again = Teller()
    pack = fit(request, work, again, resume=True)
    assert (work / "split.json").read_bytes() == before
    assert any("not used: 4 scans" in line for line in again.said)
    assert any("Not in the data set any more: 1 scan of this run" in line for line in again.said)
    content = json.loads(gzip.decompress((pack.folder / "scans.json.gz").read_bytes()))
    noted = json.loads(before)
    for part in ("train", "validation", "test"):
        assert content[part] == sorted(one["key"] for one in noted[part])
    assert "00.png" in before.decode()


def test_a_run_of_before_splits_were_noted_goes_on(request_for, tmp_path):
    request, work = request_for(), tmp_path / "work"
    stopped(request, work, epoch=1, step=0)
    (work / "split.json").unlink()
    fit(request, work, Teller(), resume=True)
    assert (work / "split.json").is_file()


def test_a_data_set_that_goes_while_a_run_is_gone_on_with_does_not_lose_it(
    request_for, four_classes, tmp_path
):
    request, work, away = request_for(), tmp_path / "work", tmp_path / "away"
    stopped(request, work, epoch=1, step=0)
    shutil.rmtree(work / "cache")

    def vanish(event):
        if isinstance(event, PhaseStarted) and event.phase == "preprocessing":
            four_classes.rename(away)

    with pytest.raises(DatasetError, match="cannot be reached any more"):
        fit(request, work, Teller(vanish), resume=True)
    away.rename(four_classes)
    again = Teller()
    fit(request, work, again, resume=True)
    assert [event.epoch for event in again.of(EpochDone)] == [2]


def test_scans_that_vanish_while_it_trains_do_not_lose_the_run(request_for, four_classes, tmp_path):
    def vanish(event):
        if isinstance(event, StepDone) and four_classes.exists():
            shutil.rmtree(four_classes)

    pack = fit(request_for(), tmp_path / "work", Teller(vanish))
    assert open_pack(pack.folder).card.dataset_fingerprint
