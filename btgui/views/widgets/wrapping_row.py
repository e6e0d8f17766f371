"""A row of widgets that wraps onto as many lines as needed, so that none is cut off."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

_GAP = 6


class WrappingRow(QLayout):
    """A row that wraps onto further lines where there is no room.

    Each widget gets its size hint; the rest of a line goes to its expanding widgets.
    """

    def __init__(self, *widgets: QWidget) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)
        for widget in widgets:
            self.addWidget(widget)

    def addItem(self, item: QLayoutItem) -> None:  # noqa: N802  (Qt's name)
        """Append an item."""
        self._items.append(item)

    def count(self) -> int:
        """Return the number of items."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:  # noqa: N802  (Qt's name)
        """Return an item, or None past the end."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # noqa: N802  (Qt's name)
        """Remove and return an item; return None past the end."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:  # noqa: N802  (Qt's name)
        """Return no direction: the row has no use for more height."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:  # noqa: N802  (Qt's name)
        """Return True: a narrower row needs more lines."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802  (Qt's name)
        """Return the height of all lines at this width."""
        lines = self._lines(width)
        return sum(_height(line) for line in lines) + _GAP * max(0, len(lines) - 1)

    def sizeHint(self) -> QSize:  # noqa: N802  (Qt's name)
        """Return the size of all visible items in one line."""
        return QSize(_width(self._shown()), _height(self._shown()))

    def minimumSize(self) -> QSize:  # noqa: N802  (Qt's name)
        """Return the size of the widest item alone on a line."""
        widest = max((item.minimumSize().width() for item in self._shown()), default=0)
        return QSize(widest, _height(self._shown()))

    def setGeometry(self, place: QRect) -> None:  # noqa: N802  (Qt's name)
        """Position each item, line by line."""
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
        """Return the visible items: hidden ones take no room, and have no gap beside them."""
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
    """Return the width of each item on a line of the given width."""
    left = width - _width(line)
    growing = [bool(item.expandingDirections() & Qt.Orientation.Horizontal) for item in line]
    more = max(0, left) // max(1, sum(growing))
    widths = []
    for item, grows in zip(line, growing, strict=True):
        wanted = item.sizeHint().width() + (more if grows else 0)
        widths.append(min(wanted, item.maximumSize().width(), width))
    return widths
