"""The training loop, which can be watched, paused, stopped and resumed at any step."""

from __future__ import annotations

import math
import os
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from btgui.engine.errors import Cancelled, RequestError
from btgui.engine.training_request import Recipe
from btgui.engine.training_runs.events import EpochDone, StepDone
from training.augmenting.batches import ScanBatches
from training.control import Control
from training.event_output import Reporter, wait_while_paused
from training.fitting.checkpoints import Checkpoints, Kept, RunState, Weights
from training.fitting.judged_weights import JudgedWeights
from training.fitting.steps import measuring_step, training_step

if TYPE_CHECKING:
    import keras

# Threads that prepare batches while the network computes: one per core, within these bounds.
# (The largest batches have 42 MB, so many threads would take much memory.)
_FEWEST_READERS, _MOST_READERS = 2, 8
_AHEAD = 2  # batches that wait in addition to those being prepared
_SECONDS_BETWEEN_EVENTS = 0.25
# Before validation, a checkpoint older than this is renewed.
_UNSAVED_SECONDS = 60.0
_RECENT_STEPS = 50  # steps over which the speed is averaged to estimate the remaining time


@dataclass(eq=False)
class Fit:
    """The models, data and services of a training loop.

    Attributes
    ----------
    network
        The network to be saved; shares all weights with ``model``.
    model
        The compiled training model of :func:`training.fitting.mask_loss.training_network`.
    train, choosing
        Training batches, and validation batches, whose loss chooses the best epoch.
    seed
        Seed of dropout; together with the number of finished steps it determines every mask.
    checkpoint_seconds
        Time between two checkpoints within an epoch.
    """

    network: keras.Model
    model: keras.Model
    train: ScanBatches
    choosing: ScanBatches
    recipe: Recipe
    checkpoints: Checkpoints
    reporter: Reporter
    control: Control
    seed: int
    checkpoint_seconds: float = 300.0


class FittingLoop:
    """Runs epochs from a state to the end.

    Parameters
    ----------
    fit
        The models, data and services; the model must have the weights of the state.
    state
        The state to begin from.
    judged
        The weights that are validated and saved.
    """

    def __init__(self, fit: Fit, state: RunState, judged: JudgedWeights) -> None:
        self._fit, self._judged = fit, judged
        self.state = state
        self._train, self._test = training_step(fit.model), measuring_step(fit.model)
        self._saved = self._told = self._counted = time.monotonic()
        # Scans and seconds of recent steps; the last batch of an epoch has fewer scans.
        self._recent: deque[tuple[int, float]] = deque(maxlen=_RECENT_STEPS)
        self._pace_is_known = False  # the first step, which compiles, does not count
        self._choosing_seconds = 0.0  # duration of the last validation

    def run(self, epochs: int) -> None:
        """Train until the given number of epochs is finished, or a command ends the run.

        Raises
        ------
        Cancelled
            The run received a stop command; a checkpoint holds its state.
        RequestError
            The loss is not a number.
        TrainingError
            A checkpoint cannot be written.
        """
        self._seed_dropout()
        self._counted = time.monotonic()
        while self.state.epoch < epochs and not self._is_enough():
            self._epoch()

    def _is_enough(self) -> bool:
        if self.state.epoch and self._fit.control.finish_wanted():
            return True
        patience, head_epochs = self._fit.recipe.patience, self._fit.recipe.head_epochs
        # The head-only epochs are always run in full, and patience starts again after them: training
        # all layers may take several epochs to surpass the head alone.
        waited = self.state.epoch - max(self.state.best_epoch, head_epochs)
        if patience is not None and waited >= patience:
            self._fit.reporter(f"No improvement for {waited} epochs: the training ends early.")
            return True
        return False

    def _epoch(self) -> None:
        fit = self._fit
        fit.train.epoch = self.state.epoch
        for batch in made_ahead(fit.train, self.state.step):
            self._obey()
            self._step(batch)
        self._validate()

    def _obey(self) -> None:
        """Wait while paused, and raise if stopped; the state is saved in both cases."""
        control = self._fit.control
        if control.paused():
            self._count_time()
            self._save()
            if self._recent:  # report the step at which the run pauses
                self._tell_step()
            wait_while_paused(control, self._fit.reporter)
            self._recent.clear()
            self._counted = time.monotonic()
        if control.stop_wanted():
            self._save()
            raise Cancelled("The training was stopped. Resume it with --resume.")

    def _step(self, batch: tuple[Any, Any, Any]) -> None:
        fit = self._fit
        figures = self._train(batch)
        loss = float(figures["logits_loss"])
        if not math.isfinite(float(figures["loss"])):
            raise RequestError(_no_number(self.state))
        self._judged.update()
        self.state = self.state.after_step(len(batch[0]), loss, float(figures["logits_accuracy"]))
        self._recent.append((len(batch[0]), self._count_time()))
        if len(self._recent) > 1 and not self._pace_is_known:
            self._recent.popleft()
            self._pace_is_known = True
        now = self._counted
        if now - self._told >= _SECONDS_BETWEEN_EVENTS or self.state.step == len(fit.train):
            self._told = now
            self._tell_step()
        if now - self._saved >= fit.checkpoint_seconds and self.state.step < len(fit.train):
            self._save()

    def _count_time(self) -> float:
        """Add the seconds since the last call, including waits for batches, and return them."""
        now = time.monotonic()
        passed, self._counted = now - self._counted, now
        self.state = replace(self.state, seconds=self.state.seconds + passed)
        return passed

    def _validate(self) -> None:
        fit = self._fit
        # Validation may take minutes, which should not add to what a kill would lose.
        if time.monotonic() - self._saved >= min(fit.checkpoint_seconds, _UNSAVED_SECONDS):
            self._save()
        loss, accuracy = self._measure()
        if not math.isfinite(loss):
            raise RequestError(_no_number(self.state))
        means = self.state.means()
        self.state = self.state.after_epoch(loss, accuracy)
        self._choosing_seconds = self._count_time()
        is_best = self.state.best_epoch == self.state.epoch
        best = None
        if is_best:
            with self._judged.in_place():
                best = fit.network.get_weights()
        self._save(best)
        fit.reporter.emit(
            EpochDone(self.state.epoch, fit.recipe.epochs, *means, loss, accuracy, best=is_best)
        )

    def _measure(self) -> tuple[float, float]:
        """Return the loss and the accuracy over the validation scans."""
        measured = RunState()
        while measured.step < len(self._fit.choosing):
            self._obey()  # may write a checkpoint, so the model must have its own weights here
            with self._judged.in_place():
                measured = self._measured_until_told(measured)
        return measured.means()

    def _measured_until_told(self, measured: RunState) -> RunState:
        """Continue the validation until all batches are done or a command interrupts it."""
        control = self._fit.control
        for batch in made_ahead(self._fit.choosing, measured.step):
            figures = self._test(batch)
            measured = measured.after_step(
                len(batch[0]), float(figures["logits_loss"]), float(figures["logits_accuracy"])
            )
            if control.paused() or control.stop_wanted():
                break
        return measured

    def _save(self, best: Weights | None = None) -> None:
        fit = self._fit
        fit.checkpoints.save(self.state, Kept.of(fit.model, self._judged.average), best)
        self._saved = time.monotonic()

    def _tell_step(self) -> None:
        import psutil

        fit, state = self._fit, self.state
        scans, seconds = (sum(of) for of in zip(*self._recent, strict=True))
        a_step = seconds / len(self._recent)
        epochs_left = fit.recipe.epochs - state.epoch
        steps_left = epochs_left * len(fit.train) - state.step
        left = steps_left * a_step + epochs_left * self._choosing_seconds
        loss, accuracy = state.means()
        fit.reporter.emit(
            StepDone(
                epoch=state.epoch + 1,
                epochs=fit.recipe.epochs,
                step=state.step,
                steps=len(fit.train),
                loss=loss,
                accuracy=accuracy,
                scans_per_second=scans / seconds,
                seconds_left=left if self._pace_is_known or not steps_left else -1.0,
                memory_mib=round(psutil.Process().memory_info().rss / 2**20),
            )
        )

    def _seed_dropout(self) -> None:
        """Set the seed of dropout by the number of finished steps, so that a resumed run has the same masks."""
        done = self.state.epoch * len(self._fit.train) + self.state.step
        for layer in self._fit.model.layers:
            if hasattr(layer, "seed_generator"):
                state = layer.seed_generator.state
                # PyTorch has no unsigned integers; Keras keeps the bits of a large one.
                state.assign(np.array([self._fit.seed, done], np.uint32).astype(state.dtype))


def made_ahead(data: ScanBatches, first: int) -> Iterator[Any]:
    """Yield an epoch's batches from ``first`` on, in order, prepared ahead on threads."""
    waiting: deque[Future[Any]] = deque()
    readers = min(max(os.cpu_count() or 1, _FEWEST_READERS), _MOST_READERS)
    # OpenCV's own threads would take cores from the network; the setting holds for the whole process.
    with ThreadPoolExecutor(readers, initializer=cv2.setNumThreads, initargs=(1,)) as pool:
        following = iter(range(first, len(data)))
        try:
            while True:
                while (
                    len(waiting) < readers + _AHEAD and (index := next(following, None)) is not None
                ):
                    waiting.append(pool.submit(data.__getitem__, index))
                if not waiting:
                    return
                yield waiting.popleft().result()
        finally:
            for one in waiting:
                one.cancel()


def _no_number(state: RunState) -> str:
    kept = (
        f" The best epoch so far, number {state.best_epoch}, is kept and can be saved as the model "
        f"(Keep the best epoch in the window, --resume --keep-best on the command line)."
        if state.best_epoch
        else ""
    )
    return (
        f"The loss became not-a-number in epoch {state.epoch + 1}. Lower the learning rate and "
        f"start again.{kept}"
    )
