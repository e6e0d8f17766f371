"""The parent's side of the network's process: a runtime and reader of folders in a child."""

from __future__ import annotations

import itertools
import multiprocessing
from collections.abc import Generator, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from btgui.engine.errors import BtguiError, Cancelled, ModelPackError
from btgui.engine.models.pack import ModelPack
from btgui.engine.network_process.server import serve
from btgui.engine.results import CamMethod, Device, Reading
from btgui.engine.runtime_names import RuntimeName
from btgui.engine.runtimes import Outputs
from btgui.engine.scan import ScanAddress

PlaceT = TypeVar("PlaceT", bound=Path | ScanAddress)
_SECONDS_TO_END = 5.0


class RuntimeStoppedError(BtguiError):
    """The process that runs the network ended unexpectedly."""


class ProcessRuntime:
    """The runtime chosen by :func:`create_runtime`, in a child process; for one thread at a time.

    Raises
    ------
    ModelPackError
        By :meth:`warm_up`: the network cannot be loaded.
    RuntimeStoppedError
        By any request: the child ended (out of memory, killed), or could not be started. The
        next request starts a new one.
    """

    def __init__(self, pack: ModelPack, wanted: RuntimeName = "auto") -> None:
        self._pack = pack
        self._wanted = wanted
        self._process: Any = None
        self._pipe: Connection | None = None
        self._device: Device | None = None
        self._aborted = False
        self._numbers = itertools.count()

    @property
    def device(self) -> Device:
        """The device that the child's network runs on."""
        if self._device is None:
            self.warm_up()
        assert self._device is not None  # noqa: S101  (warm_up has set it)
        return self._device

    def start(self) -> None:
        """Start the child if none is running, without waiting until its libraries are loaded.

        Raises
        ------
        RuntimeStoppedError
            The process cannot be started.
        """
        if self._process is not None and self._process.is_alive():
            return
        context = multiprocessing.get_context("spawn")
        try:
            ours, theirs = context.Pipe()
            # Our copy of the child's end is closed, so that the pipe breaks when the child ends.
            with theirs:
                process = context.Process(
                    target=serve,
                    args=(theirs, self._pack, self._wanted),
                    name="btgui-network",
                    daemon=True,
                )
                try:
                    process.start()
                except OSError:
                    ours.close()
                    raise
        except OSError as error:
            raise RuntimeStoppedError(
                "The process that runs the network could not be started: "
                f"{error.strerror or error}. Close other programs and try again."
            ) from error
        self._pipe, self._process = ours, process
        if self._aborted:  # while the child was being started
            process.kill()

    def begin_warm_up(self) -> None:
        """Let the child load and compile the network; :meth:`is_warm` tells when it is done."""
        self._send("warm_up")

    def is_warm(self) -> bool:
        """Whether :meth:`finish_warm_up` would return at once."""
        try:
            return self._pipe is None or self._pipe.poll()
        except OSError:  # Windows: the child has ended, which :meth:`finish_warm_up` reports
            return True

    def finish_warm_up(self) -> float:
        """Wait until the child is ready; return the milliseconds that one scan takes."""
        milliseconds, self._device = self._receive()
        return float(milliseconds)

    def warm_up(self) -> float:
        """Load and compile the network in the child; return the milliseconds that one scan takes."""
        self.begin_warm_up()
        return self.finish_warm_up()

    def logits(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return (n, classes) logits for (n, h, w, 3) inputs."""
        return self.outputs(inputs).logits

    def outputs(self, inputs: NDArray[np.float32]) -> Outputs:
        """Return logits and stage means for (n, h, w, 3) inputs."""
        return Outputs(*self._ask("outputs", inputs))

    def stage_maps(
        self, network_input: NDArray[np.float32], target_index: int, method: CamMethod
    ) -> list[NDArray[np.float32]]:
        """Return one map per stage for one (h, w, 3) input."""
        return list(self._ask("stage_maps", network_input, target_index, method))

    def readings(
        self, places: Sequence[PlaceT], *, as_series: bool = False
    ) -> Generator[list[tuple[PlaceT, Reading | BtguiError]], None, None]:
        """Let the child read files in order, batch by batch; see :meth:`Analyser.readings`.

        Other requests may be made between two batches. Closing the generator stops the child's
        work on these files.
        """
        number = next(self._numbers)
        self._ask("begin_readings", number, list(places), as_series)
        process = self._process
        try:
            while True:
                # A new child would not know the readings that its predecessor had begun.
                if self._process is not process or not process.is_alive():
                    raise self._stopped()
                batch = self._ask("next_readings", number)
                if batch is None:
                    return
                yield batch
        finally:
            # Another child would not know these readings.
            if process is not None and self._process is process and process.is_alive():
                with suppress(BtguiError):
                    self._ask("end_readings", number)

    def close(self) -> None:
        """End the child."""
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None
        if self._process is not None:
            # An idle child ends by itself; one that is busy loading need not be waited for.
            self._process.terminate()
            self._process.join(_SECONDS_TO_END)
            if self._process.is_alive():
                self._process.kill()
                self._process.join()
            self._process.close()
            self._process = None

    def _stopped(self) -> BtguiError:
        self.close()
        if self._aborted:
            return Cancelled("The application is closing.")
        return RuntimeStoppedError(
            "The process that runs the network stopped unexpectedly; it may have run out of memory. "
            "Close other programs, then open the scan or choose the model again."
        )

    def abort(self) -> None:
        """Kill the child from another thread, so that a request waiting for it fails at once."""
        self._aborted = True
        process = self._process
        if process is not None:
            # A ValueError means that the process is closed: then no request needs unblocking.
            with suppress(ValueError):
                process.kill()

    def _ask(self, request: str, *arguments: object) -> Any:  # noqa: ANN401
        self._send(request, *arguments)
        return self._receive()

    def _send(self, request: str, *arguments: object) -> None:
        if self._aborted:
            raise Cancelled("The application is closing.")
        self.start()
        assert self._pipe is not None  # noqa: S101  (start has set it)
        try:
            self._pipe.send((request, arguments))
        except OSError as error:
            raise self._stopped() from error

    def _receive(self) -> Any:  # noqa: ANN401
        if self._pipe is None:
            raise self._stopped()
        try:
            kind, answer = self._pipe.recv()
        except (EOFError, OSError) as error:
            raise self._stopped() from error
        if kind == "refused":
            raise ModelPackError(answer)
        if kind == "failed":
            raise RuntimeError(answer)
        return answer
