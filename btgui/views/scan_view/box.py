"""Mouse interaction with a scan: window and level, panning and zooming."""

from __future__ import annotations

from typing import Protocol

import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal

# Dragging over this many pixels doubles the window's width, or moves its centre by that width.
_DRAG_PIXELS = 300.0


class MouseTool(Protocol):
    """A tool that may take left drags and clicks before the box; positions are in the scene."""

    def begin(self, position: QPointF) -> bool:
        """Return whether the tool takes a drag that starts here."""

    def drag_to(self, position: QPointF) -> None:
        """Handle a move of the drag."""

    def end(self) -> None:
        """Handle the end of the drag."""

    def click(self, position: QPointF) -> None:
        """Handle a click."""

    def takes_clicks(self) -> bool:
        """Return whether a double click counts as two clicks."""


class WindowLevelBox(pg.ViewBox):
    """A view box with the controls of radiology: left drag sets window and level, wheel zooms.

    Signals
    -------
    window_dragged(float, float)
        Horizontal (contrast) and vertical (brightness) component of a drag, in window widths.
    reset_requested()
        The user double-clicked to reset the view.
    """

    window_dragged = Signal(float, float)
    reset_requested = Signal()

    def __init__(self) -> None:
        super().__init__(lockAspect=True, invertY=True, enableMenu=False)
        self.tool: MouseTool | None = None
        self._tool_drags = False

    def mouseDragEvent(self, event, axis=None) -> None:  # noqa: ANN001, N802  (pyqtgraph's names)
        """Give a left drag to the tool or change the window; pan with Ctrl or the middle button."""
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
        """Request the initial view on a left double click, unless the tool counts single clicks."""
        event.accept()
        left = event.button() == Qt.MouseButton.LeftButton
        if left and (self.tool is None or not self.tool.takes_clicks()):
            self.reset_requested.emit()
