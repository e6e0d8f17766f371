"""The child's side of the network's process: answers requests until the pipe closes."""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Iterator, Sequence
from functools import cached_property
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from btgui.engine.errors import BtguiError
from btgui.engine.models.pack import ModelPack
from btgui.engine.results import CamMethod, Device, Reading
from btgui.engine.runtime_names import RuntimeName
from btgui.engine.runtimes import Outputs
from btgui.engine.runtimes.choice import create_runtime
from btgui.engine.scan import ScanAddress

if TYPE_CHECKING:
    from btgui.engine.analysis import Analyser

Batch = list[tuple[Path | ScanAddress, Reading | BtguiError]]


def serve(pipe: Connection, pack: ModelPack, wanted: RuntimeName) -> None:
    """Answer requests, one at a time, until the pipe closes; the main function of the child."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the parent to handle
    # The frameworks print freely, even from C++; everything relevant goes through the pipe.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    server = _Server(pack, wanted)
    while True:
        try:
            request, arguments = pipe.recv()
        except (EOFError, OSError):
            # An ordinary exit would wait for reader threads that are still decoding.
            os._exit(0)
        try:
            reply = ("answer", getattr(server, request)(*arguments))
        except BtguiError as error:
            reply = ("refused", str(error))
        except Exception:  # noqa: BLE001  (every error must be reported to the parent)
            reply = ("failed", traceback.format_exc())
        try:
            pipe.send(reply)
        except OSError:
            os._exit(0)


class _Server:
    """One method per request; the first request loads the network."""

    def __init__(self, pack: ModelPack, wanted: RuntimeName) -> None:
        self._pack, self._wanted = pack, wanted
        self._readings: dict[int, Iterator[Any]] = {}

    @cached_property
    def _analyser(self) -> Analyser:
        from btgui.engine.analysis import Analyser

        return Analyser(self._pack, create_runtime(self._pack, self._wanted))

    def warm_up(self) -> tuple[float, Device]:
        """Load and compile the network; return the milliseconds of one scan and the device."""
        with self._analyser.alone() as runtime:
            return runtime.warm_up(), runtime.device

    def outputs(self, inputs: NDArray[np.float32]) -> Outputs:
        """Return logits and stage means for (n, h, w, 3) inputs."""
        with self._analyser.alone() as runtime:
            return runtime.outputs(inputs)

    def stage_maps(
        self, network_input: NDArray[np.float32], target_index: int, method: CamMethod
    ) -> list[NDArray[np.float32]]:
        """Return one map per stage for one (h, w, 3) input."""
        with self._analyser.alone() as runtime:
            return runtime.stage_maps(network_input, target_index, method)

    def begin_readings(
        self,
        number: int,
        places: Sequence[Path | ScanAddress],
        as_series: bool,  # noqa: FBT001  (arguments are positional in the pipe)
    ) -> None:
        """Begin to read files; several such readings can be in progress."""
        self._readings[number] = self._analyser.readings(places, as_series=as_series)

    def next_readings(self, number: int) -> Batch | None:
        """Return the next batch of a reading; None at the end."""
        return next(self._readings[number], None)

    def end_readings(self, number: int) -> None:
        """Stop a reading."""
        readings: Any = self._readings.pop(number, None)
        if readings is not None:
            readings.close()
