"""Widgets side by side, in as many lines as they need: in a narrow window none is cut off."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

_GAP = 6


class WrappingRow(QLayout):
    """A row that goes on in a further line where it finds no room.

    Each widget has the size that it wants; what is left of a line goes to those of it that
    would expand.
    """

    def __init__(self, *widgets: QWidget) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)
        for widget in widgets:
            self.addWidget(widget)

    def addItem(self, item: QLayoutItem) -> None:  # noqa: N802  (Qt's name)
        """Take an item at the end."""
        self._items.append(item)

    def count(self) -> int:
        """Return how many items there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:  # noqa: N802  (Qt's name)
        """Return an item, or None past the end."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # noqa: N802  (Qt's name)
        """Give an item away, or None past the end."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:  # noqa: N802  (Qt's name)
        """Return none: more height would be of no use."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:  # noqa: N802  (Qt's name)
        """Return that the narrower, the higher."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802  (Qt's name)
        """Return the height of all lines."""
        lines = self._lines(width)
        return sum(_height(line) for line in lines) + _GAP * max(0, len(lines) - 1)

    def sizeHint(self) -> QSize:  # noqa: N802  (Qt's name)
        """Return room for all in one line."""
        return QSize(_width(self._shown()), _height(self._shown()))

    def minimumSize(self) -> QSize:  # noqa: N802  (Qt's name)
        """Return room for the widest alone."""
        widest = max((item.minimumSize().width() for item in self._shown()), default=0)
        return QSize(widest, _height(self._shown()))

    def setGeometry(self, place: QRect) -> None:  # noqa: N802  (Qt's name)
        """Put each item in its place."""
        super().setGeometry(place)
        top = place.top()
        for line in self._lines(place.width()):
            height, left = _height(line), place.left()
            for item, width in zip(line, _shares(line, place.width()), strict=True):
                own = min(height, item.sizeHint().height())
                item.setGeometry(QRect(left, top + (height - own) // 2, width, own))
                left += width + _GAP
            top += height + _GAP

    def _shown(self) -> list[QLayoutItem]:
        """Return the items that are there: what is hidden takes no room, nor a gap beside it."""
        return [item for item in self._items if not item.isEmpty()]

    def _lines(self, width: int) -> list[list[QLayoutItem]]:
        lines: list[list[QLayoutItem]] = []
        for item in self._shown():
            if lines and _width([*lines[-1], item]) <= width:
                lines[-1].append(item)
            else:
                lines.append([item])
        return lines


def _width(line: list[QLayoutItem]) -> int:
    return sum(item.sizeHint().width() for item in line) + _GAP * max(0, len(line) - 1)


def _height(line: list[QLayoutItem]) -> int:
    return max((item.sizeHint().height() for item in line), default=0)


def _shares(line: list[QLayoutItem], width: int) -> list[int]:
    """Return the width of each item of a line of this width."""
    left = width - _width(line)
    growing = [bool(item.expandingDirections() & Qt.Orientation.Horizontal) for item in line]
    more = max(0, left) // max(1, sum(growing))
    widths = []
    for item, grows in zip(line, growing, strict=True):
        wanted = item.sizeHint().width() + (more if grows else 0)
        widths.append(min(wanted, item.maximumSize().width(), width))
    return widths
