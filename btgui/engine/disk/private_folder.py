"""Folders for a while that hold pictures of scans: for this user only, and gone when done with."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import weakref
from pathlib import Path

from btgui.engine.errors import BtguiError

_MARK = "btgui-"
_CLOCK_SECONDS = 3600  # that a clock may be put right by, while a program runs


class PrivateFolder:
    """A folder that is removed with this object, at the latest when the process ends.

    What a killed process leaves goes by :func:`remove_left_behind` at the next start.

    Parameters
    ----------
    within
        Where it is made; the system's folder for temporary files by default.

    Raises
    ------
    BtguiError
        It cannot be made.
    """

    def __init__(self, within: Path | None = None) -> None:
        prefix = f"{_MARK}{os.getpid()}-"
        try:
            self.path = Path(tempfile.mkdtemp(prefix=prefix, dir=within))  # 0700
        except OSError as error:
            raise BtguiError(
                f"Temporary files cannot be written ({error.strerror}). Make room on the disk, or "
                f"allow writing to the system's folder for them."
            ) from error
        self._removal = weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)

    def close(self) -> None:
        """Remove it with all that it holds; safe to call twice."""
        self._removal()


def remove_left_behind(within: Path | None = None) -> int:
    """Remove what processes that were killed left; return how many folders went.

    Of this user only. A folder of a process that still runs is kept.
    """
    removed = 0
    try:
        places = [*Path(within or tempfile.gettempdir()).glob(f"{_MARK}*-*")]
    except OSError:  # none that can be written to or looked into
        return 0
    for place in places:
        try:
            owner = int(place.name[len(_MARK) :].split("-")[0])
            status = place.lstat()
        except (ValueError, OSError):
            continue
        mine = not hasattr(os, "getuid") or status.st_uid == os.getuid()
        if mine and stat.S_ISDIR(status.st_mode) and not _may_run(owner, status.st_mtime):
            shutil.rmtree(place, ignore_errors=True)
            removed += not place.exists()
    return removed


def _may_run(process: int, at: float) -> bool:
    """Whether a process that ran at this time may run still; its number may be another's by now."""
    import psutil  # here: seldom is anything left, and no start need wait for it

    try:
        return float(psutil.Process(process).create_time()) <= at + _CLOCK_SECONDS
    except psutil.NoSuchProcess:
        return False
    except psutil.Error:  # it does not let itself be looked at
        return True
