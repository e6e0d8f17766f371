"""Files and folders dropped on a window, which opens them where they are."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDropEvent


def dropped_files(event: QDropEvent) -> list[Path]:
    """Return the local files and folders that are being dragged or dropped."""
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]


def accept_copied(event: QDropEvent) -> None:
    """Accept the drag or drop as a copy, whatever action is proposed.

    While Shift is held, a move is proposed, and Windows Explorer deletes files that a program
    has accepted as moved.
    """
    event.setDropAction(Qt.DropAction.CopyAction)
    event.accept()
