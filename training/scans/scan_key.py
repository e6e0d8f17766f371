"""Keys of preprocessed scans in the cache, from all that determines them except the parameters."""

from __future__ import annotations

from btgui.engine.scan import Window

_BESIDE, _UNDER = "+", "@"


def scan_key(digest: str, mask_digest: str = "", *, window: Window | None = None) -> str:
    """Return the key of a scan.

    Parameters
    ----------
    digest
        SHA-256 of the scan's file; the key begins with it.
    mask_digest
        SHA-256 of the tumour mask's file, "" if there is none; follows after a "+".
    window
        VOI window of the scan's series, if any; follows after an "@".
    """
    beside = f"{_BESIDE}{mask_digest}" if mask_digest else ""
    under = "" if window is None else f"{_UNDER}{window.centre!r},{window.width!r}"
    return f"{digest}{beside}{under}"


def scan_digest(key: str) -> str:
    """Return the SHA-256 of the scan's file from its key."""
    return _of_files(key).partition(_BESIDE)[0]


def has_mask(key: str) -> bool:
    """Whether the scan has a tumour mask."""
    return _BESIDE in _of_files(key)


def _of_files(key: str) -> str:
    return key.partition(_UNDER)[0]
