"""OpenVINO without its telemetry: nothing leaves this computer.

On import OpenVINO sends an event to its maker by the package ``openvino_telemetry``,
unless the user has forbidden it in a file. Where that package cannot be imported, a stub
that does nothing takes its place: so we make it impossible to import, before OpenVINO is
imported anywhere. Nothing else may import OpenVINO (a test holds that).
"""

from __future__ import annotations

import sys
from functools import cache
from typing import Any


def load_openvino() -> Any:  # noqa: ANN401  (a module)
    """Return OpenVINO's module."""
    sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]  # makes its import fail
    import openvino

    return openvino


@cache
def core() -> Any:  # noqa: ANN401  (OpenVINO's own)
    """Return OpenVINO's core, one for the whole process.

    OpenVINO 2026.4 gives the thread that makes one another stack for signals, and frees that with
    it: of two, the first to go leaves the second to put back a stack that is gone, and the next
    signal, such as Ctrl+C, is a crash.
    """
    return load_openvino().Core()


def operations() -> Any:  # noqa: ANN401  (a module)
    """Return OpenVINO's operations, set 13."""
    load_openvino()
    from openvino import opset13

    return opset13
