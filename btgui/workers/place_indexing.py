"""Files and folders sorted into series and pictures in the background."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from btgui.workers.background import Background, Stopped

if TYPE_CHECKING:
    from btgui.engine.studies.archives import UnpackedArchives
    from btgui.engine.studies.series import Index

_TELL_SECONDS = 0.1


class PlaceIndexing(QObject):
    """Indexes one set of places at a time; newer ones supersede older ones.

    ZIP files are unpacked into a private folder, which goes when other places are indexed or
    this is closed.

    Signals
    -------
    progressed(int, int)
        Files looked at, files in all; a few times a second.
    indexed(Index)
        The newest places have been looked through.
    failed(str)
        They could not be, and why.
    """

    progressed = Signal(int, int)
    indexed = Signal(object)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._archives: UnpackedArchives | None = None
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

            last = time.monotonic()

            def tell(done: int, total: int) -> None:
                nonlocal last
                if time.monotonic() - last > _TELL_SECONDS and not stopped():
                    last = time.monotonic()
                    self.progressed.emit(done, total)

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

    def close(self) -> None:
        """Stop, and wait until the thread has ended."""
        self._background.close()
        self._keep(None)

    def _keep(self, archives: UnpackedArchives | None) -> None:
        """Hold what was unpacked for the series that are shown; those before are shown no more."""
        with self._lock:
            before, self._archives = self._archives, archives
        if before is not None:
            before.close()
