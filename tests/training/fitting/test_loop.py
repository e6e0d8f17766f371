"""Time, checkpoints and commands of the loop, with a fake clock and steps that take no time."""

import threading
from dataclasses import replace
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from btgui.engine.datasets.dataset import LabelledScan
from btgui.engine.errors import Cancelled, RequestError
from btgui.engine.feature_grid import FeatureGrid
from btgui.engine.preprocessing import PreprocessingParameters
from btgui.engine.training_runs.events import Command, EpochDone, Paused, StepDone
from tests.training.conftest import RECIPE, Teller
from training.augmenting.batches import ScanBatches
from training.control import Control
from training.fitting import loop as module
from training.fitting.checkpoints import RunState
from training.fitting.judged_weights import JudgedWeights
from training.fitting.loop import Fit, FittingLoop, made_ahead
from training.scans.cache import cache_scans

WAITING, STEP, MEASURING = 3.0, 1.0, 10.0  # seconds
OWN, AVERAGE = [np.float32(1)], [np.float32(2)]  # weights
FIGURES = {"loss": 0.5, "logits_loss": 0.5, "logits_accuracy": 0.75}


class Clock:
    """The fake clock of the loop."""

    now = 100.0

    def monotonic(self):
        return self.now


class Batches:
    """Batches of four scans; ``epoch`` is set by the loop."""

    epoch = 0

    def __init__(self, count):
        self.count = count

    def __len__(self):
        return self.count


class Judged(JudgedWeights):
    """A moving average that does not change."""

    def update(self):
        pass


class Bench:
    """A loop of three steps per epoch and two validation batches, with all its parts."""

    def __init__(self, monkeypatch, *, checkpoint_seconds=1e9, epochs=1):
        self.clock, self.control = Clock(), Control()
        self.weights, self.measured, self.saved, self.teller = OWN, 0, [], Teller()
        monkeypatch.setattr(module, "time", self.clock)
        monkeypatch.setattr(module, "_SECONDS_BETWEEN_EVENTS", 0.0)
        monkeypatch.setattr(module, "made_ahead", self._ready)
        monkeypatch.setattr(module, "training_step", lambda _model: self._step)
        monkeypatch.setattr(module.Kept, "of", lambda *_: self.weights)
        network = SimpleNamespace(get_weights=lambda: self.weights)
        model = SimpleNamespace(
            layers=[],
            reset_metrics=lambda: None,
            test_on_batch=self._test_on_batch,
            get_weights=lambda: self.weights,
            set_weights=self._set_weights,
        )
        self.train, self.choosing = Batches(3), Batches(2)
        checkpoints = SimpleNamespace(save=self._save)
        recipe = replace(RECIPE, epochs=epochs)
        self.fit = Fit(
            *(network, model, self.train, self.choosing, recipe, checkpoints),
            *(self.teller, self.control, 1, checkpoint_seconds),
        )
        self.loop = FittingLoop(self.fit, RunState(batch_size=4), Judged(model, 0.99, AVERAGE))

    def _set_weights(self, weights):
        self.weights = weights

    def _ready(self, data, first):
        for _ in range(first, len(data)):
            self.clock.now += WAITING if data is self.train else 0
            yield np.zeros((4, 1)), {}, {}

    def _step(self, _batch):
        self.clock.now += STEP
        return FIGURES

    def _test_on_batch(self, *_batch, return_dict):
        assert return_dict
        assert self.weights == AVERAGE
        self.measured += 1
        self.clock.now += MEASURING
        self.at_measuring()
        return FIGURES

    def at_measuring(self):
        """Call a function while a validation batch is measured."""

    def _save(self, state, kept, best):
        assert kept == OWN  # never the average in its place
        self.saved.append((state.epoch, state.step, best))


@pytest.fixture
def bench(monkeypatch):
    return lambda **options: Bench(monkeypatch, **options)


def test_waiting_for_batches_counts_in_rate_remaining_time_and_training_time(bench):
    made = bench(epochs=2)
    made.loop.run(1)
    steps = made.teller.of(StepDone)
    assert [one.scans_per_second for one in steps] == [pytest.approx(4 / (WAITING + STEP))] * 3
    assert [one.seconds_left for one in steps] == [-1.0, 4 * 4.0, 3 * 4.0]
    assert made.loop.state.seconds == 3 * (WAITING + STEP) + 2 * MEASURING


def test_validation_counts_in_the_remaining_time_once_it_was_measured(bench):
    made = bench(epochs=2)
    made.loop.run(2)
    step, validation = WAITING + STEP, 2 * MEASURING
    left = [one.seconds_left for one in made.teller.of(StepDone)][3:]
    assert left == [2 * step + validation, step + validation, validation]


def test_the_first_step_which_compiles_counts_in_no_remaining_time(bench, monkeypatch):
    made = bench()
    compiling = iter((60.0, 0.0, 0.0))

    def step(_batch):
        made.clock.now += STEP + next(compiling)
        return FIGURES

    monkeypatch.setattr(made.loop, "_train", step)
    made.loop.run(1)
    assert [one.seconds_left for one in made.teller.of(StepDone)] == [-1.0, WAITING + STEP, 0.0]


def test_a_loss_that_is_no_number_would_come_again(bench, monkeypatch):
    made = bench()
    monkeypatch.setattr(made.loop, "_train", lambda _batch: {**FIGURES, "loss": float("nan")})
    with pytest.raises(RequestError, match=r"in epoch 1\. Lower the learning rate"):
        made.loop.run(1)


def test_a_last_batch_of_few_scans_counts_as_few(bench, monkeypatch):
    made = bench()

    def ready(data, first):
        for scans in (4, 4, 1)[first : len(data)]:
            made.clock.now += WAITING
            yield np.zeros((scans, 1)), {}, {}

    monkeypatch.setattr(module, "made_ahead", ready)
    made.loop.run(1)
    rates = [one.scans_per_second for one in made.teller.of(StepDone)]
    assert rates == pytest.approx([one / (WAITING + STEP) for one in (4, 4, 2.5)])


def test_dropout_takes_large_seeds_where_no_number_is_unsigned(bench):
    made, given = bench(), []
    # As PyTorch's: it takes no number that it cannot hold.
    state = SimpleNamespace(
        dtype="int32", assign=lambda values: given.extend(np.array(values, "int32"))
    )
    made.fit.model.layers.append(SimpleNamespace(seed_generator=SimpleNamespace(state=state)))
    made.fit.seed = 2**32 - 1
    made.loop.run(1)
    assert given == [-1, 0]


def test_opencv_uses_one_thread_where_batches_are_made_ahead_and_not_before(cached_batches):
    before = cv2.getNumThreads()
    try:
        cv2.setNumThreads(2)
        batches = cached_batches()
        assert cv2.getNumThreads() == 2
        assert len(list(made_ahead(batches, 0))) == len(batches)
        assert cv2.getNumThreads() == 1
    finally:
        cv2.setNumThreads(before)


@pytest.fixture
def cached_batches(make_heads, tmp_path):
    """Return a function that makes batches of four scans."""
    scans = [
        LabelledScan(path, "ab"[i % 2], "train", "made") for i, path in enumerate(make_heads(4))
    ]
    parameters = PreprocessingParameters(input_height=64, input_width=64)
    cached = cache_scans(scans, {}, parameters, tmp_path / "cache", lambda _: None)
    return lambda: ScanBatches(
        cached, ("a", "b"), parameters, RECIPE, grid=FeatureGrid.even((2, 2)), seed=1, training=True
    )


def test_a_pause_counts_as_no_time(bench, monkeypatch):
    made = bench()

    def wait():
        made.clock.now += 1000
        made.control.tell(Command.CONTINUE)

    monkeypatch.setattr(made.control, "wait_while_paused", wait)
    made.teller.at_event = lambda event: (
        isinstance(event, StepDone) and event.step == 1 and made.control.tell(Command.PAUSE)
    )
    made.at_measuring = lambda: made.measured == 1 and made.control.tell(Command.PAUSE)
    made.loop.run(1)
    assert made.loop.state.seconds == 3 * (WAITING + STEP) + 2 * MEASURING
    assert max(one.seconds_left for one in made.teller.of(StepDone)) < 10


def test_told_to_stop_while_it_validates_it_stops_after_that_batch_with_its_own_weights(bench):
    made = bench()
    made.at_measuring = lambda: made.control.tell(Command.STOP)
    with pytest.raises(Cancelled, match="--resume"):
        made.loop.run(1)
    assert made.measured == 1
    assert made.saved == [(0, 3, None)]
    assert made.teller.of(EpochDone) == []


def test_told_to_pause_while_it_validates_it_keeps_its_state_waits_and_measures_the_rest(
    bench, monkeypatch
):
    made, before = bench(), []

    def wait():
        before.append((made.measured, [*made.saved]))
        made.control.tell(Command.CONTINUE)

    monkeypatch.setattr(made.control, "wait_while_paused", wait)
    made.at_measuring = lambda: made.measured == 1 and made.control.tell(Command.PAUSE)
    made.loop.run(1)
    assert before == [(1, [(0, 3, None)])]
    assert made.measured == 2
    (epoch,) = made.teller.of(EpochDone)
    assert (epoch.validation_loss, epoch.validation_accuracy) == (0.5, 0.75)
    assert made.saved[-1] == (1, 0, AVERAGE)


def test_stopped_before_validation_it_goes_on_with_validation(bench):
    made = bench()
    made.loop.state = replace(made.loop.state, step=3, sums=(12.0, 6.0, 9.0))
    made.loop.run(1)
    assert made.teller.of(StepDone) == []
    assert [one.loss for one in made.teller.of(EpochDone)] == [0.5]


@pytest.mark.parametrize(
    ("checkpoint_seconds", "seconds_before", "kept_before"),
    [(300.0, 70.0, True), (300.0, 0.0, False), (3.0, 0.0, True)],
    ids=["older than a minute", "young", "older than asked for"],
)
def test_a_checkpoint_comes_before_validation_where_the_last_one_is_old(
    bench, checkpoint_seconds, seconds_before, kept_before
):
    made = bench(checkpoint_seconds=checkpoint_seconds)
    made.at_measuring = lambda: seen.append(list(made.saved))
    seen = []
    made.clock.now += seconds_before
    made.loop.run(1)
    assert ((0, 3, None) in seen[0]) == kept_before


@pytest.mark.parametrize(("cores", "threads"), [(None, 2), (1, 2), (6, 6), (64, 8)])
def test_as_many_threads_as_cores_make_batches_ready_in_their_order(monkeypatch, cores, threads):
    monkeypatch.setattr("os.cpu_count", lambda: cores)
    together, most, lock = threading.Barrier(threads), 0, threading.Lock()
    at_work = 0

    class Slow(Batches):
        def __getitem__(self, index):
            nonlocal at_work, most
            with lock:
                at_work += 1
                most = max(most, at_work)
            if index < threads:
                together.wait(60)  # all of them are at work at once
            with lock:
                at_work -= 1
            return index

    assert list(made_ahead(Slow(30), 0)) == list(range(30))
    assert most == threads


def test_a_pause_before_the_first_step_is_told(bench, monkeypatch):
    made, told = bench(), []

    def wait():
        told.extend(made.teller.of(Paused))
        made.control.tell(Command.CONTINUE)

    monkeypatch.setattr(made.control, "wait_while_paused", wait)
    made.control.tell(Command.PAUSE)
    made.loop.run(1)
    assert told == [Paused()]


def test_a_pause_is_told_with_the_place_before_it_waits(bench, monkeypatch):
    made, told = bench(), []

    def wait():
        told.append([one.step for one in made.teller.of(StepDone)])
        made.control.tell(Command.CONTINUE)

    monkeypatch.setattr(made.control, "wait_while_paused", wait)
    made.teller.at_event = lambda event: (
        isinstance(event, StepDone) and event.step == 2 and made.control.tell(Command.PAUSE)
    )
    made.loop.run(1)
    assert told == [[1, 2, 2]]
