"""Stored ratios as a table for the documentation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from benchmarks.targets import TARGETS


def table(result: Mapping[str, Any]) -> list[str]:
    """Return Markdown lines: what, against, target, the ratio, and whether it is met."""
    ratios = result["ratios"]
    return [
        "| what | ratio | target | |",
        "|---|---:|---:|---|",
        *_rows((target, ratios[target.name]) for target in TARGETS if target.name in ratios),
    ]


def _rows(measured: Iterable[tuple[Any, float]]) -> Iterable[str]:
    for target, ratio in measured:
        met = "met" if target.is_met(ratio) else "**missed**"
        yield f"| {target.what}, {target.against} | {ratio:.2f} | {target.words} | {met} |"
