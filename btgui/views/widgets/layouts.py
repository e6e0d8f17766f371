"""Widgets stacked vertically, with or without a scroll bar."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget


def stacked(*widgets: QWidget, top: int = 0, edge: int = 0) -> QWidget:
    """Return a widget with these widgets in a column; the last one takes the remaining height.

    ``top`` and ``edge`` are the margins above and on either side, in pixels.
    """
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(edge, top, edge, 0)
    for widget in widgets:
        column.addWidget(widget, 1 if widget is widgets[-1] else 0)
    return holder


class Column(QScrollArea):
    """A scroll area that scrolls vertically only, by keys too, where its window is too low.

    It is always as wide as its widget needs.
    """

    def __init__(self, widget: QWidget, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.verticalScrollBar().rangeChanged.connect(self._offer_keys)
        self.setWidget(widget)
        widget.installEventFilter(self)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  (Qt's name)
        """Adapt the width when the widget grows or shrinks."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().eventFilter(watched, event)

    def _offer_keys(self, _top: int, bottom: int) -> None:
        """Accept the focus by Tab where there is something to scroll."""
        policy = Qt.FocusPolicy.TabFocus if bottom else Qt.FocusPolicy.NoFocus
        self.setFocusPolicy(policy)

    def _fit(self) -> None:
        edges = 2 * self.frameWidth() + self.verticalScrollBar().sizeHint().width()
        self.setMinimumWidth(self.widget().minimumSizeHint().width() + edges)
