"""Runtimes, which execute networks: one small interface that hides the framework."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from btgui.engine.preprocessing import PreprocessingParameters
from btgui.engine.results import CamMethod, Device

_TIMED_RUNS = 5


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
