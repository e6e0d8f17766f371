"""Sorting files and folders into series and single images in the background."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Collection, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from btgui.workers.background import Background, Stopped
from btgui.workers.while_wanted import while_wanted

if TYPE_CHECKING:
    from btgui.engine.studies.archives import UnpackedArchives
    from btgui.engine.studies.series import Index

_REPORT_SECONDS = 0.1


class PlaceIndexing(QObject):
    """Indexes one set of files and folders at a time; a newer set replaces an older one.

    ZIP files are unpacked into a private folder. When another set has been indexed, this folder
    stays until :meth:`release`, because displayed scans may still be read from it.

    Signals
    -------
    reached(Path, bool)
        The newest set can be accessed: its folder, and whether this folder itself is being
        indexed. Emitted before all others.
    progressed(int, int)
        Files examined, and files in total; a few times per second.
    indexed(Index)
        The newest set has been indexed.
    failed(str)
        The newest set could not be indexed, and why.
    """

    reached = Signal(object, bool)
    progressed = Signal(int, int)
    indexed = Signal(object)
    failed = Signal(str)
    # These carry the function that tells whether the indexing has been stopped.
    _arrived = Signal(object, object, bool)
    _counted = Signal(object, int, int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._archives: UnpackedArchives | None = None
        self._earlier: list[UnpackedArchives] = []
        self._arrived.connect(self._report_place)
        self._counted.connect(self._report_progress)
        self._background = Background(self)
        self._background.succeeded.connect(self.indexed)
        self._background.failed.connect(self.failed)

    def start(self, places: Sequence[Path]) -> None:
        """Index these files and folders."""
        chosen = tuple(places)

        def work(stopped: Stopped) -> Index:
            # Imported late, because pydicom takes a while to import.
            from btgui.engine.studies.archives import UnpackedArchives
            from btgui.engine.studies.index import index_places

            if chosen:
                first = chosen[0]

                def look() -> bool:
                    return os.path.isdir(first)  # noqa: PTH112  (Path's raises without permission)

                is_folder = while_wanted(first, look, lambda: not stopped())
                folder = first if is_folder else first.parent
                self._arrived.emit(stopped, folder, is_folder and len(chosen) == 1)
            last = time.monotonic()

            def report(done: int, total: int) -> None:
                nonlocal last
                if time.monotonic() - last > _REPORT_SECONDS and not stopped():
                    last = time.monotonic()
                    self._counted.emit(stopped, done, total)

            with ExitStack() as unless_shown:
                archives = unless_shown.enter_context(UnpackedArchives())
                index = index_places(chosen, report, stopped, archives)
                if not stopped():
                    unless_shown.pop_all()
                    self._keep(archives)
            return index

        self._background.start(work)

    def cancel(self) -> None:
        """Stop indexing; no signal is emitted for it."""
        self._background.cancel()

    def release(self, in_use: Collection[Path] = ()) -> None:
        """Begin to remove the unpacked archives of earlier sets, except those with a file in use."""
        kept, left = [], []
        with self._lock:
            for archives in self._earlier:
                used = any(archives.holds(path) for path in in_use)
                (kept if used else left).append(archives)
            self._earlier = kept
        if left:
            # On a thread, as removing thousands of files takes a while. It is no daemon: the
            # program does not end before all are removed.
            threading.Thread(target=_remove, args=(left,), name="btgui-removal").start()

    def source_of(self, path: Path) -> Path | None:
        """Return the path in the archive that a file was unpacked from, or None."""
        with self._lock:
            held = [*self._earlier, *([] if self._archives is None else [self._archives])]
        return next((found for one in held if (found := one.source_of(path))), None)

    def close(self) -> None:
        """Stop indexing, wait a while for the thread to end, and begin to remove what was unpacked."""
        self._background.close()
        self.forget()

    def forget(self) -> None:
        """Stop indexing and begin to remove all unpacked archives, without waiting for any thread."""
        self.cancel()
        self._keep(None)
        self.release()

    # Checked on this thread: the indexing may be stopped while the signal is being delivered.
    @Slot(object, object, bool)
    def _report_place(self, stopped: Stopped, folder: Path, is_all: bool) -> None:  # noqa: FBT001
        if not stopped():
            self.reached.emit(folder, is_all)

    @Slot(object, int, int)
    def _report_progress(self, stopped: Stopped, done: int, total: int) -> None:
        if not stopped():
            self.progressed.emit(done, total)

    def _keep(self, archives: UnpackedArchives | None) -> None:
        """Keep the unpacked archives of the newest set."""
        with self._lock:
            if self._archives is not None:
                self._earlier.append(self._archives)
            self._archives = archives


def _remove(unpacked: Sequence[UnpackedArchives]) -> None:
    for archives in unpacked:
        archives.close()
