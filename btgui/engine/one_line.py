"""Text from files, made fit for display: one line of limited length."""

from __future__ import annotations

_LONGEST = 64  # characters, as the DICOM standard allows a description
# Characters that change the direction of the text around them; text from a file must not do so.
_DIRECTIONS = dict.fromkeys(
    [0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)


def one_line(text: str, longest: int = _LONGEST) -> str:
    """Return text from a file as one line of at most ``longest`` characters."""
    # Text far beyond the limit is not processed at all: a file may hold megabytes.
    words = " ".join(text[: 4 * longest].translate(_DIRECTIONS).split())
    whole = len(words) <= longest and len(text) <= 4 * longest
    return words if whole else f"{words[: longest - 1].rstrip()}…"
