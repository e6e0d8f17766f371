"""Whether bytes are DICOM: told apart from pictures without the library that reads them."""

from __future__ import annotations

from pathlib import Path

from btgui.engine.disk.ordinary_file import is_special

_PREAMBLE, _MARK = 128, b"DICM"
HEAD_BYTES = _PREAMBLE + len(_MARK)  # of a file, which tell


def looks_like_dicom(content: bytes) -> bool:
    """Whether the bytes carry the DICM mark, or begin like a data set without preamble."""
    if has_mark(content):
        return True
    # Without preamble a file starts with an element of group 0002 or 0008, little endian.
    return content[:2] in {b"\x02\x00", b"\x08\x00"} and content[3:4] == b"\x00"


def has_mark(content: bytes) -> bool:
    """Whether the bytes carry the DICM mark, behind the preamble."""
    return content[_PREAMBLE:HEAD_BYTES] == _MARK


def is_dicom(path: Path) -> bool:
    """Whether a file begins like DICOM, whatever its name; False where it cannot be opened."""
    return not is_special(path) and looks_like_dicom(head_of(path))


def head_of(path: Path) -> bytes:
    """Return the bytes of a file that tell whether it is DICOM; b"" where it cannot be opened."""
    try:
        with path.open("rb") as stream:
            return stream.read(HEAD_BYTES)
    except (OSError, ValueError):
        return b""
