"""A table of tumour outlines, if there is one: heatmaps are measured against it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from btgui.views.dialogs.file_dialogs import ask_for_table
from btgui.views.widgets.elided_label import ElidedLabel

_NONE = "None: a CSV with image and mask, to measure the heatmaps against"
_TIP = (
    "Where the tumours are: how well heatmaps point at them is measured.\n"
    "A CSV file with the columns image (a scan's path within the folder of scans)\n"
    "and mask (its outline's path from the CSV file's folder)."
)


class OutlinesChoice(QWidget):
    """A button to choose the table, one to do without, and which it is.

    Signals
    -------
    changed()
        A table was chosen, or none.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.file: Path | None = None
        self.table = QPushButton("Choose a table …")
        self.without = QPushButton("None")
        self.name = ElidedLabel(Qt.TextElideMode.ElideMiddle)
        self.name.setText(_NONE)
        self.table.setToolTip(_TIP)
        self.without.setToolTip("Measure without outlines.")
        self.without.hide()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for button in (self.table, self.without):
            button.setAutoDefault(False)
            layout.addWidget(button)
        layout.addWidget(self.name, 1)
        self.table.clicked.connect(self._ask)
        self.without.clicked.connect(lambda: self._take(None))

    def _ask(self) -> None:
        if chosen := ask_for_table(self):
            self._take(chosen)

    def _take(self, file: Path | None) -> None:
        self.file = file
        self.name.setText(file.name if file else _NONE)
        self.without.setVisible(file is not None)
        self.changed.emit()
