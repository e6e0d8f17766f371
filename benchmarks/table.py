"""Stored ratios as tables for the documentation; ratios that miss their target are bold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from benchmarks.targets import NETWORKS, TARGETS, Target

_WHAT = "measured, and relative to what"


def table(result: Mapping[str, Any]) -> list[str]:
    """Return Markdown lines: a table with one column per network, and one of the other ratios."""
    ratios = result["ratios"]
    networks = [name for name in NETWORKS if any(key.endswith(f"/{name}") for key in ratios)]
    measured = [target for target in TARGETS if target.name in ratios]
    lines = []
    if networks:
        lines += _header(_WHAT, *networks, "target")
        kinds = dict.fromkeys(one.name.split("/")[0] for one in measured if "/" in one.name)
        for kind in kinds:
            alike = [one for one in TARGETS if one.name.startswith(f"{kind}/")]
            what = alike[0].what.partition(": ")[2]
            cells = [_cell(one, ratios) for one in alike if one.name.split("/")[1] in networks]
            lines.append(_row(f"{what}, {alike[0].against}", *cells, _words(alike)))
    if others := [target for target in measured if "/" not in target.name]:
        lines += (
            ["", *_header(_WHAT, "ratio", "target")] if lines else _header(_WHAT, "ratio", "target")
        )
        lines += [
            _row(f"{one.what}, {one.against}", _cell(one, ratios), one.words) for one in others
        ]
    return lines


def _header(*names: str) -> list[str]:
    return [_row(*names), f"|---|{'---:|' * (len(names) - 2)}---|"]


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(target: Target, ratios: Mapping[str, float]) -> str:
    if target.name not in ratios:
        return ""
    ratio = ratios[target.name]
    return f"{ratio:.2f}" if target.is_met(ratio) else f"**{ratio:.2f}**"


def _words(alike: Sequence[Target]) -> str:
    """Return the usual target of the networks, and those of networks with another one."""
    usual = alike[-1].words
    others: Iterable[str] = (
        f"{one.name.split('/')[1]}: {one.limit:g}" for one in alike if one.words != usual
    )
    return ", ".join((usual, *others))
