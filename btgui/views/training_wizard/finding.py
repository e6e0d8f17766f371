"""What a finding of the check is: words, choices and pictures; no Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from btgui.views.training_wizard.draft import Draft


@dataclass(frozen=True)
class Choice:
    """Something that can be done about a finding: its words, and what it does to a draft."""

    text: str
    apply: Callable[[Draft], None]
    is_chosen: Callable[[Draft], bool]


@dataclass(frozen=True)
class ShownPair:
    """Two scans that look alike, with the lines under each and what joins them."""

    first: Path
    second: Path
    captions: tuple[str, str]
    relation: str


@dataclass(frozen=True)
class Finding:
    """One thing that was found.

    Attributes
    ----------
    level
        "stop" (cannot be trained on), "alarm" or "note".
    meaning
        What it means for the result.
    choices
        The safe one first; none where there is nothing to choose.
    pairs
        Pictures; ``pair_count`` is how many pairs there are in all.
    problems
        A sentence for each file that cannot be read, or not all of it.
    more
        A longer explanation, shown on demand.
    """

    level: str
    title: str
    what: str
    meaning: str
    choices: tuple[Choice, ...] = ()
    pairs: tuple[ShownPair, ...] = ()
    pair_count: int = 0
    problems: tuple[str, ...] = ()
    more: str = ""
