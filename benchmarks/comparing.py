"""Comparison of two stored results: which ratios became better, and which worse."""

from __future__ import annotations

from typing import Any

from benchmarks.targets import TARGETS

# Relative difference of a ratio between two runs of the same program.
_NOISE = 0.10


def compare(before: dict[str, Any], after: dict[str, Any]) -> tuple[list[str], bool]:
    """Return one line per target that both results contain, and whether none is clearly worse.

    Clearly worse means by more than a tenth, which exceeds the difference between two runs.
    """
    lines, good = [], True
    for target in TARGETS:
        if target.name not in before["ratios"] or target.name not in after["ratios"]:
            continue
        old, new = before["ratios"][target.name], after["ratios"][target.name]
        change = new / old - 1
        gain = change if target.at_least else -change
        verdict = "better" if gain > _NOISE else "WORSE" if gain < -_NOISE else "same"
        good = good and verdict != "WORSE"
        lines.append(f"{target.name:28} {old:8.2f} -> {new:8.2f}  {change:+7.1%}  {verdict}")
    if before["machine"]["processor"] != after["machine"]["processor"]:
        lines.append(
            "The results were measured on different processors, so ratios are only partly comparable."
        )
    return lines, good
