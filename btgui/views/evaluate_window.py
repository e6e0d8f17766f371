"""Evaluate on my data: any model on any labelled folder, the acceptance test of a site."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from btgui.engine.model_library import ModelLibrary
from btgui.views.evaluation_view.runner import EvaluationRunner
from btgui.views.file_dialogs import ask_for_folder, ask_for_table

_SIZE = (1040, 680)


class EvaluateWindow(QDialog):
    """A model, labelled scans, and what came of it.

    Signals
    -------
    open_requested(Path)
        The user wants to see a scan in the window.
    """

    open_requested = Signal(object)

    def __init__(self, library: ModelLibrary, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Evaluate on my data")
        self._library = library
        self._place: Path | None = None
        self.model, self.other = QComboBox(), QComboBox()
        self.folder = QPushButton("Choose a folder …")
        self.table = QPushButton("Choose a table …")
        self.place = QLabel("A folder with a sub-folder a class, or a CSV with path and label")
        self.start = QPushButton("Evaluate")
        self.runner = EvaluationRunner()
        self.runner.hide()
        self._lay_out()
        self.folder.clicked.connect(lambda: self._chosen(ask_for_folder(self)))
        self.table.clicked.connect(self._ask_for_table)
        self.start.clicked.connect(self._start)
        self.runner.changed.connect(self._offer)
        self.runner.open_requested.connect(self.open_requested)

    def show_models(self, in_use: str) -> None:
        """List the models anew, the one in use first chosen."""
        for box in (self.model, self.other):
            box.clear()
        self.other.addItem("no other model", None)
        for pack in self._library.models():
            self.model.addItem(pack.card.name, pack.folder)
            self.other.addItem(pack.card.name, pack.folder)
            if pack.card.id == in_use:
                self.model.setCurrentIndex(self.model.count() - 1)
        self._offer()

    def close_workers(self) -> None:
        """Stop what runs, and wait for it."""
        self.runner.close_workers()

    def _ask_for_table(self) -> None:
        if chosen := ask_for_table(self):
            self._chosen([chosen])

    def _chosen(self, places: list[Path]) -> None:
        if places:
            self._place = places[0]
            self.place.setText(self._place.name)
            self._offer()

    def _start(self) -> None:
        if self._place is None:
            return
        arguments = [str(self.model.currentData()), str(self._place)]
        other = self.other.currentData()
        if other is not None and other != self.model.currentData():
            arguments += ["--against", str(other)]
        self.runner.show()
        self.runner.measure(arguments)

    def _offer(self) -> None:
        ready = self._place is not None and self.model.count() > 0
        self.start.setEnabled(ready and not self.runner.is_busy())

    def _lay_out(self) -> None:
        self.resize(*_SIZE)
        places = QHBoxLayout()
        for widget in (self.folder, self.table):
            widget.setAutoDefault(False)
            places.addWidget(widget)
        places.addWidget(self.place, 1)
        rows = QFormLayout()
        rows.addRow("Model", self.model)
        rows.addRow("Compare with", self.other)
        rows.addRow("Scans", places)
        note = QLabel(
            "Where the folder marks a test part (Testing), that is measured, else everything. Use "
            "scans that the model was not trained on: on others the figures say nothing."
        )
        note.setWordWrap(True)
        note.setProperty("role", "quiet")
        begin = QHBoxLayout()
        begin.addWidget(note, 1)
        begin.addWidget(self.start)
        layout = QVBoxLayout(self)
        layout.addLayout(rows)
        layout.addLayout(begin)
        layout.addWidget(self.runner, 1)
        layout.addStretch(0)
