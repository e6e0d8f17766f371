"""What the mouse does over a scan."""

from __future__ import annotations

from typing import Protocol

import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal

# Dragging across this many pixels doubles or moves the window by its own width.
_DRAG_PIXELS = 300.0


class MouseTool(Protocol):
    """What may take a left drag or click before the box does; positions are the scene's."""

    def begin(self, position: QPointF) -> bool:
        """Take a drag that starts here, or not."""

    def drag_to(self, position: QPointF) -> None:
        """Follow the drag that was taken."""

    def end(self) -> None:
        """End it."""

    def click(self, position: QPointF) -> None:
        """Take a click."""

    def takes_clicks(self) -> bool:
        """Whether a double click is two clicks of its own."""


class WindowLevelBox(pg.ViewBox):
    """A view box in the habit of radiology: left drag is window and level, wheel zooms.

    Signals
    -------
    window_dragged(float, float)
        Horizontal (contrast) and vertical (brightness) part of a drag, in window widths.
    reset_requested()
        A double click.
    """

    window_dragged = Signal(float, float)
    reset_requested = Signal()

    def __init__(self) -> None:
        super().__init__(lockAspect=True, invertY=True, enableMenu=False)
        self.tool: MouseTool | None = None
        self._tool_drags = False

    def mouseDragEvent(self, event, axis=None) -> None:  # noqa: ANN001, N802  (pyqtgraph's names)
        """Left drag is the tool's or changes the window; with Ctrl, or the middle button, it moves."""
        left = event.button() == Qt.MouseButton.LeftButton
        moves = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if left and event.isStart():
            start = event.buttonDownScenePos(Qt.MouseButton.LeftButton)
            self._tool_drags = not moves and self.tool is not None and self.tool.begin(start)
        if left and self._tool_drags and self.tool is not None:
            event.accept()
            self.tool.drag_to(event.scenePos())
            if event.isFinish():
                self._tool_drags = False
                self.tool.end()
        elif left and not moves:
            event.accept()
            change = event.screenPos() - event.lastScreenPos()
            self.window_dragged.emit(change.x() / _DRAG_PIXELS, change.y() / _DRAG_PIXELS)
        else:
            super().mouseDragEvent(event, axis)

    def mouseClickEvent(self, event) -> None:  # noqa: ANN001, N802  (pyqtgraph's names)
        """Offer a left click to the tool."""
        if event.button() == Qt.MouseButton.LeftButton and self.tool is not None:
            event.accept()
            self.tool.click(event.scenePos())

    def mouseDoubleClickEvent(self, event) -> None:  # noqa: ANN001, N802  (Qt's name)
        """Ask for the first view again by the left button, unless the tool counts clicks."""
        event.accept()
        left = event.button() == Qt.MouseButton.LeftButton
        if left and (self.tool is None or not self.tool.takes_clicks()):
            self.reset_requested.emit()
