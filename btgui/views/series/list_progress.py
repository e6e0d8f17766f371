"""How many series of the list have been read, and a button to stop."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from btgui.views.widgets.elided_label import ElidedLabel


class ListProgress(QWidget):
    """One line below the list of series, there while they are read."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = ElidedLabel()  # large letters must not widen the window
        self.words.setProperty("role", "quiet")
        self.stop = QPushButton("Stop")
        self.stop.setToolTip("Read no more series of the list.")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.words, 1)
        layout.addWidget(self.stop)
        self.hide()

    def show_progress(self, done: int, total: int) -> None:
        """Say how many have been read, of how many."""
        self.words.setText(f"Reading series: {done:,} of {total:,}")
        self.show()
