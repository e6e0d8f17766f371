"""Build the network and train it, from a checkpoint if there is one; halve batches that are too large."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from btgui.engine.counting import counted
from btgui.engine.errors import TrainingError
from btgui.engine.feature_grid import FeatureGrid
from btgui.engine.training_request import Recipe, TrainingRequest
from btgui.engine.training_runs.start import model_folder
from training.augmenting.batches import ScanBatches
from training.control import Control
from training.event_output import Reporter
from training.fitting.checkpoints import Checkpoints, RunState, Weights
from training.fitting.judged_weights import JudgedWeights
from training.fitting.label_loss import label_loss, share_right
from training.fitting.loop import Fit, FittingLoop
from training.fitting.mask_loss import mask_loss, training_network
from training.fitting.optimizers import make_head_optimizer, make_optimizer
from training.fitting.save_model import card_for
from training.networks.architectures import build_network, freeze_base, freeze_stages
from training.networks.devices import device, spread_over_all
from training.networks.fused_normalization import with_fused_normalization
from training.networks.geometry import last_grid
from training.scans.cache import CachedScans

if TYPE_CHECKING:
    import keras

_OUT_OF_MEMORY = (
    "resourceexhaustederror",  # TensorFlow
    "outofmemoryerror",  # PyTorch on a GPU
    "resource_exhausted",  # JAX
    "out of memory",
    "can't allocate memory",  # PyTorch on a processor
    "unable to allocate",
    "alloc_failed",  # CUDA's libraries
)


def fit_network(
    request: TrainingRequest,
    classes: tuple[str, ...],
    parts: tuple[CachedScans, CachedScans],
    even_cells: bool,  # noqa: FBT001  (all are needed)
    work_folder: Path,
    reporting: tuple[Reporter, Control],
    checkpoint_seconds: float,
) -> tuple[keras.Model, RunState]:
    """Train from the work folder's checkpoint, or from the beginning.

    Parameters
    ----------
    parts
        The training scans and the validation scans.
    even_cells
        Whether outlines are placed on the last feature map as if its cells divided the input evenly.
    reporting
        The reporter, and the control that receives commands.

    Returns
    -------
    The network with the weights of the epoch with the smallest validation loss, and the
    state at the end.

    Raises
    ------
    Cancelled, TrainingError
        As in :meth:`FittingLoop.run`; also if even half a batch does not fit in memory.
    """
    reporter, _ = reporting
    found = device()
    reporter.emit(found)
    if request.recipe.mixed_precision and found.device_kind != "gpu":
        reporter("Mixed precision needs a GPU; this training runs in full precision.")
    checkpoints = Checkpoints(work_folder)
    checkpoints.tidy()
    asked = request.recipe.batch_size
    size = checkpoints.state().batch_size or asked
    while True:
        recipe = replace(request.recipe, batch_size=size)
        fitting = _Fitting(
            replace(request, recipe=recipe),
            classes,
            parts,
            even_cells,
            checkpoints,
            reporting,
            checkpoint_seconds,
        )
        try:
            return fitting.run()
        except Exception as error:
            if not _is_out_of_memory(error):
                raise
            if size < asked or size == 1:
                smaller = "batch size or network" if size > 1 else "network"
                raise TrainingError(
                    f"Batches of {counted(size, 'scan')} do not fit in memory"
                    f"{' either' if size < asked else ''}. Choose a smaller {smaller}, or close other "
                    f"programs; the progress so far is kept."
                ) from error
        size //= 2
        # The network and its optimiser refer to each other and would not be freed otherwise.
        gc.collect()
        reporter(
            f"Batches of {asked} scans do not fit in memory: continuing from the last checkpoint "
            f"with {size}."
        )


@dataclass(frozen=True, eq=False)
class _Fitting:
    """One attempt to train, with a given batch size."""

    request: TrainingRequest
    classes: tuple[str, ...]
    parts: tuple[CachedScans, CachedScans]
    even_cells: bool
    checkpoints: Checkpoints
    reporting: tuple[Reporter, Control]
    checkpoint_seconds: float

    def run(self) -> tuple[keras.Model, RunState]:
        """Train the remaining epochs; return the best epoch's network and the last state."""
        recipe = self.request.recipe
        state = _with_batch_size(self.checkpoints.state(), recipe.batch_size)
        with precision(half=recipe.mixed_precision), spread_over_all():
            fit = self._prepare()
            size = sum(array.nbytes for array in fit.network.get_weights())
            more = (recipe.weight_average_momentum is not None) + self._remembers()
            self.checkpoints.check_room(size, more=more)
            if self._remembers() and not self.checkpoints.exists():
                # The fine-tuned model itself may be gone when the run is resumed.
                self.checkpoints.save_start(fit.model.get_weights())
            head_epochs = min(recipe.head_epochs, recipe.epochs)
            if state.epoch < head_epochs:
                state = self._stage(fit, state, head_only=True)
            # A finish command may have ended the head-only epochs early.
            if head_epochs <= state.epoch < recipe.epochs:
                state = self._stage(fit, state, head_only=False)
        # In full precision, whatever the precision of the training.
        finished = self._build("none")
        finished.set_weights(self.checkpoints.load_best())
        return finished, state

    def _remembers(self) -> bool:
        """Whether the weights of the fine-tuned model have a share in the result."""
        if self.checkpoints.exists():
            return self.checkpoints.has_start()
        return self.request.recipe.start_share > 0 and bool(model_folder(self.request.weights))

    def _build(self, weights: str) -> keras.Model:
        recipe = self.request.recipe
        return build_network(
            self.request.architecture,
            len(self.classes),
            weights=weights,
            dropout=recipe.dropout,
            batch_norm_momentum=recipe.batch_norm_momentum,
        )

    def _prepare(self) -> Fit:
        request = self.request
        network = with_fused_normalization(
            self._build("none" if self.checkpoints.exists() else request.weights)
        )
        model = training_network(network)
        looking = last_grid(network)
        grid = FeatureGrid.even(looking.shape) if self.even_cells else looking
        healthy = card_for(request, self.classes).healthy_index
        train, choosing = (
            ScanBatches(
                part,
                self.classes,
                request.preprocessing,
                request.recipe,
                grid=grid,
                seed=request.seed,
                training=training,
                healthy=healthy,
            )
            for part, training in zip(self.parts, (True, False), strict=True)
        )
        reporter, control = self.reporting
        return Fit(
            network=network,
            model=model,
            train=train,
            choosing=choosing,
            recipe=request.recipe,
            checkpoints=self.checkpoints,
            reporter=reporter,
            control=control,
            seed=request.seed,
            checkpoint_seconds=self.checkpoint_seconds,
        )

    def _stage(self, fit: Fit, state: RunState, *, head_only: bool) -> RunState:
        """Train the head alone, or all layers that are not frozen; return the state at the end."""
        recipe, model = fit.recipe, fit.model
        if head_only:
            freeze_base(fit.network)
        else:
            freeze_stages(fit.network, self.request.architecture, recipe.frozen_stages)
        compile_model(model, recipe, len(fit.train), head_only=head_only, present=fit.train.present)
        steps = (state.epoch - (0 if head_only else recipe.head_epochs)) * len(fit.train)
        steps += state.step
        average: Weights = []
        if self.checkpoints.exists():
            kept = self.checkpoints.load()
            kept.give_to(model, with_optimizer=steps > 0)
            if self.checkpoints.state().batch_size not in {0, recipe.batch_size}:
                # Half the batch size doubles the number of steps. Otherwise the optimiser's own count
                # is kept: in half precision it omits steps that overflowed.
                model.optimizer.iterations.assign(steps)
            average = kept.average
        judged = JudgedWeights(
            model,
            recipe.weight_average_momentum,
            average,
            state.epoch * len(fit.train) + state.step,
            start=self.checkpoints.load_start() if self._remembers() else None,
            start_share=recipe.start_share,
        )
        loop = FittingLoop(fit, state, judged)
        loop.run(min(recipe.head_epochs, recipe.epochs) if head_only else recipe.epochs)
        return loop.state


def _with_batch_size(state: RunState, batch_size: int) -> RunState:
    """Return the state at the same position in the data, counted in steps of another batch size."""
    step = state.step * state.batch_size // batch_size if state.batch_size else state.step
    return replace(state, step=step, batch_size=batch_size)


def compile_model(
    model: keras.Model,
    recipe: Recipe,
    steps_an_epoch: int,
    *,
    head_only: bool = False,
    present: Sequence[int] | None = None,
) -> None:
    """Compile a training model with its optimiser, losses and metrics.

    ``present`` is as in :func:`training.fitting.label_loss.label_loss`.
    """
    optimizer = make_head_optimizer(recipe) if head_only else make_optimizer(recipe, steps_an_epoch)
    model.compile(
        optimizer=optimizer,
        loss={"logits": label_loss(recipe.label_smoothing, present), "activation": mask_loss},
        loss_weights={"logits": 1.0, "activation": recipe.mask_loss_weight},
        weighted_metrics={
            "logits": [share_right(present)],
            "activation": [],
        },
    )


@contextmanager
def precision(*, half: bool) -> Iterator[None]:
    """Build and train in mixed precision within the block, if ``half`` and there is a GPU."""
    import keras

    if not half or device().device_kind != "gpu":
        yield
        return
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_float16")
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def _is_out_of_memory(error: Exception) -> bool:
    """Whether the error means that memory did not suffice; each back end has its own."""
    if isinstance(error, MemoryError):  # Python's own, and NumPy's
        return True
    text = f"{type(error).__name__} {error}".casefold()
    return not isinstance(error, TrainingError) and any(word in text for word in _OUT_OF_MEMORY)
