"""How figures are put in words: never more digits than they deserve."""

from __future__ import annotations

_MINUTE, _HOUR = 60, 3600
_ALMOST_ALL, _ALMOST_NONE = 0.995, 0.005

RESEARCH_USE = "For research use and second reading. Not a medical device."


def percent(share: float) -> str:
    """Return a share (0 to 1) in whole percent; ">99 %" and "<1 %" at the ends."""
    if share >= _ALMOST_ALL:
        return ">99 %"
    if share < _ALMOST_NONE:
        return "<1 %"
    return f"{share * 100:.0f} %"


def percent_exactly(share: float, decimals: int = 1) -> str:
    """Return a measured share (0 to 1) in percent, as many digits as others print: "95.0 %"."""
    return f"{share:.{decimals}%}".replace("%", " %")


def milliseconds(value: float) -> str:
    """Return a duration to two significant digits: "18 ms", "1.2 s"."""
    if value < 1:
        return "under 1 ms"
    if value < 995:  # noqa: PLR2004  (from here on it rounds to a second)
        digits = 10 ** max(0, len(str(int(value))) - 2)
        return f"{round(value / digits) * digits:.0f} ms"
    return f"{value / 1000:.1f} s"


def time_left(seconds: float) -> str:
    """Return a remaining time in words; empty where it is not known (negative)."""
    if seconds < 0:
        return ""
    if seconds < _MINUTE:
        return f"about {max(1, round(seconds))} s left"
    if seconds < _HOUR:
        return f"about {round(seconds / _MINUTE)} min left"
    return f"about {seconds / _HOUR:.1f} h left"


def confidence(share: float) -> str:
    """Return how sure the network says it is, in a word."""
    sure, likely = 0.95, 0.75
    if share >= sure:
        return "very likely"
    if share >= likely:
        return "likely"
    return "uncertain"
