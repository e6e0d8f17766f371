"""Rulers and angles that are drawn, selected, moved and deleted with the mouse."""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QPointF, Signal

from btgui.engine.pictures.measurement import ANGLE_POINTS, Measurement, Point, distance_to_path
from btgui.views.scan_view.picture import ScanPicture

RULER, ANGLE = "ruler", "angle"
_HANDLE_REACH, _LINE_REACH = 9.0, 6.0  # screen pixels: how far a click may miss
_SHORTEST = 4.0  # screen pixels: anything shorter was drawn by accident


@dataclass
class _Grip:
    """What a drag moves: one point of a measurement or, if ``point`` is None, all of it.

    ``is_new`` is True for a ruler that this drag draws.
    """

    index: int
    point: int | None
    last: Point
    is_new: bool = False


class MeasuringTool(QObject):
    """The measurements in the current picture and their editing with the mouse.

    Measurements in other pictures are kept, and shown again when the reader returns to them.

    Signals
    -------
    changed()
        The measurements must be redrawn.
    """

    changed = Signal()

    def __init__(self, picture: ScanPicture, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._picture = picture
        self._tool = ""
        self._grip: _Grip | None = None
        self._kept: dict[Hashable, list[Measurement]] = {}
        self._of: Hashable = None
        self._deleted: list[tuple[Hashable, Measurement]] = []  # with their picture, oldest first
        self.measurements: list[Measurement] = []
        self.selected: int | None = None
        self.draft: list[Point] = []  # the points of an unfinished angle, the last under the cursor
        self._draft_set = 0  # how many points of the draft were clicked

    @property
    def tool(self) -> str:
        """The active tool: :data:`RULER`, :data:`ANGLE` or "" for none."""
        return self._tool

    def use(self, tool: str) -> None:
        """Activate a tool; an unfinished angle is dropped."""
        self._tool = tool
        self._drop_draft()

    def turn_to(self, picture: Hashable) -> None:
        """Show the measurements of another picture, identified by a key; None is no picture."""
        if self.measurements:
            self._kept[self._of] = self.measurements
        self._of = picture
        self.measurements = self._kept.pop(picture, [])
        self.selected = self._grip = None
        self._drop_draft()

    def delete_selected(self) -> bool:
        """Delete the selected measurement or an unfinished angle; return whether there was one."""
        if self.draft:
            self._drop_draft()
            return True
        if self.selected is None:
            return False
        self._deleted.append((self._of, self.measurements.pop(self.selected)))
        self.selected = self._grip = None
        self.changed.emit()
        return True

    def bring_back(self) -> bool:
        """Restore the measurement last deleted in this picture; return whether there was one."""
        for place in reversed(range(len(self._deleted))):
            if self._deleted[place][0] == self._of:
                self.measurements.append(self._deleted.pop(place)[1])
                self.selected = len(self.measurements) - 1
                self.changed.emit()
                return True
        return False

    def takes_clicks(self) -> bool:
        """Return whether a double click sets two points rather than resets the view."""
        return self._tool == ANGLE

    def begin(self, position: QPointF) -> bool:
        """Pick up the measurement at a position or begin a ruler; return whether that was done."""
        here = self._picture.from_scene(position)
        if found := self._at(position):
            self.selected = found[0]
            self._grip = _Grip(*found, here)
        elif self._tool == RULER:
            self.measurements.append(Measurement((here, here)))
            self.selected = len(self.measurements) - 1
            self._grip = _Grip(self.selected, 1, here, is_new=True)
        else:
            return False
        self.changed.emit()
        return True

    def drag_to(self, position: QPointF) -> None:
        """Move the measurement, or its point, that was picked up."""
        if (grip := self._grip) is None:
            return
        here, before = self._picture.from_scene(position), self.measurements[grip.index]
        if grip.point is None:
            moved = before.moved(here[0] - grip.last[0], here[1] - grip.last[1])
        else:
            moved = before.with_point(grip.point, here)
        self.measurements[grip.index], grip.last = moved, here
        self.changed.emit()

    def end(self) -> None:
        """End the drag; a new ruler that is too short to be intended is removed."""
        grip, self._grip = self._grip, None
        if grip is None or not grip.is_new:
            return
        # Only what was just drawn: zoomed out, a measurement may well be this short.
        if math.dist(*self._on_screen(self.measurements[grip.index].points)) < _SHORTEST:
            del self.measurements[grip.index]
            self.selected = None
            self.changed.emit()

    def click(self, position: QPointF) -> None:
        """Set the next point of an angle, or select the measurement at a position."""
        if self._tool == ANGLE:
            self._set_point(position)
            return
        found = self._at(position)
        self.selected = found[0] if found else None
        self.changed.emit()

    def hover(self, position: QPointF) -> None:
        """Let the open end of an unfinished angle follow the cursor."""
        if self._draft_set:
            self.draft[self._draft_set :] = [self._picture.from_scene(position)]
            self.changed.emit()

    def _set_point(self, position: QPointF) -> None:
        here = self._picture.from_scene(position)
        if self._draft_set:
            last = self._on_screen(self.draft[self._draft_set - 1 : self._draft_set])[0]
            if math.dist(last, (position.x(), position.y())) < _SHORTEST:
                return  # the same point twice makes no arm
        self.draft[self._draft_set :] = [here]
        self._draft_set += 1
        if self._draft_set == ANGLE_POINTS:
            self.measurements.append(Measurement(tuple(self.draft)))
            self.selected = len(self.measurements) - 1
            self._drop_draft()
        self.changed.emit()

    def _drop_draft(self) -> None:
        self.draft, self._draft_set = [], 0
        self.changed.emit()

    def _at(self, position: QPointF) -> tuple[int, int | None] | None:
        """Return the indices of the newest measurement under a position and of its point.

        The point is None where the position is on the measurement's line; the result is None where
        there is no measurement.
        """
        cursor = (position.x(), position.y())
        for index in reversed(range(len(self.measurements))):
            path = self._on_screen(self.measurements[index].points)
            apart = [math.dist(point, cursor) for point in path]
            if min(apart) <= _HANDLE_REACH:
                return index, apart.index(min(apart))
            if distance_to_path(cursor, path) <= _LINE_REACH:
                return index, None
        return None

    def _on_screen(self, points: tuple[Point, ...] | list[Point]) -> list[Point]:
        places = [self._picture.to_scene(*point) for point in points]
        return [(place.x(), place.y()) for place in places]
