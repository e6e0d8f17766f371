"""Labelled scans to measure models on: a folder of class folders, or a table."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from btgui.engine.disk.folders import folder_name
from btgui.views.dialogs.file_dialogs import ask_for_folder, ask_for_table
from btgui.views.widgets.elided_label import ElidedLabel


class LabelledScansChoice(QWidget):
    """Two buttons to choose a folder or a table, and the name of what was chosen.

    Signals
    -------
    changed()
        Scans were chosen.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.place: Path | None = None
        self.folder = QPushButton("Choose a folder …")
        self.table = QPushButton("Choose a table …")
        self.name = ElidedLabel(Qt.TextElideMode.ElideMiddle)
        self.name.setText("A folder of class folders, or a table (CSV)")
        self.folder.setToolTip("A folder with one subfolder for each class.")
        self.table.setToolTip("A CSV file with the columns path and label.")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for button in (self.folder, self.table):
            button.setAutoDefault(False)
            layout.addWidget(button)
        layout.addWidget(self.name, 1)
        self.folder.clicked.connect(lambda: self._chosen(ask_for_folder(self)))
        self.table.clicked.connect(self._ask_for_table)

    def _ask_for_table(self) -> None:
        if chosen := ask_for_table(self):
            self._chosen([chosen])

    def _chosen(self, places: list[Path]) -> None:
        if places:
            self.place = places[0]
            self.name.setText(folder_name(self.place))
            self.changed.emit()
