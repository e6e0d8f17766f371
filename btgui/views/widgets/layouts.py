"""Widgets one below the other."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget


def stacked(*widgets: QWidget, top: int = 0, edge: int = 0) -> QWidget:
    """Return a widget that holds these; the last takes the room that is left.

    It is as wide as they need with ``edge`` pixels beside them.
    """
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(edge, top, edge, 0)
    for widget in widgets:
        column.addWidget(widget, 1 if widget is widgets[-1] else 0)
    return holder


class Column(QScrollArea):
    """A column that is scrolled up and down where its window is too low for it, by keys too.

    Never sideways: it is as wide as what it holds needs.
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
        """Follow what is held where it grows or shrinks."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().eventFilter(watched, event)

    def _offer_keys(self, _top: int, bottom: int) -> None:
        """Be a stop of Tab where there is something to scroll."""
        policy = Qt.FocusPolicy.TabFocus if bottom else Qt.FocusPolicy.NoFocus
        self.setFocusPolicy(policy)

    def _fit(self) -> None:
        edges = 2 * self.frameWidth() + self.verticalScrollBar().sizeHint().width()
        self.setMinimumWidth(self.widget().minimumSizeHint().width() + edges)
