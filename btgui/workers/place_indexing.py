"""Files and folders sorted into series and pictures in the background."""

from __future__ import annotations

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

_TELL_SECONDS = 0.1


class PlaceIndexing(QObject):
    """Indexes one set of places at a time; newer ones supersede older ones.

    ZIP files are unpacked into a private folder. When other places have been indexed it waits
    for :meth:`release`: what is shown may still be read from it.

    Signals
    -------
    reached(Path, bool)
        The newest places can be read: the folder that they are in, and whether it is itself what
        is looked through. Before any of the others.
    progressed(int, int)
        Files looked at, files in all; a few times a second.
    indexed(Index)
        The newest places have been looked through.
    failed(str)
        They could not be, and why.
    """

    reached = Signal(object, bool)
    progressed = Signal(int, int)
    indexed = Signal(object)
    failed = Signal(str)
    # Before those, what says whether it is still wanted.
    _arrived = Signal(object, object, bool)
    _told = Signal(object, int, int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._archives: UnpackedArchives | None = None
        self._earlier: list[UnpackedArchives] = []
        self._arrived.connect(self._tell_place)
        self._told.connect(self._tell)
        self._background = Background(self)
        self._background.succeeded.connect(self.indexed)
        self._background.failed.connect(self.failed)

    def start(self, places: Sequence[Path]) -> None:
        """Look through these places."""
        chosen = tuple(places)

        def work(stopped: Stopped) -> Index:
            # DICOM's library waits for its use.
            from btgui.engine.studies.archives import UnpackedArchives
            from btgui.engine.studies.index import index_places

            if chosen:
                is_folder = while_wanted(chosen[0], chosen[0].is_dir, lambda: not stopped())
                folder = chosen[0] if is_folder else chosen[0].parent
                self._arrived.emit(stopped, folder, is_folder and len(chosen) == 1)
            last = time.monotonic()

            def tell(done: int, total: int) -> None:
                nonlocal last
                if time.monotonic() - last > _TELL_SECONDS and not stopped():
                    last = time.monotonic()
                    self._told.emit(stopped, done, total)

            with ExitStack() as unless_shown:
                archives = unless_shown.enter_context(UnpackedArchives())
                index = index_places(chosen, tell, stopped, archives)
                if not stopped():
                    unless_shown.pop_all()
                    self._keep(archives)
            return index

        self._background.start(work)

    def cancel(self) -> None:
        """Stop looking; nothing is told of it."""
        self._background.cancel()

    def release(self, in_use: Collection[Path] = ()) -> None:
        """Remove what was unpacked for earlier places, but for what holds a file in use."""
        kept, left = [], []
        with self._lock:
            for archives in self._earlier:
                used = any(archives.holds(path) for path in in_use)
                (kept if used else left).append(archives)
            self._earlier = kept
        for archives in left:
            archives.close()

    def source_of(self, path: Path) -> Path | None:
        """Return the archive and the place within it that a file was unpacked from, if it was."""
        with self._lock:
            held = [*self._earlier, *([] if self._archives is None else [self._archives])]
        return next((found for one in held if (found := one.source_of(path))), None)

    def close(self) -> None:
        """Stop, wait a while for the thread to end, and remove all that was unpacked."""
        self._background.close()
        self.forget()

    def forget(self) -> None:
        """Stop, and remove all that was unpacked; nothing is waited for."""
        self.cancel()
        self._keep(None)
        self.release()

    # Here, not on the other thread: it may be stopped while this is on its way.
    @Slot(object, object, bool)
    def _tell_place(self, stopped: Stopped, folder: Path, is_all: bool) -> None:  # noqa: FBT001
        if not stopped():
            self.reached.emit(folder, is_all)

    @Slot(object, int, int)
    def _tell(self, stopped: Stopped, done: int, total: int) -> None:
        if not stopped():
            self.progressed.emit(done, total)

    def _keep(self, archives: UnpackedArchives | None) -> None:
        """Hold what was unpacked for the newest places."""
        with self._lock:
            if self._archives is not None:
                self._earlier.append(self._archives)
            self._archives = archives
