"""Measures a model in a process of its own and shows what came of it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QTemporaryDir, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from btgui.engine.evaluation_figures import EvaluationFigures, read_figures
from btgui.views.command_panel import CommandPanel
from btgui.views.evaluation_view.view import EvaluationView
from btgui.workers.background import Background
from btgui.workers.replaceable_command import ReplaceableCommand
from btgui.workers.training_process import Ending

_PHASES = {"reading": "Reading scans"}


class EvaluationRunner(QWidget):
    """First its progress, then the figures.

    Signals
    -------
    open_requested(Path)
        The user wants to see a scan in the window.
    changed()
        It began, ended, or was stopped.
    """

    open_requested = Signal(object)
    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.figures: EvaluationFigures | None = None
        self._arguments: list[str] = []
        self._folder: QTemporaryDir | None = None
        self._command = ReplaceableCommand(self)
        self._reading = Background(self)
        self.panel = CommandPanel(_PHASES)
        self.view = EvaluationView()
        self._pages = QStackedWidget()
        self._pages.addWidget(self.panel)
        self._pages.addWidget(self.view)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._pages)
        self._command.event_arrived.connect(self.panel.show_event)
        self._command.ended.connect(self._ended)
        self._reading.succeeded.connect(self._read)
        self._reading.failed.connect(self._not_read)
        self.panel.stop_requested.connect(self.stop)
        self.panel.again_requested.connect(lambda: self.measure(self._arguments))
        self.view.open_requested.connect(self.open_requested)

    def measure(self, arguments: list[str]) -> None:
        """Run ``evaluate`` with these arguments, in place of a run before."""
        self.figures = None
        self._arguments = arguments
        self._folder = QTemporaryDir()
        self._pages.setCurrentWidget(self.panel)
        self.panel.begin("Loading the model …")
        self._command.start(
            ["evaluate", *arguments, "--json", str(self._file()), "--events", "--end-with-input"]
        )
        self.changed.emit()

    def is_busy(self) -> bool:
        """Whether something is being measured."""
        return self._command.is_running()

    def stop(self) -> None:
        """Stop measuring."""
        self._command.stop()

    def close_workers(self) -> None:
        """Stop, and wait for it."""
        self._command.close()
        self._reading.close()
        self.view.close_workers()

    def _file(self) -> Path:
        return Path(self._folder.path() if self._folder else "") / "figures.json"

    def _ended(self, ending: Ending) -> None:
        if ending.how == "succeeded":
            file = self._file()
            self._reading.start(lambda _stopped: read_figures(file))
        else:
            self.panel.show_ending(ending, "Stopped before all scans were read.")
            self.changed.emit()

    def _read(self, figures: EvaluationFigures) -> None:
        self.figures = figures
        self.view.show_figures(figures)
        self._pages.setCurrentWidget(self.view)
        self.changed.emit()

    def _not_read(self, problem: str) -> None:
        self.panel.show_problem(problem)
        self.changed.emit()
