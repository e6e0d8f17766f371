"""The window for the visual comparison of scans."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QEvent, Qt
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

from btgui.engine.studies.stack import Stack
from btgui.views.actions import is_for_focus, keys_in_use
from btgui.views.compare_scans.links import Links
from btgui.views.compare_scans.pane import ScanPane
from btgui.views.window_state import open_at

_SIZE = (1180, 720)
_PANES = 4
_LAYOUTS = {1: "One", 2: "Side by side", 4: "Two by two"}
_SPACING = 6
_GAP = 16
_FAR = 1_000_000  # slices: the end of any series


class CompareScansWindow(QWidget):
    """A window beside the main one with one, two or four panes."""

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
        self._shortcuts: dict[str, QShortcut] = {}
        for name, handler in self._handlers().items():
            self._shortcuts[name] = QShortcut(self)
            self._shortcuts[name].activated.connect(handler)
        self.set_keys(keys_in_use({}))
        open_at(self, *_SIZE)

    def set_keys(self, keys: Mapping[str, str]) -> None:
        """Assign the shortcuts of the main window's actions that exist here too."""
        for name, shortcut in self._shortcuts.items():
            shortcut.setKey(QKeySequence(keys[name]))

    def open_scans(self, stacks: Sequence[Stack], first: Stack | None, index: int = 0) -> None:
        """Offer these stacks; the first pane shows ``first`` at a slice, empty panes what follows.

        First come the other series of the same study, then the rest of the list, except stacks that
        may be of another patient. Panes that the reader filled for another study are cleared.
        """
        if first is not None and not _goes_on(self.panes[0].stack, first):
            for pane in self.panes:
                pane.clear()
        for pane in self.panes:
            pane.set_stacks(stacks)
        if first is not None:
            self.panes[0].choose(first, index)
            self.links.go_to(self.panes[0], index)
            empty = [pane for pane in self.panes[1:] if pane.stack is None]
            for pane, stack in zip(empty, _following(stacks, first), strict=False):
                pane.choose(stack)
        self.panes[0].view.setFocus()

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
            self.links.follow(pane)

    def set_text(self, *, patient: bool, anything: bool) -> None:
        """Show or hide what identifies the patient, and all text over the scans."""
        for pane in self.panes:
            if pane.view.patient_visible() != patient:
                pane.set_patient_visible(patient)
            if pane.view.text_visible() != anything:
                pane.view.set_text_visible(anything)

    def close_workers(self) -> None:
        """End all reading of files, and remove unpacked files."""
        for pane in self.panes:  # all of them first, so that the waits overlap
            pane.rest()
        for pane in self.panes:
            pane.close_workers()

    def event(self, event: QEvent) -> bool:
        """Leave keys to the widget with the focus if it uses them."""
        if is_for_focus(self, event):
            event.accept()
            return True
        return super().event(event)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802  (Qt's name)
        """End all reading of files; when the window is opened again, the panes continue."""
        for pane in self.panes:
            pane.rest()
        super().closeEvent(event)

    def _choices(self) -> QHBoxLayout:
        row = QHBoxLayout()
        for count, name in _LAYOUTS.items():
            button = QToolButton()
            button.setText(name)
            button.setCheckable(True)
            self.layouts.addButton(button, count)
            row.addWidget(button)
        row.addSpacing(_GAP)
        self.toggles = {
            name: self._toggle(name, text, tip)
            for name, text, tip in (
                (
                    "steps",
                    "Step together",
                    (
                        "Series of one study go to the same position in millimetres, unless the "
                        "patient was repositioned in between; others to the same relative position."
                    ),
                ),
                ("place", "Zoom together", "Every pane shows the same part of its scan."),
                (
                    "contrast",
                    "Window together",
                    "Changes each window relative to its initial one: MRI values have no common unit.",
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

    def _handlers(self) -> dict[str, Callable[[], object]]:
        """Return the handlers in this window for actions of the main window, by name."""
        step, step_slice = self.links.step, self.links.step_slice
        return {
            "previous_scan": lambda: step(self._pane(), -1),
            "next_scan": lambda: step(self._pane(), 1),
            "previous_slice": lambda: step_slice(self._pane(), -1),
            "next_slice": lambda: step_slice(self._pane(), 1),
            "first_slice": lambda: step_slice(self._pane(), -_FAR),
            "last_slice": lambda: step_slice(self._pane(), _FAR),
            "cancel": self.close,
        }

    def _pane(self) -> ScanPane:
        """Return the pane that has the focus, or the first one."""
        focus = self.focusWidget()
        inside = [pane for pane in self.panes if focus is not None and pane.isAncestorOf(focus)]
        return (inside or self.panes)[0]


def _goes_on(before: Stack | None, first: Stack) -> bool:
    """Whether stacks that were shown beside one stack may stay beside another."""
    if before is None:
        return False
    return before.is_of_the_study_of(first) or before.addresses == first.addresses


def _following(stacks: Sequence[Stack], first: Stack) -> list[Stack]:
    """Return the stacks to show beside another one, the most relevant first."""
    at = next((n for n, one in enumerate(stacks) if one.addresses == first.addresses), -1)
    after = [one for one in stacks[at + 1 :] if not one.may_be_of_another_patient(first)]
    before = [one for one in stacks[: max(at, 0)] if not one.may_be_of_another_patient(first)]
    series = [one for one in before if len(one.slices) > 1]
    of_study = [one for one in (*after, *series) if one.is_of_the_study_of(first)]
    return [*of_study, *(one for one in (*after, *series) if one not in of_study)]
