"""Numbers of things in words, alike in the window, in reports and on the terminal."""

from __future__ import annotations

from collections.abc import Sequence

_NAMED = 10


def counted(count: int, thing: str) -> str:
    """Return a number of things: "1 scan", "1,200 scans"."""
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"


def one_or(count: int, one: str, several: str) -> str:
    """Return which word fits a number of things: a verb, for example."""
    return one if count == 1 else several


def some_of(names: Sequence[str]) -> str:
    """Return names side by side; of very many the first, and how many more there are."""
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more:,} more" if more > 0 else "")
