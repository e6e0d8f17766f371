"""Files and folders that are dropped on a window: it opens them, and they stay where they lie."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDropEvent


def dropped_files(event: QDropEvent) -> list[Path]:
    """Return the files and folders of this computer that are dragged or dropped."""
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]


def accept_copied(event: QDropEvent) -> None:
    """Accept what is dragged or dropped as a copy, whatever was proposed.

    While Shift is held a move is proposed. Windows Explorer deletes the files that a program took
    so.
    """
    event.setDropAction(Qt.DropAction.CopyAction)
    event.accept()
