"""Text for the interface: figures with no more digits than they deserve, and safe tooltips."""

from __future__ import annotations

import re
import sys
from html import escape

# Re-exported, so that views import all text helpers from here.
from btgui.engine.counting import counted, one_or  # noqa: F401
from btgui.engine.percentages import percent, percent_exactly  # noqa: F401
from btgui.engine.reading_words import (  # noqa: F401
    grey_number,
    greys_words,
    window_numbers,
    window_words,
)

_MINUTE, _HOUR = 60, 3600
_VERY_LONG, _PIECE = re.compile(r"\S{17,}"), re.compile(r"\S{8}(?=\S)")
DOUBTED = "  \N{WARNING SIGN}"  # after a doubtful verdict in a list, which may not show the reason
CONTROL = "Command" if sys.platform == "darwin" else "Ctrl"  # the key that Qt calls Ctrl
RESEARCH_USE = "For research use and second reading. Not a medical device."


def percent_or_dash(share: float | None) -> str:
    """Return a share as :func:`percent_exactly` writes it, or a dash where it is undefined."""
    return "\N{EN DASH}" if share is None else percent_exactly(share)


def unbroken(text: str) -> str:
    """Return a text with no-break spaces between figures and their units."""
    return re.sub(r"(?<=\d) (?=%|(?:mm|ms|s)\b)", "\N{NO-BREAK SPACE}", text)


def breakable(text: str) -> str:
    """Return a text with break opportunities in very long words, such as names of files.

    A label is at least as wide as its longest word, and would widen the window.
    """
    return _VERY_LONG.sub(lambda word: _PIECE.sub("\\g<0>\N{ZERO WIDTH SPACE}", word[0]), text)


def milliseconds(value: float) -> str:
    """Return a duration to two significant digits: "18 ms", "1.2 s"."""
    if value < 1:
        return "under 1 ms"
    if value < 995:  # noqa: PLR2004  (from here on it rounds to a second)
        digits = 10 ** max(0, len(str(int(value))) - 2)
        return f"{round(value / digits) * digits:.0f} ms"
    return f"{value / 1000:.1f} s"


def duration(seconds: float) -> str:
    """Return a time in a suitable unit: "40 s", "12 min", "1.5 h"."""
    if seconds < _MINUTE:
        return f"{seconds:.0f} s"
    if seconds < _HOUR:
        return f"{seconds / _MINUTE:.0f} min"
    return f"{seconds / _HOUR:.1f} h"


def time_left(seconds: float) -> str:
    """Return the remaining time in words; "" if it is unknown (negative) or zero."""
    return "" if seconds <= 0 else f"about {duration(max(1, seconds))} left"


def plain_tip(text: str) -> str:
    """Return a tooltip that shows a text literally, even if it looks like markup.

    Qt renders text that looks like HTML as such and loads the images it names: from another
    computer, if the header of a file said so.
    """
    if "<" not in text and "&" not in text:
        return text
    return f"<p style='white-space: pre-wrap'>{escape(text)}</p>"
