"""What a command says while it works."""

from __future__ import annotations

import sys


def say(line: str) -> None:
    """Print a line for the person at the terminal; standard output is for results."""
    print(line, file=sys.stderr, flush=True)
