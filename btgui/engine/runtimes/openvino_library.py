"""Importing OpenVINO without its telemetry, so that nothing leaves this computer.

On import, OpenVINO sends an event to its vendor through the package ``openvino_telemetry``,
unless the user has opted out in a file. If that package cannot be imported, OpenVINO uses a
stub that does nothing: so this module blocks the package before OpenVINO is imported. Nothing
else may import OpenVINO (a test enforces that).
"""

from __future__ import annotations

import sys
from functools import cache
from typing import Any


def load_openvino() -> Any:  # noqa: ANN401  (a module)
    """Return the module ``openvino``, imported without telemetry."""
    sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]  # makes its import fail
    import openvino

    return openvino


@cache
def core() -> Any:  # noqa: ANN401  (OpenVINO's own)
    """Return OpenVINO's core, the same one for the whole process.

    OpenVINO 2026.4 gives the thread that creates a core another signal stack, and frees that stack
    with the core. With two cores, the second would restore a stack that the first has freed, and
    the next signal, such as Ctrl+C, would crash the process.
    """
    return load_openvino().Core()


def operations() -> Any:  # noqa: ANN401  (a module)
    """Return OpenVINO's operation set 13."""
    load_openvino()
    from openvino import opset13

    return opset13
