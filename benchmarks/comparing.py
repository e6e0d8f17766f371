"""Two stored results side by side: what became better, and what worse."""

from __future__ import annotations

from typing import Any

from benchmarks.targets import TARGETS

# Ratios of one and the same program differ by so much from run to run.
_NOISE = 0.10


def compare(before: dict[str, Any], after: dict[str, Any]) -> tuple[list[str], bool]:
    """Return a line a target that both hold, and whether none became clearly worse.

    "Clearly" is by more than a tenth: less is within what two runs differ by.
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
        lines.append("Measured on different processors: ratios carry over only in part.")
    return lines, good
