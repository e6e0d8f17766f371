"""Display names of models: their maximum length, and free names."""

from __future__ import annotations

from collections.abc import Collection

LONGEST_NAME = 60


def free_model_name(name: str, taken: Collection[str]) -> str:
    """Return the name itself or, if it is taken, with the first number appended that makes it free.

    Names longer than :data:`LONGEST_NAME` characters are truncated.
    """
    number, found = 1, name[:LONGEST_NAME]
    while found in taken:
        number += 1
        ending = f" {number}"
        found = f"{name[: LONGEST_NAME - len(ending)]}{ending}"
    return found
