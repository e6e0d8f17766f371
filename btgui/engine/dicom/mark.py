"""Recognising DICOM files by their first bytes, without loading pydicom."""

from __future__ import annotations

from pathlib import Path

from btgui.engine.disk.ordinary_file import is_special

_PREAMBLE, _MARK = 128, b"DICM"
HEAD_BYTES = _PREAMBLE + len(_MARK)  # as many bytes of a file identify it as DICOM


def looks_like_dicom(content: bytes) -> bool:
    """Whether the bytes have the DICM prefix, or begin like a data set without preamble."""
    if has_mark(content):
        return True
    # Without preamble, a file starts with an element of group 0002 or 0008 in little endian.
    return content[:2] in {b"\x02\x00", b"\x08\x00"} and content[3:4] == b"\x00"


def has_mark(content: bytes) -> bool:
    """Whether the bytes have the DICM prefix after the preamble."""
    return content[_PREAMBLE:HEAD_BYTES] == _MARK


def is_dicom(path: Path) -> bool:
    """Whether a file begins like DICOM, whatever its name; False where it cannot be opened."""
    return not is_special(path) and looks_like_dicom(head_of(path))


def head_of(path: Path) -> bytes:
    """Return the first bytes of a file, which identify DICOM; b"" where it cannot be opened."""
    try:
        with path.open("rb") as stream:
            return stream.read(HEAD_BYTES)
    except (OSError, ValueError):
        return b""
