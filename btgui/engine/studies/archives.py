"""Unpacking ZIP files, as found on CDs and portals, into a temporary private folder."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from btgui.engine.disk.ordinary_file import check_ordinary
from btgui.engine.disk.private_folder import PrivateFolder
from btgui.engine.disk.time_limit import read_in_time
from btgui.engine.errors import BtguiError, ScanError
from btgui.engine.studies.series import PassedOver
from btgui.engine.studies.unpacking import unpack

_MAXIMUM_SECONDS = 3600.0  # for the largest archive, from a slow drive
_ENDING_SECONDS = 1.0  # time for abandoned unpacking to stop by itself


@dataclass(frozen=True)
class Unpacked:
    """The folder into which an archive was unpacked, and the entries that were skipped."""

    folder: Path
    passed_over: tuple[PassedOver, ...]


class UnpackedArchives:
    """The archives unpacked so far, in a folder readable by this user only until :meth:`close`.

    May be used as a context manager.

    Parameters
    ----------
    folder
        Parent of the private folder; by default the system's temporary folder.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._private: PrivateFolder | None = None
        self._unpacked: dict[Path, Unpacked] = {}

    @property
    def root(self) -> Path:
        """The private folder, created on first use.

        Raises
        ------
        BtguiError
            The folder cannot be created.
        """
        if self._private is None:
            self._private = PrivateFolder(self._folder)
        return self._private.path

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def unpack(
        self,
        archive: Path,
        is_cancelled: Callable[[], bool] = lambda: False,
        on_progress: Callable[[int, int], None] = lambda _done, _total: None,
    ) -> Unpacked:
        """Unpack a ZIP file and the ZIP files within it, once; later calls return the same result.

        Parameters
        ----------
        is_cancelled
            Called before every block, and while a drive does not respond; True stops unpacking.
        on_progress
            Called with (files unpacked, files known so far) after every file, on another thread.

        Raises
        ------
        ScanError
            The file is not a ZIP file, exceeds the limits for unpacking, holds nothing usable, or
            takes longer than an hour to unpack.
        Cancelled
            ``is_cancelled`` returned True.
        """
        archive = archive.absolute()
        if archive not in self._unpacked:
            check_ordinary(archive)
            self._unpacked[archive] = self._newly_unpacked(archive, is_cancelled, on_progress)
        return self._unpacked[archive]

    def holds(self, path: Path) -> bool:
        """Whether a file lies in the private folder."""
        return self._private is not None and path.is_relative_to(self._private.path)

    def source_of(self, path: Path) -> Path | None:
        """Return the original path of an unpacked file: the archive's path and the path within it."""
        for archive, unpacked in self._unpacked.items():
            if path.is_relative_to(unpacked.folder):
                return archive / path.relative_to(unpacked.folder)
        return None

    def _newly_unpacked(
        self,
        archive: Path,
        is_cancelled: Callable[[], bool],
        on_progress: Callable[[int, int], None],
    ) -> Unpacked:
        target = self._target(archive)
        given_up, ended = threading.Event(), threading.Event()

        def work() -> tuple[PassedOver, ...]:
            try:
                return unpack(
                    archive, target, lambda: given_up.is_set() or is_cancelled(), on_progress
                )
            finally:
                ended.set()

        try:
            return Unpacked(
                target, read_in_time(archive, work, _MAXIMUM_SECONDS, is_cancelled=is_cancelled)
            )
        except BaseException:
            given_up.set()
            ended.wait(_ENDING_SECONDS)  # files written after the removal would be left behind
            shutil.rmtree(target, ignore_errors=True)
            raise

    def _target(self, archive: Path) -> Path:
        try:
            return Path(tempfile.mkdtemp(dir=self.root))
        except BtguiError as error:
            raise ScanError(f"{archive.name} cannot be unpacked. {error}") from error
        except OSError as error:
            raise ScanError(
                f"{archive.name} cannot be unpacked: temporary files cannot be written "
                f"({error.strerror}). Free some disk space."
            ) from error

    def close(self) -> None:
        """Remove everything; safe to call twice."""
        if self._private is not None:
            self._private.close()
            self._private = None
        self._unpacked.clear()
