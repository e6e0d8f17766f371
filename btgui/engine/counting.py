"""Counts and lists in words, worded alike in the window, in reports and on the terminal."""

from __future__ import annotations

from collections.abc import Sequence

_NAMED = 10


def counted(count: int, thing: str) -> str:
    """Return a count with its noun: "1 scan", "1,200 scans"."""
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"


def one_or(count: int, one: str, several: str) -> str:
    """Return the singular or plural form that agrees with a count, of a verb for example."""
    return one if count == 1 else several


def all_of(names: Sequence[str]) -> str:
    """Return all names as a sentence lists them: "A, B and C"."""
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def some_of(names: Sequence[str]) -> str:
    """Return names separated by commas; after the first ten, "and n more"."""
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more:,} more" if more > 0 else "")
