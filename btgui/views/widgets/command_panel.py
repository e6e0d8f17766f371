"""How far a command of training is, with a button to stop it, or how it ended."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from btgui.engine.training_runs.events import Event, PhaseStarted, Progress
from btgui.workers.training_process import Ending

_WIDTH = 640


class CommandPanel(QWidget):
    """Shows phases and progress; when a command did not succeed, why, and offers to try again.

    Signals
    -------
    stop_requested()
        The user wants it stopped.
    again_requested()
        The user wants it started once more.
    """

    stop_requested = Signal()
    again_requested = Signal()

    def __init__(self, phases: dict[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._phases = phases
        self.text = QLabel()
        self.bar = QProgressBar()
        self.stop = QPushButton("Stop")
        self.again = QPushButton("Try again")
        self.details = QPushButton("Details")
        self.log = QPlainTextEdit()
        self._lay_out()
        self.stop.clicked.connect(self.stop_requested)
        self.again.clicked.connect(self.again_requested)
        self.details.toggled.connect(self.log.setVisible)

    def begin(self, text: str) -> None:
        """Show that a command has been started."""
        self.text.setText(text)
        self.bar.setRange(0, 0)
        self._offer(running=True)

    def show_event(self, event: Event) -> None:
        """Show a phase or its progress; other events are passed over."""
        if isinstance(event, PhaseStarted):
            self._show(event.phase, 0, event.total)
        elif isinstance(event, Progress):
            self._show(event.phase, event.done, event.total)

    def show_ending(self, ending: Ending, stopped_text: str) -> None:
        """Show why a command did not succeed."""
        stopped = ending.how == "stopped"
        self._offer(running=False)
        self.text.setText(stopped_text if stopped else ending.text)
        self.details.setVisible(not stopped and bool(ending.log))
        self.log.setPlainText(ending.log)

    def _show(self, phase: str, done: int, total: int) -> None:
        names = list(self._phases)
        if phase not in names:
            return
        step = f"Step {names.index(phase) + 1} of {len(names)}: " if len(names) > 1 else ""
        count = f" {done:,} of {total:,}" if total else ""
        self.text.setText(f"{step}{self._phases[phase]}{count}")
        self.bar.setRange(0, total)
        self.bar.setValue(done)

    def _offer(self, *, running: bool) -> None:
        self.bar.setVisible(running)
        self.stop.setVisible(running)
        self.again.setVisible(not running)
        self.details.setChecked(False)
        self.details.hide()

    def _lay_out(self) -> None:
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress")
        self.details.setCheckable(True)
        self.log.setReadOnly(True)
        self.log.setTabChangesFocus(True)
        self.log.setAccessibleName("Last lines of the log")
        self.log.hide()
        self.details.hide()
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        for button in (self.stop, self.again, self.details):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout()
        column.addStretch(1)
        for widget in (self.text, self.bar):
            column.addWidget(widget)
        column.addLayout(buttons)
        column.addWidget(self.log)
        column.addStretch(1)
        middle = QWidget()
        middle.setLayout(column)
        middle.setMaximumWidth(_WIDTH)
        layout = QHBoxLayout(self)
        layout.addWidget(middle)
