"""Numbers of things, alike in the window and on the command line."""

from __future__ import annotations


def counted(count: int, thing: str) -> str:
    """Return a number of things: "1 scan", "1,200 scans"."""
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"
