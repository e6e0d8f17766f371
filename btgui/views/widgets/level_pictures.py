"""Two pictures side by side that begin and end level, whatever stands above and below each."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

_MOVING = (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show, QEvent.Type.LayoutRequest)
# Lines of text that a levelled picture has room for at least: what is written over it takes most.
_FEWEST_LINES = 8


class LevelPictures(QObject):
    """Widens the margins of two columns so that their pictures have the same top and bottom.

    Where that would leave a picture too low, each keeps the room that its column has.

    Parameters
    ----------
    columns
        Each with the picture in it; the columns themselves begin and end level.
    """

    def __init__(self, *columns: tuple[QWidget, QWidget]) -> None:
        super().__init__(columns[0][0])
        self._columns = [_Column(column, picture) for column, picture in columns]
        # Once all has its place: half-way through a layout, places mean nothing.
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._level)
        for column, picture in columns:
            column.installEventFilter(self)
            picture.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802  (Qt's name)
        """Level the pictures after either was moved."""
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
    """A column and its picture; knows what stands above and below it, without its margins."""

    def __init__(self, column: QWidget, picture: QWidget) -> None:
        self._column, self.picture = column, picture
        layout = column.layout()
        assert isinstance(layout, QVBoxLayout)  # noqa: S101  (the caller's columns)
        self._layout = layout
        self._own = layout.contentsMargins()

    def above(self) -> int:
        """Return the pixels over the picture that are not there for the other's sake."""
        more = self._layout.contentsMargins().top() - self._own.top()
        return self.picture.mapTo(self._column, QPoint(0, 0)).y() - more

    def below(self) -> int:
        """Return the same of those under it."""
        more = self._layout.contentsMargins().bottom() - self._own.bottom()
        bottom = self.picture.mapTo(self._column, QPoint(0, self.picture.height())).y()
        return self._column.height() - bottom - more

    def is_too_low(self, above: int, below: int) -> bool:
        """Whether too little is left of the picture between so many pixels over and under it."""
        lowest = _FEWEST_LINES * self.picture.fontMetrics().lineSpacing()
        return self._column.height() - above - below < lowest

    def leave(self, above: int, below: int) -> None:
        """Leave so many pixels more than its own margins over and under the column's content."""
        margins = self._layout.contentsMargins()
        top, bottom = self._own.top() + above, self._own.bottom() + below
        if (margins.top(), margins.bottom()) != (top, bottom):
            self._layout.setContentsMargins(self._own.left(), top, self._own.right(), bottom)
