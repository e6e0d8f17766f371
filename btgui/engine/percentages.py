"""Fractions as percentages, formatted alike in the window and on the command line."""

from __future__ import annotations

_ALMOST_ALL, _ALMOST_NONE = 0.995, 0.005


def percent(share: float) -> str:
    """Return a fraction (0 to 1) in whole percent, ">99 %" or "<1 %" near the ends."""
    if share >= _ALMOST_ALL:
        return ">99 %"
    if share <= _ALMOST_NONE:
        return "<1 %"
    return f"{share * 100:.0f} %"


def percent_exactly(share: float, decimals: int = 1) -> str:
    """Return a measured fraction (0 to 1) in percent with the given decimals: "95.0 %"."""
    return f"{share:.{decimals}%}".replace("%", " %")
