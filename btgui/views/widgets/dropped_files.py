"""Files and folders dropped on a widget, which opens them where they are."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QLabel, QWidget

from btgui.views.widgets.labels import plain_label
from btgui.views.widgets.large_text import enlarge_invitation


class FileDrops(QObject):
    """Accepts local files and folders dropped on a widget, and marks it while they are over it.

    They are always accepted as copies: while Shift is held, a move is proposed, and Windows
    Explorer deletes files that a program has accepted as moved.

    Parameters
    ----------
    widget
        Receives the drops; its children must not accept any.
    promise
        What a drop does, as shown on the widget meanwhile: "Drop to open".
    only_one
        Accept a single file or folder, but not several at once.

    Signals
    -------
    dropped(list[Path])
        These were dropped.
    """

    dropped = Signal(list)

    def __init__(self, widget: QWidget, promise: str, *, only_one: bool = False) -> None:
        super().__init__(widget)
        self._only_one = only_one
        self._mark = _mark(widget, promise)
        widget.setAcceptDrops(True)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  (Qt's name)
        """Mark the widget during a drag, and report a drop."""
        match event:
            case QDragEnterEvent() if self._accepts(event):
                _accept_as_copy(event)
                self._mark.setGeometry(watched.rect())
                self._mark.raise_()
                self._mark.show()
                return True
            case QDropEvent() if event.type() == QEvent.Type.Drop:
                self._mark.hide()
                _accept_as_copy(event)
                self.dropped.emit(_local_files(event))
                return True
        if event.type() == QEvent.Type.DragLeave:
            self._mark.hide()
        return super().eventFilter(watched, event)

    def _accepts(self, event: QDropEvent) -> bool:
        files = _local_files(event)
        return len(files) == 1 if self._only_one else bool(files)


def _local_files(event: QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]


def _accept_as_copy(event: QDropEvent) -> None:
    event.setDropAction(Qt.DropAction.CopyAction)
    event.accept()


def _mark(widget: QWidget, promise: str) -> QLabel:
    mark = plain_label(promise, "drop")
    mark.setParent(widget)
    enlarge_invitation(mark)
    mark.setAlignment(Qt.AlignmentFlag.AlignCenter)
    # Else a drag would leave the widget for its mark.
    mark.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    mark.hide()
    return mark
