"""Rulers and angles: drawn, picked up, moved and deleted with the mouse."""

from __future__ import annotations

import itertools
import math
from collections.abc import Hashable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QPointF, Signal

from btgui.engine.pictures.measurement import ANGLE_POINTS, Measurement, Point, distance_to_path
from btgui.views.scan_view.picture import ScanPicture

RULER, ANGLE = "ruler", "angle"
_HANDLE_REACH, _LINE_REACH = 9.0, 6.0  # screen pixels within which a point or a line is meant
_SHORTEST = 4.0  # screen pixels: what is drawn shorter was a slip of the hand


@dataclass
class _Grip:
    """What a drag moves: a point of a measurement, or all of it from where it was taken."""

    index: int
    point: int | None
    last: Point


class MeasuringTool(QObject):
    """The measurements of one picture and the mouse over them; those of others are kept.

    A picture that comes again, by a step too far and back, has what was measured in it.

    Signals
    -------
    changed()
        Something is to be drawn anew.
    """

    changed = Signal()

    def __init__(self, picture: ScanPicture, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._picture = picture
        self._tool = ""
        self._grip: _Grip | None = None
        self._kept: dict[Hashable, list[Measurement]] = {}
        self._of: Hashable = None
        self._deleted: list[tuple[Hashable, Measurement]] = []  # and of which picture, oldest first
        self.measurements: list[Measurement] = []
        self.selected: int | None = None
        self.draft: list[Point] = []  # an angle's points so far, and the one under the cursor
        self._draft_set = 0  # how many of them were clicked

    @property
    def tool(self) -> str:
        """What a drag or a click draws: :data:`RULER`, :data:`ANGLE` or "" for nothing."""
        return self._tool

    def use(self, tool: str) -> None:
        """Draw with this tool from now on; a half-drawn angle is given up."""
        self._tool = tool
        self._drop_draft()

    def turn_to(self, picture: Hashable) -> None:
        """Show the measurements of another picture, told from every other; None is no picture."""
        if self.measurements:
            self._kept[self._of] = self.measurements
        self._of = picture
        self.measurements = self._kept.pop(picture, [])
        self.selected = self._grip = None
        self._drop_draft()

    def delete_selected(self) -> bool:
        """Delete the chosen measurement, or give up a half-drawn angle; tell whether there was one."""
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
        """Bring back what was deleted last in this picture, chosen; tell whether there was any."""
        for place in reversed(range(len(self._deleted))):
            if self._deleted[place][0] == self._of:
                self.measurements.append(self._deleted.pop(place)[1])
                self.selected = len(self.measurements) - 1
                self.changed.emit()
                return True
        return False

    def takes_clicks(self) -> bool:
        """Whether a double click is two points rather than a wish to start over."""
        return self._tool == ANGLE

    def begin(self, position: QPointF) -> bool:
        """Pick up what lies here, or begin a ruler."""
        here = self._picture.from_scene(position)
        if found := self._at(position):
            self.selected = found[0]
            self._grip = _Grip(*found, here)
        elif self._tool == RULER:
            self.measurements.append(Measurement((here, here)))
            self.selected = len(self.measurements) - 1
            self._grip = _Grip(self.selected, 1, here)
        else:
            return False
        self.changed.emit()
        return True

    def drag_to(self, position: QPointF) -> None:
        """Move what was picked up."""
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
        """Let go; a ruler too short to be meant is taken back."""
        if self._grip is None:
            return
        path = self._on_screen(self.measurements[self._grip.index].points)
        if sum(math.dist(a, b) for a, b in itertools.pairwise(path)) < _SHORTEST:
            del self.measurements[self._grip.index]
            self.selected = None
            self.changed.emit()
        self._grip = None

    def click(self, position: QPointF) -> None:
        """Set the next point of an angle, or choose what lies here."""
        if self._tool == ANGLE:
            self._set_point(position)
            return
        found = self._at(position)
        self.selected = found[0] if found else None
        self.changed.emit()

    def hover(self, position: QPointF) -> None:
        """Let the open end of an angle follow the cursor."""
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
        """Return (measurement, its point or None for its line) under a position, newest first."""
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
