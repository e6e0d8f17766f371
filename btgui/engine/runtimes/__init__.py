"""What executes a network: one small interface, so that the rest does not know the framework."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from btgui.engine.grad_cam import ClassActivationMap
from btgui.engine.results import CamMethod, Device


class Runtime(Protocol):
    """A network, loaded and ready.

    All arrays are float32; inputs are (n, h, w, 3), scaled as the card says.
    """

    @property
    def device(self) -> Device:
        """What the network runs on."""

    def warm_up(self) -> float:
        """Load and compile; return the milliseconds that one scan then takes."""

    def logits(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return (n, classes) logits for (n, h, w, 3) inputs."""

    def stage_maps(
        self, network_input: NDArray[np.float32], target_index: int, method: CamMethod
    ) -> list[ClassActivationMap]:
        """Return one map a stage for one (h, w, 3) input: one forward and one backward pass."""

    def close(self) -> None:
        """Let go of the network and of what runs it."""
