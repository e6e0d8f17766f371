"""Runs a command that measures models in a separate process and shows its results."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from btgui.views.web_page_saver import WebPageSaver
from btgui.views.widgets.command_panel import CommandPanel

_REPORT = "report.html"
_SCAN_LIST = "scans.csv"
_PHASES = {
    "reading": "Reading scans",
    "comparing": "Looking for copies of training scans",
    "reporting": "Writing the report",
}


class FiguresView(Protocol):
    """A widget that shows the results of a command.

    Attributes
    ----------
    command
        The command's name; it accepts ``--json FILE``, ``--report FILE`` and ``--scan-list FILE``,
        and reports its progress as events.
    read
        Reads the command's JSON file into figures with a ``title``; raises a :class:`BtguiError`.
    """

    command: str
    read: Callable[[Path], Any]

    def show_figures(self, figures: Any) -> None:  # noqa: ANN401  (each view has its own type)
        """Show figures in place of the previous ones."""

    def close_workers(self) -> None:
        """End the view's background work."""


class FiguresRunner(QWidget):
    """Shows a command's progress, then its figures.

    Signals
    -------
    changed()
        The command started, ended or was stopped.
    """

    changed = Signal()

    def __init__(self, view: FiguresView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.figures: Any = None
        self._arguments: list[str] = []
        self.panel = CommandPanel(_PHASES, "Stopped before all scans were read.")
        self.view: Any = view
        self.report = WebPageSaver()
        self._pages = QStackedWidget()
        self._pages.addWidget(self.panel)
        self._pages.addWidget(_above(self.view, self.report))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._pages)
        self.panel.command.answered.connect(self._show)
        self.panel.command.broke_off.connect(lambda _ending: self.changed.emit())
        self.panel.again_requested.connect(lambda: self.measure(self._arguments))

    def measure(self, arguments: list[str]) -> None:
        """Run the command with these arguments, in place of any earlier run."""
        self.figures = None
        self._arguments = arguments
        self._pages.setCurrentWidget(self.panel)
        command = [self.view.command, *arguments]
        self.panel.start(
            lambda folder: [
                *command,
                *("--report", str(folder / _REPORT), "--scan-list", str(folder / _SCAN_LIST)),
            ],
            self.view.read,
        )
        self.changed.emit()

    def is_busy(self) -> bool:
        """Return whether the command is running."""
        return self.panel.command.is_busy()

    def close_workers(self) -> None:
        """Stop the command and the view's background work, and wait until both have ended."""
        self.panel.command.close()
        self.view.close_workers()

    def _show(self, figures: Any) -> None:  # noqa: ANN401
        self.figures = figures
        self.view.show_figures(figures)
        if (folder := self.panel.command.folder) is not None:
            self.report.offer(folder / _REPORT, figures.title, folder / _SCAN_LIST)
        self._pages.setCurrentIndex(1)
        self.changed.emit()


def _above(view: QWidget, report: WebPageSaver) -> QWidget:
    """Return a widget with the view and, below it, the buttons that save its report."""
    whole = QWidget()
    layout = QVBoxLayout(whole)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(view, 1)
    layout.addWidget(report)
    return whole
