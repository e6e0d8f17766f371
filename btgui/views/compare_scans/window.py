"""The window in which scans are compared by eye."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from btgui.views.compare_scans.links import Links
from btgui.views.compare_scans.pane import ScanPane

_SIZE = (1180, 720)
_PANES = 4
_LAYOUTS = {1: "One", 2: "Side by side", 4: "Two by two"}
_SPACING = 6
_GAP = 16


class CompareWindow(QWidget):
    """One, two or four panes in a window beside the main one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle("Compare scans")
        self.panes = [ScanPane(number, self) for number in range(1, _PANES + 1)]
        self.links = Links(self.panes, self)
        self.layouts = QButtonGroup(self)
        self._grid = QGridLayout()
        self._grid.setSpacing(_SPACING)
        for index, pane in enumerate(self.panes):
            self._grid.addWidget(pane, index // 2, index % 2)
        column = QVBoxLayout(self)
        column.addLayout(self._choices())
        column.addLayout(self._grid, 1)
        self.layouts.idClicked.connect(self.show_panes)
        self.show_panes(2)
        for keys, by in (("PgUp", -1), ("PgDown", 1)):
            QShortcut(QKeySequence(keys), self).activated.connect(lambda by=by: self._step(by))
        QShortcut(QKeySequence("Esc"), self).activated.connect(self.close)
        self.resize(*_SIZE)

    def open_scans(self, files: Sequence[Path], first: Path | None) -> None:
        """Offer these scans; empty panes get the first and those that follow it in the list."""
        for pane in self.panes:
            pane.set_scans(files)
        if first is None:
            return
        self.panes[0].choose(first)
        start = files.index(first) + 1 if first in files else 0
        for pane, file in zip(self.panes[1:], files[start:], strict=False):
            if pane.path() is None:
                pane.choose(file)

    def show_panes(self, count: int) -> None:
        """Show one pane, two side by side, or two by two."""
        self.layouts.button(count).setChecked(True)
        for index, pane in enumerate(self.panes):
            pane.setVisible(index < count)
        self._grid.setRowStretch(0, 1)
        self._grid.setRowStretch(1, 1 if count > 2 else 0)  # noqa: PLR2004  (two a row)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1 if count > 1 else 0)
        for pane in self.panes[1:count]:
            self.links.adopt(pane)

    def set_text(self, *, patient: bool, anything: bool) -> None:
        """Write the patient's lines, or anything at all, over the scans, or not."""
        for pane in self.panes:
            if pane.view.patient_visible() != patient:
                pane.view.set_patient_visible(patient)
            if pane.view.text_visible() != anything:
                pane.view.set_text_visible(anything)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802  (Qt's name)
        """End all reading."""
        for pane in self.panes:
            pane.close_workers()
        super().closeEvent(event)

    def _choices(self) -> QHBoxLayout:
        row = QHBoxLayout()
        for count, name in _LAYOUTS.items():
            button = QToolButton()
            button.setText(name)
            button.setCheckable(True)
            button.setProperty("tool", "text")
            self.layouts.addButton(button, count)
            row.addWidget(button)
        row.addSpacing(_GAP)
        self.toggles = {
            name: self._toggle(name, text, tip)
            for name, text, tip in (
                ("steps", "Step together", "PgUp, PgDown and the arrows move every pane."),
                ("place", "Zoom together", "Every pane shows the same part of its scan."),
                (
                    "contrast",
                    "Window together",
                    "By as much as from each scan's first window: MRI values have no common unit.",
                ),
            )
        }
        for box in self.toggles.values():
            row.addWidget(box)
            row.addSpacing(_GAP // 2)
        row.addStretch(1)
        return row

    def _toggle(self, name: str, text: str, tip: str) -> QCheckBox:
        box = QCheckBox(text)
        box.setToolTip(tip)
        box.setChecked(True)
        box.toggled.connect(lambda on: setattr(self.links, name, on))
        return box

    def _step(self, by: int) -> None:
        """Step the pane that has the focus, or the first one."""
        focus = self.focusWidget()
        inside = [pane for pane in self.panes if focus is not None and pane.isAncestorOf(focus)]
        self.links.step((inside or self.panes)[0], by)
