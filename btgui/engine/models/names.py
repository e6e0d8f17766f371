"""Names of models: how long they may be, and which one is free."""

from __future__ import annotations

from collections.abc import Collection

LONGEST_NAME = 60


def free_model_name(name: str, taken: Collection[str]) -> str:
    """Return the name, with the first number behind it that no model has if it is taken.

    One that is too long is cut.
    """
    number, found = 1, name[:LONGEST_NAME]
    while found in taken:
        number += 1
        ending = f" {number}"
        found = f"{name[: LONGEST_NAME - len(ending)]}{ending}"
    return found
