"""The wait for a training to stop before the application ends."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from btgui.engine.training_runs.events import Command
from btgui.views.widgets.labels import paragraph
from btgui.workers.training_process import TrainingProcess

_WIDTH = 420


class StoppingDialog(QDialog):
    """Stops a training and stays open until it has ended; the window keeps responding.

    Parameters
    ----------
    process
        The running training.
    """

    def __init__(self, process: TrainingProcess, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._process = process
        self.setWindowTitle("Stopping the training")
        self.text = paragraph(
            "Stopping … The training ends at its next step and keeps its state. With a large "
            "network that can take a minute."
        )
        self.end_now = QPushButton("End now")
        self.end_now.setToolTip("Do not wait: keep only what the last checkpoint holds.")
        self.end_now.setAutoDefault(False)  # Return and Space must not end it by accident
        self.text.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.text.setFocus()
        self._lay_out()
        self.end_now.clicked.connect(self._end_now)
        process.ended.connect(self.accept)

    def wait(self) -> None:
        """Stop the training and return once it has ended."""
        self._process.tell(Command.STOP)
        if self._process.is_running():
            self.exec()

    def reject(self) -> None:
        """Ignore Escape: the dialog closes only when the training has ended."""

    def _end_now(self) -> None:
        self.end_now.setEnabled(False)
        self._process.kill()

    def _lay_out(self) -> None:
        working = QProgressBar()
        working.setRange(0, 0)
        working.setTextVisible(False)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.end_now)
        layout = QVBoxLayout(self)
        layout.addWidget(self.text)
        layout.addWidget(working)
        layout.addLayout(row)
        self.setMinimumWidth(_WIDTH)
        self.setWindowFlag(Qt.WindowType.WindowCloseButtonHint, on=False)
