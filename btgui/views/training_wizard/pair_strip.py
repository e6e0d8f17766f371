"""Pairs of scans that look alike, side by side in a row that scrolls."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QWidget

from btgui.views.text import plain_tip
from btgui.views.thumbnail_loader import ThumbnailLoader
from btgui.views.training_wizard.finding import ShownPair
from btgui.views.training_wizard.thumbnail import Thumbnail
from btgui.views.widgets.labels import plain_label

_SIDE = 112
_BAR = 14


class PairStrip(QScrollArea):
    """One tile per pair: both scans, their captions, and how one was made from the other."""

    def __init__(
        self,
        pairs: tuple[ShownPair, ...],
        count: int,
        loader: ThumbnailLoader,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._loader = loader
        inner = QWidget()
        row = QHBoxLayout(inner)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        for pair in pairs:
            row.addWidget(self._tile(pair))
        if count > len(pairs):
            row.addWidget(plain_label(f"… and {count - len(pairs):,} more", "quiet"))
        row.addStretch(1)
        self.setWidget(inner)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        inner.setAutoFillBackground(False)
        self.setFixedHeight(inner.sizeHint().height() + _BAR)
        self.setAccessibleName("Pairs of scans that look alike")

    def _tile(self, pair: ShownPair) -> QWidget:
        tile = QWidget()
        grid = QGridLayout(tile)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(4)
        grid.setVerticalSpacing(2)
        for column, (path, caption) in enumerate(
            zip((pair.first, pair.second), pair.captions, strict=True)
        ):
            grid.addWidget(Thumbnail(path, _SIDE, self._loader), 0, column)
            grid.addWidget(_elided(caption), 1, column)
        grid.addWidget(plain_label(pair.relation, "quiet"), 2, 0, 1, 2)
        return tile


def _elided(text: str) -> QLabel:
    label = plain_label()
    label.setToolTip(plain_tip(text))
    metrics, middle = label.fontMetrics(), Qt.TextElideMode.ElideMiddle
    lines = (metrics.elidedText(line, middle, _SIDE) for line in text.splitlines())
    label.setText("\n".join(lines))
    label.setAccessibleName(text)
    return label
