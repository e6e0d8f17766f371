"""The classes of a data set: names to show, counts by part, and sample scans of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QScrollArea, QWidget

from btgui.engine.class_names import display_name
from btgui.engine.datasets.listing import Listing
from btgui.views.text import plain_tip
from btgui.views.thumbnail_loader import ThumbnailLoader
from btgui.views.training_wizard.thumbnail import Thumbnail
from btgui.views.widgets.elided_label import ElidedLabel
from btgui.views.widgets.labels import plain_label

SAMPLES = 6
_MOST_PICTURES = 180  # layout takes time: with very many classes, fewer scans of each are shown
_SIDE, _SMALL_SIDE, _GAP = 96, 64, 4
_FEW_CLASSES = 6
_LONGEST_NAME = 60
_FEWEST_LETTERS = 30  # of a folder's name that are always visible
_PARTS = {"train": "Training", "validation": "Validation", "test": "Test", "": "Scans"}


class ClassTable(QScrollArea):
    """One row per class, with an editable name to show.

    Signals
    -------
    names_changed()
        The user changed a name.
    """

    names_changed = Signal()

    def __init__(self, loader: ThumbnailLoader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._loader = loader
        self._side = _SIDE
        self.names: dict[str, QLineEdit] = {}
        self._rows: list[list[Thumbnail]] = []
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        self.setAccessibleName("Classes")

    def show_listing(self, listing: Listing, display_names: dict[str, str]) -> None:
        """Show a data set's classes; ``display_names`` override the default names."""
        self._loader.forget()
        self.names, self._rows = {}, []
        counts = listing.counts()
        samples = max(1, min(SAMPLES, _MOST_PICTURES // len(counts)))
        parts = [part for part in _PARTS if any(part in by_part for by_part in counts.values())]
        self._side = _SIDE if len(counts) <= _FEW_CLASSES else _SMALL_SIDE
        inner = QWidget()
        grid = QGridLayout(inner)
        grid.setContentsMargins(0, 0, 8, 0)
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(6)
        headings = ["Class", "Shown as", *(_PARTS[part] for part in parts), "Sample scans"]
        for column, heading in enumerate(headings):
            grid.addWidget(
                _text(heading, "heading", right=1 < column < len(headings) - 1), 0, column
            )
        for row, (label, by_part) in enumerate(counts.items(), 1):
            grid.addWidget(_folder(label), row, 0)
            grid.addWidget(self._name(label, display_names), row, 1)
            for column, part in enumerate(parts, 2):
                grid.addWidget(_text(f"{by_part.get(part, 0):,}", right=True), row, column)
            grid.addLayout(self._samples(listing.samples(label, samples)), row, len(headings) - 1)
        grid.setColumnStretch(len(headings) - 1, 1)
        grid.setRowStretch(len(counts) + 1, 1)
        self.setWidget(inner)
        inner.setAutoFillBackground(False)  # which setWidget turns on
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  (Qt's name)
        """Show more scans where there is more room."""
        super().resizeEvent(event)
        self._fit()

    def display_names(self) -> dict[str, str]:
        """Return the name to show for every class; an empty field means the class's own."""
        return {label: field.text().strip() or label for label, field in self.names.items()}

    def repeated_names(self) -> list[str]:
        """Return the names that more than one class has."""
        names = self.display_names().values()
        count = Counter(name.casefold() for name in names)
        return sorted({name for name in names if count[name.casefold()] > 1})

    def _name(self, label: str, display_names: dict[str, str]) -> QWidget:
        if "|" in label:  # one of several classes: it has no name of its own
            return _text("one of these", "quiet")
        name = display_names.get(label) or display_name(label)
        field = QLineEdit()
        field.setAcceptDrops(False)  # drops are for the page
        # A folder's name may exceed the limit for typed names: do not truncate it.
        field.setMaxLength(max(_LONGEST_NAME, len(name)))
        field.setText(name)
        field.setCursorPosition(0)
        field.setMinimumWidth(160)
        field.setPlaceholderText(label)
        field.setAccessibleName(f"Name to show for {label}")
        field.textEdited.connect(self.names_changed)
        self.names[label] = field
        return field

    def _samples(self, paths: Sequence[Path]) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(_GAP)
        pictures = [Thumbnail(path, self._side, self._loader) for path in paths]
        for picture in pictures:
            row.addWidget(picture)
        self._rows.append(pictures)
        row.addStretch(1)
        return row

    def _fit(self) -> None:
        """Show as many scans of each class as there is room for, none of them cut off."""
        inner = self.widget()
        if inner is None or not self._rows:
            return
        for row in self._rows:
            for picture in row[1:]:
                picture.hide()
        inner.layout().activate()
        step = self._side + _GAP
        spare = max(0, self.viewport().width() - inner.minimumSizeHint().width())
        for row in self._rows:
            for picture in row[1 : 1 + spare // step]:
                picture.show()


def _folder(label: str) -> QLabel:
    """Return the name of a class's folder, elided if it would push the counts out of the window."""
    name = ElidedLabel(Qt.TextElideMode.ElideMiddle, fewest=_FEWEST_LETTERS)
    name.setText(label)
    name.setToolTip(plain_tip(label))
    return name


def _text(text: str, role: str = "", *, right: bool = False) -> QLabel:
    label = plain_label(text, role)
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    label.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
    return label
