"""Makes thumbnails and digests on threads, and reports them on the GUI thread."""

from __future__ import annotations

import threading
from collections import OrderedDict
from pathlib import Path

from PySide6.QtCore import QObject, QThreadPool, Signal, Slot
from PySide6.QtGui import QImage

from btgui.engine.disk.files import sha256_of
from btgui.engine.errors import BtguiError, Cancelled
from btgui.engine.notifications import notify_exception
from btgui.engine.scan import ScanAddress
from btgui.engine.scan_source import read_thumbnail
from btgui.views.widgets.picture_label import to_image
from btgui.workers.while_wanted import while_wanted

THUMBNAIL_SIDE = 96
_MAXIMUM_WAITING = 200


class ThumbnailLoader(QObject):
    """Makes requested thumbnails, the newest first; of too many, the oldest are dropped.

    Signals
    -------
    thumbnail_ready(Path or ScanAddress, QImage, str)
        What was requested, its thumbnail (a null image if it cannot be read) and, for a file, the
        SHA-256 digest of its content, by which earlier readings are found ("" otherwise).
    """

    thumbnail_ready = Signal(object, QImage, str)

    _made = Signal(int, object, QImage, str)  # with, first, the number of resets at the request

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool()
        self._pool.setMaxThreadCount(2)
        self._waiting: OrderedDict[Path | ScanAddress, None] = OrderedDict()
        self._lock = threading.Lock()
        self._closed = False
        self._unexpected = False  # whether an unexpected error was reported
        self._number = 0  # how often all requests were dropped
        self._made.connect(self._tell)

    def ask(self, path: Path | ScanAddress) -> None:
        """Request a thumbnail, which is made when a thread is free."""
        with self._lock:
            known = path in self._waiting
            self._waiting[path] = None
            self._waiting.move_to_end(path)
            if len(self._waiting) > _MAXIMUM_WAITING:
                self._waiting.popitem(last=False)
        if not known:
            self._pool.start(self._make_next)

    def forget(self) -> None:
        """Drop all requests: under the same names there may be other pictures by now.

        Drives that do not answer are not waited for, so that later requests find a free thread.
        """
        with self._lock:
            self._number += 1
            self._waiting.clear()

    def close(self) -> None:
        """Stop: nothing is reported any more, and drives that do not answer are not waited for."""
        self._closed = True
        self.forget()
        self._pool.waitForDone()

    def _make_next(self) -> None:
        with self._lock:
            if not self._waiting:
                return
            path, _ = self._waiting.popitem()
            number = self._number
        file = path if isinstance(path, Path) else path.path
        try:
            image, digest = while_wanted(
                file, lambda: _thumbnail_and_digest(path), lambda: self._is_wanted(number)
            )
        except Cancelled:
            return
        except (BtguiError, OSError):
            image, digest = QImage(), ""  # a plain tile; opening the scan shows the reason
        except Exception as error:  # noqa: BLE001  (shown to the user with its traceback)
            image, digest = QImage(), ""
            self._tell_once(error)
        if self._is_wanted(number):
            self._made.emit(number, path, image, digest)

    def _is_wanted(self, number: int) -> bool:
        """Whether a request made after this number of resets still waits for its answer."""
        return number == self._number and not self._closed

    def _tell_once(self, error: Exception) -> None:
        """Report an unexpected error, but only the first: it may recur for every file."""
        with self._lock:
            reported, self._unexpected = self._unexpected, True
        if not reported:
            notify_exception(error)

    # Checked here, on the GUI thread: requests may be dropped while an answer is on its way.
    @Slot(int, object, QImage, str)
    def _tell(self, number: int, path: Path | ScanAddress, image: QImage, digest: str) -> None:
        if self._is_wanted(number):
            self.thumbnail_ready.emit(path, image, digest)


def _thumbnail_and_digest(place: Path | ScanAddress) -> tuple[QImage, str]:
    image = to_image(read_thumbnail(place, THUMBNAIL_SIDE))
    return image, sha256_of(place) if isinstance(place, Path) else ""
