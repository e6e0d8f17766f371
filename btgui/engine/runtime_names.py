"""How a reader names what is to execute the networks; the start need not load it for that."""

from __future__ import annotations

from typing import Literal, get_args

RuntimeName = Literal["auto", "openvino", "openvino-half", "intel-gpu", "tensorflow"]
RUNTIME_NAMES: tuple[RuntimeName, ...] = get_args(RuntimeName)


def known_runtime(name: str) -> RuntimeName:
    """Return the runtime of this name; "auto" where a newer version's settings name another."""
    return next((known for known in RUNTIME_NAMES if known == name), "auto")
