"""Runtimes, which execute networks: one small interface that hides the framework."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from btgui.engine.errors import ModelPackError
from btgui.engine.models.card import ModelCard
from btgui.engine.preprocessing import PreprocessingParameters
from btgui.engine.results import CamMethod, Device

_TIMED_RUNS = 5
_OF_A_PICTURE = 2  # dimensions: rows and columns


class Outputs(NamedTuple):
    """What a network computes for n scans.

    ``logits`` are (n, classes) float32; ``stage_means`` hold, for each Grad-CAM stage of the
    card, the (n, channels) float32 means of its activations over the picture.
    """

    logits: NDArray[np.float32]
    stage_means: tuple[NDArray[np.float32], ...]


class Runtime(Protocol):
    """A loaded network.

    All arrays are float32; inputs are (n, h, w, 3), scaled as the card states.
    """

    @property
    def device(self) -> Device:
        """The device that the network runs on."""

    def warm_up(self) -> float:
        """Load and compile the network; return the milliseconds that one scan takes afterwards."""

    def outputs(self, inputs: NDArray[np.float32]) -> Outputs:
        """Return logits and stage means for (n, h, w, 3) inputs."""

    def logits(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return (n, classes) logits for (n, h, w, 3) inputs."""

    def stage_maps(
        self, network_input: NDArray[np.float32], target_index: int, method: CamMethod
    ) -> list[NDArray[np.float32]]:
        """Return one map per stage for one (h, w, 3) input: one forward and one backward pass."""

    def close(self) -> None:
        """Release the network and its resources."""


def check_stages(card: ModelCard, shapes: Iterable[tuple[int, ...]]) -> None:
    """Check the shapes of the outputs of a card's stages, in order, without scans and channels.

    Raises
    ------
    ModelPackError
        A stage has no activations over the picture, or not as many as its card states.
    """
    for stage, shape in zip(card.stages, shapes, strict=True):
        if len(shape) != _OF_A_PICTURE:
            raise ModelPackError(
                f"The network of {card.name} does not match its card: expected {stage.layer} to have "
                f"activations over the picture, as a Grad-CAM stage needs."
            )
        if stage.grid is not None and stage.grid.shape != shape:
            rows, columns = stage.grid.shape
            raise ModelPackError(
                f"The network of {card.name} does not match its card: expected {stage.layer} to have "
                f"{rows} x {columns} cells, received {shape[0]} x {shape[1]}."
            )


def milliseconds_of_one(
    logits: Callable[[NDArray[np.float32]], object], size: PreprocessingParameters
) -> float:
    """Return the median milliseconds of a forward pass of one blank scan, after an untimed one."""
    blank = np.zeros((1, size.input_height, size.input_width, 3), np.float32)
    logits(blank)
    times = []
    for _ in range(_TIMED_RUNS):
        start = time.perf_counter()
        logits(blank)
        times.append(time.perf_counter() - start)
    return float(np.median(times)) * 1000
