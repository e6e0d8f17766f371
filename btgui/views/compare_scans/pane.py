"""One pane of the comparison, with a series or scan that was chosen or dropped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QGraphicsView,
    QHBoxLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from btgui.engine.scan import Scan
from btgui.engine.studies.stack import Stack
from btgui.engine.studies.words import where_it_lies
from btgui.views.compare_scans.listing import stacks_of_index
from btgui.views.scan_view import ScanView
from btgui.views.scan_view.wheel import WheelSteps
from btgui.views.text import plain_tip
from btgui.views.widgets.dropped_files import FileDrops
from btgui.views.widgets.elided_box import ElidedBox
from btgui.views.widgets.elided_label import ElidedLabel
from btgui.views.widgets.labels import paragraph
from btgui.views.widgets.named_text import set_named_text
from btgui.views.widgets.wheel_guard import guard_wheel
from btgui.workers.place_indexing import PlaceIndexing
from btgui.workers.slice_loader import SliceLoader

if TYPE_CHECKING:
    from btgui.engine.studies.series import Index

_CACHE_BYTES = 64_000_000  # of pixels, for each of four panes
_FEWEST_LETTERS = 12  # characters of an entry that are visible
_SMALLEST = (220, 190)  # pixels: smaller, the texts over a picture would overlap
_TIP = "Choose a series or scan from the list, or drop a file or folder here."


class ScanPane(QWidget):
    """Shows a series or a single scan, with a list to choose it from.

    Signals
    -------
    step_requested(int)
        The reader requests the entry this many places further in the list.
    slice_requested(int)
        The reader requests the slice this many places further in the series.
    stack_opened()
        Another entry is shown, at a slice that was chosen automatically.
    """

    step_requested = Signal(int)
    slice_requested = Signal(int)
    stack_opened = Signal()

    def __init__(self, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._loader = SliceLoader(self, maximum_bytes=_CACHE_BYTES)
        self._finding = PlaceIndexing(self)
        self._loaded: Stack | None = None  # the stack whose slices the loader loads
        self._dropped: list[Stack] = []  # these may be files unpacked here from a ZIP file
        self.stack: Stack | None = None
        self.index = 0
        self.choice = ElidedBox(_FEWEST_LETTERS)
        guard_wheel(self.choice)
        self.choice.setAccessibleName(f"Scan {number}")
        self.choice.setToolTip(_TIP)
        self.choice.setPlaceholderText("Choose or drop a series or scan")
        # Else the box would be as wide as its placeholder text.
        self.choice.setMinimumWidth(_FEWEST_LETTERS * self.choice.fontMetrics().height())
        self.place = ElidedLabel(fewest=len("slice 000 of 000"))
        self.place.setProperty("role", "quiet")
        self._place_name = f"Slice of scan {number}"
        self.place.hide()
        self.before = self._arrow(Qt.ArrowType.LeftArrow, "Previous entry", number)
        self.after = self._arrow(Qt.ArrowType.RightArrow, "Next entry", number)
        self.before.clicked.connect(lambda: self.step_requested.emit(-1))
        self.after.clicked.connect(lambda: self.step_requested.emit(1))
        self.view = ScanView()
        self.view.setMinimumSize(*_SMALLEST)
        self.view.setAcceptDrops(False)
        self.view.canvas.setAccessibleName(f"Picture of scan {number}")
        self._wheel = WheelSteps(self)
        self._wheel.stepped.connect(self.slice_requested)
        for graphics in self.view.findChildren(QGraphicsView):
            self._wheel.watch(graphics.viewport())
        self.problem = paragraph(role="warning")
        self.problem.hide()
        self._lay_out()
        self.choice.currentIndexChanged.connect(self._take_choice)
        self._loader.slice_ready.connect(self._show)
        self._loader.slice_failed.connect(self._fail)
        self._finding.indexed.connect(self._take_found)
        self._finding.failed.connect(self._say)
        drops = FileDrops(self, "Drop to compare")
        drops.dropped.connect(lambda paths: self._finding.start(paths[:1]))  # the first is shown

    def set_stacks(self, stacks: Sequence[Stack]) -> None:
        """Offer these stacks; the one shown stays, but other dropped ones are removed."""
        if self.stack in self._dropped:
            self._finding.release([self.stack.addresses[0].path])
        elif self._dropped:
            self._finding.forget()
            self._dropped.clear()
        with QSignalBlocker(self.choice):
            self.choice.clear()
            for stack in stacks:
                self._add(stack)
            self.choice.setCurrentIndex(-1)
        if self.stack is not None:
            self.choose(self.stack, self.index)

    def choose(self, stack: Stack, index: int | None = None) -> None:
        """Show a stack at a slice; a stack that is not listed is added to the list.

        Without an index, the slice is the one at the position of the previous stack's slice or, if
        there is no previous stack, the middle one.
        """
        row = self._row_of(stack)
        if row < 0:
            self._add(stack)
            row = self.choice.count() - 1
        with QSignalBlocker(self.choice):
            self.choice.setCurrentIndex(row)
        self._open(self.choice.itemData(row), index)  # with the title that it has in the list

    def set_patient_visible(self, visible: bool) -> None:  # noqa: FBT001  (a Qt-style setter)
        """Show or hide what identifies the patient, over the scan and in the list."""
        self.view.set_patient_visible(visible)
        for row in range(self.choice.count()):
            self.choice.setItemText(row, self._called(self.choice.itemData(row)))
        if self.stack is not None:
            self.choice.setToolTip(plain_tip(self._called(self.stack)))

    def show_slice(self, index: int) -> None:
        """Show another slice, counted from 0, with the current display settings."""
        if self.stack is not None and index != self.index:
            self._want(self.stack, index)

    def can_step(self, by: int) -> bool:
        """Whether there is an entry this many places further."""
        return self.stack is not None and 0 <= self.choice.currentIndex() + by < self.choice.count()

    def step(self, by: int) -> None:
        """Show the entry this many places further, with the same place and contrast."""
        if self.can_step(by):
            self.choice.setCurrentIndex(self.choice.currentIndex() + by)

    def clear(self) -> None:
        """Show nothing, and remove unpacked files."""
        self.rest()
        self._finding.forget()
        self._dropped.clear()
        self.stack, self.index = None, 0
        self._wheel.on = False
        with QSignalBlocker(self.choice):
            self.choice.setCurrentIndex(-1)
        self.choice.setToolTip(_TIP)
        self._name_place("")
        self.problem.hide()
        self.view.clear()

    def rest(self) -> None:
        """Stop reading files; the current stack can be shown again later.

        Nothing is waited for: a drive that does not answer must not hold the reader up.
        """
        self._loader.open(())
        self._finding.cancel()
        self._loaded = None

    def close_workers(self) -> None:
        """Stop reading files, wait a while for that, and remove unpacked files."""
        self.rest()
        self._loader.close()
        self._finding.close()
        self._dropped.clear()

    def hasHeightForWidth(self) -> bool:  # noqa: N802  (Qt's name)
        """Return False: a message in one pane must not take room from the others."""
        return False

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(3)
        row.addWidget(self.choice, 1)
        for widget in (self.place, self.before, self.after):
            row.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(row)
        layout.addWidget(self.problem)
        layout.addWidget(self.view, 1)

    def _arrow(self, arrow: Qt.ArrowType, name: str, number: int) -> QToolButton:
        button = QToolButton()
        button.setArrowType(arrow)
        button.setProperty("tool", True)
        button.setAccessibleName(f"{name} for scan {number}")
        button.setToolTip(f"{name} in the list.")
        return button

    def _add(self, stack: Stack) -> None:
        self.choice.addItem(self._called(stack), stack)

    def _called(self, stack: Stack) -> str:
        return stack.called(patient_visible=self.view.patient_visible())

    def _row_of(self, stack: Stack) -> int:
        for row in range(self.choice.count()):
            if self.choice.itemData(row).addresses == stack.addresses:
                return row
        return -1

    def _take_choice(self) -> None:
        chosen = self.choice.currentData()
        if isinstance(chosen, Stack):
            self._open(chosen, None)

    def _take_found(self, index: Index) -> None:
        """Offer the stacks that were found in a dropped file or folder, and show the first."""
        stacks = stacks_of_index(index)
        self._dropped += stacks
        for stack in stacks:
            if self._row_of(stack) < 0:
                self._add(stack)
        if stacks:
            self.choose(stacks[0])
        elif index.passed_over:
            self._say(index.passed_over[0].reason)
        else:
            self._say("No scans were found there.")

    def _open(self, stack: Stack, index: int | None) -> None:
        before, self.stack = self.stack, stack
        start = index
        if start is None:
            start = stack.middle if before is None else stack.slice_at(before, self.index)
        self._wheel.on = len(stack.slices) > 1
        # A description that looks like markup is shown literally.
        self.choice.setToolTip(plain_tip(self._called(stack)))
        self._name_place("")
        self._want(stack, start)
        if index is None:
            self.stack_opened.emit()

    def _want(self, stack: Stack, index: int) -> None:
        if self._loaded is not stack:
            self._loader.open(stack.addresses)
            self._loaded = stack
        self.index = index
        self._loader.want(index)

    def _show(self, index: int, scan: Scan) -> None:
        self.problem.hide()
        self._tell_place(index)
        self.view.show_scan(scan, keep_display=True)

    def _fail(self, index: int, reason: str) -> None:
        self._tell_place(index)
        self.view.clear(keep_display=True)
        self._say(reason)

    def _say(self, problem: str) -> None:
        self.problem.setText(problem)
        self.problem.show()

    def _tell_place(self, index: int) -> None:
        """Show which slice is on the screen; a single scan needs no text."""
        slices = self.stack.slices if self.stack is not None else ()
        text = ""
        if len(slices) > 1:
            text = f"slice {index + 1} of {len(slices)}{where_it_lies(slices[index])}"
        self._name_place(text)

    def _name_place(self, text: str) -> None:
        set_named_text(self.place, self._place_name, text)
        self.place.setVisible(bool(text))  # an empty label would narrow the list beside it
