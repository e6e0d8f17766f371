"""The choice of an optional table of tumour outlines, against which heatmaps are measured."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from btgui.views.dialogs.file_dialogs import ask_for_table
from btgui.views.widgets.elided_label import ElidedLabel

_NONE = "None: a CSV file (image, mask) to measure the heatmaps against"
_TIP = (
    "Outlines of the tumours, to measure how well the heatmaps point at them.\n"
    "A CSV file with the columns image (a scan's path within the folder of scans)\n"
    "and mask (the path of its outline, relative to the CSV file's folder)."
)


class OutlinesChoice(QWidget):
    """A button to choose the table, one to remove the choice, and the table's name.

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
