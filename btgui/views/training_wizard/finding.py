"""A finding of the check: its words, choices and pictures; no Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from btgui.views.training_wizard.draft import Draft


@dataclass(frozen=True)
class Choice:
    """A way to deal with a finding: its text, and its effect on a draft."""

    text: str
    apply: Callable[[Draft], None]
    is_chosen: Callable[[Draft], bool]


@dataclass(frozen=True)
class ShownPair:
    """Two scans that look alike, with the caption of each and how they are related."""

    first: Path
    second: Path
    captions: tuple[str, str]
    relation: str


@dataclass(frozen=True)
class Finding:
    """One finding of the check.

    Attributes
    ----------
    level
        "stop" (cannot be trained on), "alarm" or "note".
    meaning
        What the finding means for the result.
    choices
        The safe choice first; empty where there is nothing to choose.
    pairs
        The pairs of scans to show; ``pair_count`` is the number of all pairs.
    problems
        A sentence for each file that cannot be read, or not completely.
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
