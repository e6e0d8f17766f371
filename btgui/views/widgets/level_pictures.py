"""Two pictures side by side with level top and bottom edges, whatever is above and below each."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

_MOVING = (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show, QEvent.Type.LayoutRequest)
# The minimum height of a levelled picture, in lines of text: the overlay needs most of them.
_FEWEST_LINES = 8


class LevelPictures(QObject):
    """Widens the margins of two columns so that their pictures have the same top and bottom.

    Where this would make a picture too low, each picture keeps the height that its column offers.

    Parameters
    ----------
    columns
        Pairs of a column and the picture in it; the columns must have level edges themselves.
    """

    def __init__(self, *columns: tuple[QWidget, QWidget]) -> None:
        super().__init__(columns[0][0])
        self._columns = [_Column(column, picture) for column, picture in columns]
        # Deferred until the layout is complete: positions are invalid half-way through.
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._level)
        for column, picture in columns:
            column.installEventFilter(self)
            picture.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802  (Qt's name)
        """Level the pictures after a column or a picture was moved or resized."""
        if event.type() in _MOVING:
            self._soon.start()
        return False

    def _level(self) -> None:
        if all(one.picture.isVisible() for one in self._columns):
            highest = max(one.above() for one in self._columns)
            deepest = max(one.below() for one in self._columns)
            if any(one.is_too_low(highest, deepest) for one in self._columns):
                highest = deepest = 0
            for one in self._columns:
                one.leave(max(highest - one.above(), 0), max(deepest - one.below(), 0))


class _Column:
    """A column and its picture; measures the room above and below, without the added margins."""

    def __init__(self, column: QWidget, picture: QWidget) -> None:
        self._column, self.picture = column, picture
        layout = column.layout()
        assert isinstance(layout, QVBoxLayout)  # noqa: S101  (the caller's columns)
        self._layout = layout
        self._own = layout.contentsMargins()

    def above(self) -> int:
        """Return the pixels above the picture, without the margin added for levelling."""
        more = self._layout.contentsMargins().top() - self._own.top()
        return self.picture.mapTo(self._column, QPoint(0, 0)).y() - more

    def below(self) -> int:
        """Return the pixels below the picture, without the margin added for levelling."""
        more = self._layout.contentsMargins().bottom() - self._own.bottom()
        bottom = self.picture.mapTo(self._column, QPoint(0, self.picture.height())).y()
        return self._column.height() - bottom - more

    def is_too_low(self, above: int, below: int) -> bool:
        """Whether the picture would be too low with these numbers of pixels above and below."""
        lowest = _FEWEST_LINES * self.picture.fontMetrics().lineSpacing()
        return self._column.height() - above - below < lowest

    def leave(self, above: int, below: int) -> None:
        """Add these numbers of pixels to the column's own top and bottom margins."""
        margins = self._layout.contentsMargins()
        top, bottom = self._own.top() + above, self._own.bottom() + below
        if (margins.top(), margins.bottom()) != (top, bottom):
            self._layout.setContentsMargins(self._own.left(), top, self._own.right(), bottom)
