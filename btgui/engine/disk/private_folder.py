"""Temporary folders for images of scans, readable by this user only and removed after use."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import weakref
from pathlib import Path

from btgui.engine.errors import BtguiError

_MARK = "btgui-"
_CLOCK_SECONDS = 3600  # by which the clock may be corrected while a process runs


class PrivateFolder:
    """A folder that is removed with this object, at the latest when the process ends.

    The folders of a killed process are removed by :func:`remove_left_behind` at the next start.

    Parameters
    ----------
    within
        The parent folder; by default the system's temporary folder.

    Raises
    ------
    BtguiError
        The folder cannot be created.
    """

    def __init__(self, within: Path | None = None) -> None:
        prefix = f"{_MARK}{os.getpid()}-"
        try:
            self.path = Path(tempfile.mkdtemp(prefix=prefix, dir=within))  # 0700
        except OSError as error:
            raise BtguiError(
                f"Temporary files cannot be written ({error.strerror}). Free some disk space, or "
                f"allow writing to the system's temporary folder."
            ) from error
        self._removal = weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)

    def close(self) -> None:
        """Remove the folder and its content; safe to call twice."""
        self._removal()


def remove_left_behind(within: Path | None = None) -> int:
    """Remove folders that killed processes of this user left behind; return the number removed.

    Folders of processes that still run are kept.
    """
    removed = 0
    try:
        places = [*Path(within or tempfile.gettempdir()).glob(f"{_MARK}*-*")]
    except OSError:  # the temporary folder is missing or inaccessible
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
    """Whether the process that had this ID at the time ``at`` may still run.

    Its ID may have been reused by now.
    """
    import psutil  # imported late: rarely needed, and it would delay every start

    try:
        return float(psutil.Process(process).create_time()) <= at + _CLOCK_SECONDS
    except psutil.NoSuchProcess:
        return False
    except psutil.Error:  # access denied
        return True
