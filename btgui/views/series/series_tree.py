"""Patients, studies and series as a tree; patients are numbered, never named."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QStyleOptionViewItem, QTreeWidget, QTreeWidgetItem, QWidget

from btgui.engine.scan import ScanAddress
from btgui.engine.studies.words import (
    numbered,
    series_facts,
    series_name,
    series_title,
    study_title,
)
from btgui.views.text import DOUBTED, plain_tip
from btgui.views.thumbnail_loader import ThumbnailLoader

if TYPE_CHECKING:
    from btgui.engine.studies.series import Series

_SERIES = Qt.ItemDataRole.UserRole
_VERDICT = Qt.ItemDataRole.UserRole + 1  # with the reasons to doubt the verdict
_SIDE = 48
Index = QModelIndex | QPersistentModelIndex


class SeriesTree(QTreeWidget):
    """The series that were found; a click or Return requests one.

    Signals
    -------
    series_requested(Series)
        The user requests this series.
    """

    series_requested = Signal(object)

    def __init__(self, loader: ThumbnailLoader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._loader = loader
        self._items: dict[str, QTreeWidgetItem] = {}
        self._middles: dict[ScanAddress, QTreeWidgetItem] = {}
        self._made: set[str] = set()  # keys of series whose thumbnail has been made
        self._studies: list[tuple[QTreeWidgetItem, Series, int]] = []
        self._patient_visible = True
        self.setHeaderHidden(True)
        self.setIconSize(QSize(_SIDE, _SIDE))
        self.setIndentation(6)
        self.setRootIsDecorated(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setAccessibleName("Series")
        self.itemClicked.connect(self._ask)
        self.itemActivated.connect(self._ask)
        loader.thumbnail_ready.connect(self._show_thumbnail)
        self.hide()

    def show_series(self, found: Sequence[Series]) -> None:
        """Replace the series shown; all patients and studies are expanded."""
        self.clear()
        self._items.clear()
        self._middles.clear()
        self._made.clear()
        self._studies.clear()
        patients: dict[int, QTreeWidgetItem] = {}
        studies: dict[tuple[int, int], QTreeWidgetItem] = {}
        for series, (patient, study) in zip(found, numbered(found), strict=True):
            if patient not in patients:
                words = f"Patient {patient}" if patient else "Patient not stated"
                patients[patient] = QTreeWidgetItem(self, [words])
            if (patient, study) not in studies:
                item = studies[patient, study] = QTreeWidgetItem(patients[patient])
                self._studies.append((item, series, study))
            self._add(studies[patient, study], series)
        self._title_studies()
        self.expandAll()
        self.setVisible(bool(found))

    def mark(self, series: Series) -> None:
        """Select a series without requesting it."""
        if (item := self._items.get(series.key)) is not None:
            self.setCurrentItem(item)

    def set_verdict(self, series: Series, verdict: str, doubts: str = "") -> None:
        """Show a series' verdict below it; ``doubts`` add a mark, and appear in the tooltip."""
        if (item := self._items.get(series.key)) is not None and item.data(0, _SERIES) == series:
            item.setData(0, _VERDICT, (verdict, doubts))
            self._write(item)

    def clear_verdicts(self) -> None:
        """Remove all verdicts, because another model is now in use."""
        for item in self._items.values():
            item.setData(0, _VERDICT, None)
            self._write(item)

    def chosen(self) -> Series | None:
        """Return the selected series, or None."""
        chosen = self.selectedItems()
        return chosen[0].data(0, _SERIES) if chosen else None

    def ask_for(self, series: Series) -> None:
        """Select a series, and request it."""
        self.mark(series)
        self.series_requested.emit(series)

    def in_order(self) -> list[Series]:
        """Return the series from top to bottom."""
        # Not by a QTreeWidgetItemIterator: Python never frees one that was moved on.
        patients = _children(self.invisibleRootItem())
        studies = (study for patient in patients for study in _children(patient))
        return [item.data(0, _SERIES) for study in studies for item in _children(study)]

    def set_patient_visible(self, visible: bool) -> None:  # noqa: FBT001  (a Qt-style setter)
        """Show or hide dates and descriptions, which could identify the patient."""
        if visible != self._patient_visible:
            self._patient_visible = visible
            self._title_studies()
            for item in self._items.values():
                self._write(item)

    def drawRow(  # noqa: N802  (Qt's name)
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """Draw a row, and request its thumbnail when it is first visible."""
        series = index.data(_SERIES)
        if series is not None and series.key not in self._made:
            self._loader.ask(_middle(series))
        super().drawRow(painter, option, index)

    def _title_studies(self) -> None:
        for item, series, number in self._studies:
            title = study_title(series, number, patient_visible=self._patient_visible)
            item.setText(0, title)
            item.setToolTip(0, plain_tip(title))

    def _write(self, item: QTreeWidgetItem) -> None:
        """Write a series' name and facts into its item and, below them, any verdict."""
        series: Series = item.data(0, _SERIES)
        visible = self._patient_visible
        verdict, doubts = item.data(0, _VERDICT) or ("", "")
        # The volume has a line of its own: elision would cut out the middle of a long line.
        name = f"{series_name(series, patient_visible=visible)}{_mark(series.findings)}"
        lines = [name, series.volume, series_facts(series)]
        lines += [f"{verdict}{_mark(doubts)}"] if verdict else []
        item.setText(0, "\n".join(filter(None, lines)))
        tip = [
            series_title(series, patient_visible=visible),
            series_facts(series),
            *series.findings,
        ]
        tip += [line for line in doubts.splitlines() if line not in tip]
        item.setToolTip(0, plain_tip("\n".join(tip)))

    def _add(self, study: QTreeWidgetItem, series: Series) -> None:
        item = QTreeWidgetItem(study)
        item.setData(0, _SERIES, series)
        self._write(item)
        blank = QPixmap(_SIDE, _SIDE)
        blank.fill(Qt.GlobalColor.black)
        item.setIcon(0, QIcon(blank))
        self._items[series.key] = item
        self._middles[_middle(series)] = item

    def _show_thumbnail(self, place: object, image: QImage, _digest: str) -> None:
        item = self._middles.get(place) if isinstance(place, ScanAddress) else None
        if item is None:
            return
        self._made.add(item.data(0, _SERIES).key)  # a broken one, too: it is not tried again
        if not image.isNull():
            item.setIcon(0, QIcon(QPixmap.fromImage(image)))

    def _ask(self, item: QTreeWidgetItem) -> None:
        if (series := item.data(0, _SERIES)) is not None:
            self.series_requested.emit(series)


def _mark(doubts: str | tuple[str, ...]) -> str:
    return DOUBTED if doubts else ""


def _children(item: QTreeWidgetItem) -> list[QTreeWidgetItem]:
    return [item.child(row) for row in range(item.childCount())]


def _middle(series: Series) -> ScanAddress:
    return series.slices[len(series.slices) // 2].address
