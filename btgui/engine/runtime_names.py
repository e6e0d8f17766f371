"""Names of the runtimes that a user can choose; listing them loads no runtime."""

from __future__ import annotations

from typing import Literal, get_args

RuntimeName = Literal["auto", "openvino", "openvino-half", "intel-gpu", "tensorflow"]
RUNTIME_NAMES: tuple[RuntimeName, ...] = get_args(RuntimeName)


def known_runtime(name: str) -> RuntimeName:
    """Return the runtime with this name; "auto" for a name that only a newer version knows."""
    return next((known for known in RUNTIME_NAMES if known == name), "auto")
