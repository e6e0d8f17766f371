"""Evaluate on my data: any model on any labelled scans, as the acceptance test of a site."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from btgui.engine.models.library import ModelLibrary
from btgui.views.evaluation_view.view import EvaluationView
from btgui.views.figures_runner import FiguresRunner
from btgui.views.labelled_scans_choice import LabelledScansChoice
from btgui.views.outlines_choice import OutlinesChoice
from btgui.views.widgets.elided_box import ElidedBox
from btgui.views.widgets.labels import paragraph
from btgui.views.widgets.layouts import stacked
from btgui.views.widgets.wheel_guard import guard_wheel
from btgui.views.window_state import open_at

_SIZE = (1040, 680)
_FEWEST_LETTERS = 20  # of a model's name that are always visible
_NOTE = (
    "If there is a test part (a folder Testing, or rows of a table whose split is test), only that part is "
    "measured, otherwise everything. Use scans that the model was not trained on: on other scans the "
    "figures mean nothing."
)
_NO_SCANS = "Choose the scans to measure on."
_SAME = "A model cannot be compared with itself: choose another model to compare with, or none."


class EvaluateWindow(QDialog):
    """The choice of a model and of labelled scans, and the resulting figures."""

    def __init__(self, library: ModelLibrary, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Evaluate on my data")
        self._library = library
        self.model, self.other = ElidedBox(_FEWEST_LETTERS), ElidedBox(_FEWEST_LETTERS)
        guard_wheel(self.model, self.other)
        self.scans = LabelledScansChoice()
        self.outlines = OutlinesChoice()
        self.start = QPushButton("Evaluate")
        self.note = paragraph(role="quiet")
        self.runner = FiguresRunner(EvaluationView())
        self.runner.hide()
        self._lay_out()
        self.scans.changed.connect(self._offer)
        for box in (self.model, self.other):
            box.currentIndexChanged.connect(lambda _index: self._offer())
        self.start.clicked.connect(self._start)
        self.runner.changed.connect(self._offer)

    def show_models(self, in_use: str, *, keep: bool = False) -> None:
        """List the models again, and select the model in use.

        The selection is kept where figures are shown, because they belong to it, or with ``keep``.
        """
        measured = keep or not self.runner.isHidden()
        kept = self.model.currentData(), self.other.currentData()
        for box in (self.model, self.other):
            box.clear()
        self.other.addItem("no other model", None)
        for pack in self._library.models():
            self.model.addItem(pack.card.name, str(pack.folder))
            self.other.addItem(pack.card.name, str(pack.folder))
            if pack.card.id == in_use:
                self.model.setCurrentIndex(self.model.count() - 1)
        if measured:
            self._choose(self.model, kept[0])
            self._choose(self.other, kept[1])
        self._offer()

    @staticmethod
    def _choose(box: QComboBox, folder: str | None) -> None:
        if (row := box.findData(folder)) >= 0:  # a model may have been deleted meanwhile
            box.setCurrentIndex(row)

    def _start(self) -> None:
        if self.scans.place is None:
            return
        arguments = [self.model.currentData(), str(self.scans.place)]
        if (other := self.other.currentData()) is not None:
            arguments += ["--against", other]
        if self.outlines.file is not None:
            arguments += ["--masks", str(self.outlines.file)]
        self.runner.show()
        self.runner.measure(arguments)

    def _offer(self) -> None:
        missing = "" if self.scans.place else _NO_SCANS
        if self.model.count() and self.model.currentData() == self.other.currentData():
            missing = _SAME
        ready = not missing and self.model.count() > 0
        self.start.setEnabled(ready and not self.runner.is_busy())
        self.note.setText(f"{missing} {_NOTE}".strip())

    def _lay_out(self) -> None:
        open_at(self, *_SIZE)
        rows = QFormLayout()
        rows.addRow("Model", self.model)
        rows.addRow("Compare with", self.other)
        rows.addRow("Scans", self.scans)
        rows.addRow("Outlines", self.outlines)
        begin = QHBoxLayout()
        begin.addWidget(self.note, 1)
        begin.addWidget(self.start)
        layout = QVBoxLayout(self)
        layout.addLayout(rows)
        layout.addLayout(begin)
        layout.addWidget(stacked(self.runner), 1)  # the holder keeps its place while it is hidden
