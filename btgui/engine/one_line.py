"""A file's text as it can be shown: one line, no longer than a description may be."""

from __future__ import annotations

_LONGEST = 64  # characters, as the DICOM standard allows a description
# Characters that change the direction of what is written beside them: a file's must not.
_DIRECTIONS = dict.fromkeys(
    [0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)


def one_line(text: str, longest: int = _LONGEST) -> str:
    """Return a file's text in one line of so many characters at most."""
    # What is far beyond the limit is not even looked at: a file may hold megabytes.
    words = " ".join(text[: 4 * longest].translate(_DIRECTIONS).split())
    whole = len(words) <= longest and len(text) <= 4 * longest
    return words if whole else f"{words[: longest - 1].rstrip()}…"
