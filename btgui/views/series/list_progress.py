"""The progress of reading the listed series, with a button to stop."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from btgui.views.widgets.elided_label import ElidedLabel


class ListProgress(QWidget):
    """One line below the list of series, visible while they are read."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = ElidedLabel()  # large letters must not widen the window
        self.words.setProperty("role", "quiet")
        self.stop = QPushButton("Stop")
        self.stop.setToolTip("Stop reading the listed series.")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.words, 1)
        layout.addWidget(self.stop)
        self.hide()

    def show_progress(self, done: int, total: int) -> None:
        """Show the number of series read, and of all series."""
        self.words.setText(f"Reading series: {done:,} of {total:,}")
        self.show()
