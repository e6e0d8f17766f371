"""One place of the comparison: a scan of the list, or one that was dropped."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from btgui.engine.scan import Scan
from btgui.engine.scan_source import read_scan
from btgui.views.scan_view import ScanView
from btgui.workers.background import Background


class ScanPane(QWidget):
    """A scan with a list to choose it from.

    Signals
    -------
    step_requested(int)
        The reader asks for the scan so many places further in the list.
    """

    step_requested = Signal(int)

    def __init__(self, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reading = Background(self)
        self.setAcceptDrops(True)
        self.choice = QComboBox()
        self.choice.setAccessibleName(f"Scan {number}")
        self.choice.setToolTip("Choose a scan of the list, or drop a file here.")
        self.choice.setPlaceholderText("Choose a scan or drop one here")
        self.choice.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.choice.setMinimumContentsLength(12)
        self.before = self._arrow(Qt.ArrowType.LeftArrow, "The scan before", number)
        self.after = self._arrow(Qt.ArrowType.RightArrow, "The next scan", number)
        self.before.clicked.connect(lambda: self.step_requested.emit(-1))
        self.after.clicked.connect(lambda: self.step_requested.emit(1))
        self.view = ScanView()
        self.view.setAcceptDrops(False)
        self.problem = QLabel()
        self.problem.setProperty("role", "warning")
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.setWordWrap(True)
        self.problem.hide()
        row = QHBoxLayout()
        row.setSpacing(3)
        row.addWidget(self.choice, 1)
        row.addWidget(self.before)
        row.addWidget(self.after)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(row)
        layout.addWidget(self.problem)
        layout.addWidget(self.view, 1)
        self.choice.currentIndexChanged.connect(self._read)
        self._reading.succeeded.connect(self._show)
        self._reading.failed.connect(self._fail)

    def set_scans(self, files: Sequence[Path]) -> None:
        """Offer these scans; the one that is shown stays."""
        shown = self.path()
        self.choice.blockSignals(True)
        self.choice.clear()
        for file in files:
            self._offer(file)
        self.choice.setCurrentIndex(-1)
        self.choice.blockSignals(False)
        if shown is not None:
            self.choose(shown)

    def path(self) -> Path | None:
        """Return the chosen file."""
        chosen = self.choice.currentData()
        return chosen if isinstance(chosen, Path) else None

    def choose(self, file: Path) -> None:
        """Show this file, which joins the list if it is not in it."""
        index = next((n for n in range(self.choice.count()) if self.choice.itemData(n) == file), -1)
        if index < 0:
            self._offer(file)
            index = self.choice.count() - 1
        self.choice.setCurrentIndex(index)

    def can_step(self, by: int) -> bool:
        """Whether there is a scan so many places further."""
        return (
            self.path() is not None and 0 <= self.choice.currentIndex() + by < self.choice.count()
        )

    def step(self, by: int) -> None:
        """Show the scan so many places further, at the same place with the same contrast."""
        if self.can_step(by):
            self.choice.setCurrentIndex(self.choice.currentIndex() + by)

    def close_workers(self) -> None:
        """Wait until nothing is read any more."""
        self._reading.close()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802  (Qt's name)
        """Accept one file."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802  (Qt's name)
        """Show the first file that was dropped."""
        files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        self.choose(files[0])

    def _arrow(self, arrow: Qt.ArrowType, name: str, number: int) -> QToolButton:
        button = QToolButton()
        button.setArrowType(arrow)
        button.setProperty("tool", True)
        button.setAccessibleName(f"{name}, {number}")
        button.setToolTip(f"{name} of the list.")
        return button

    def _offer(self, file: Path) -> None:
        self.choice.addItem(file.name, file)

    def _read(self) -> None:
        if (file := self.path()) is not None:
            self.problem.hide()
            self._reading.start(lambda _stopped: read_scan(file))

    def _show(self, scan: Scan) -> None:
        self.view.show_scan(scan, keep_display=True)

    def _fail(self, reason: str) -> None:
        self.view.clear()
        self.problem.setText(reason)
        self.problem.show()
