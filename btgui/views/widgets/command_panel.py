"""A panel that runs a training command and shows its progress, or how it ended."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from btgui.engine.training_runs.events import Event, PhaseStarted, Progress
from btgui.views.widgets.labels import paragraph
from btgui.workers.replaceable_command import ReplaceableCommand
from btgui.workers.training_process import Ending

_WIDTH = 640


class CommandPanel(QWidget):
    """Shows phases and progress; if the command fails, shows why and offers to try again.

    Parameters
    ----------
    phases
        From the name of each long phase to its text, in order.
    stopped_text
        Shown after the command was stopped.

    Signals
    -------
    again_requested()
        The user wants the command to start again.
    """

    again_requested = Signal()

    def __init__(
        self, phases: dict[str, str], stopped_text: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._phases = phases
        self._stopped_text = stopped_text
        self.command = ReplaceableCommand(self)
        self.text = paragraph()
        self.bar = QProgressBar()
        self.stop = QPushButton("Stop")
        self.again = QPushButton("Try again")
        self.details = QPushButton("Details")
        self.log = QPlainTextEdit()
        self._lay_out()
        self.command.event_arrived.connect(self._show_event)
        self.command.broke_off.connect(self._show_ending)
        self.stop.clicked.connect(self.cancel)
        self.again.clicked.connect(self.again_requested)
        self.details.toggled.connect(self.log.setVisible)

    def start(self, arguments: Callable[[Path], list[str]], read: Callable[[Path], Any]) -> None:
        """Start the command, as :meth:`ReplaceableCommand.start` does, and show its progress."""
        self.text.setText("Starting …")
        self.bar.setRange(0, 0)
        self._offer(running=True)
        self.command.start(arguments, read)

    def cancel(self) -> None:
        """Stop the command if it is running."""
        if self.command.is_busy():
            self.text.setText("Stopping …")
            self.command.stop()

    def _show_event(self, event: Event) -> None:
        if isinstance(event, PhaseStarted):
            self._show(event.phase, 0, event.total)
        elif isinstance(event, Progress):
            self._show(event.phase, event.done, event.total)

    def _show_ending(self, ending: Ending) -> None:
        stopped = ending.how == "stopped"
        self._offer(running=False)
        self.text.setText(self._stopped_text if stopped else ending.text)
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
