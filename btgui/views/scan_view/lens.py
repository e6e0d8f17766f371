"""A round lens under the cursor that shows the scan larger, with the same window."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsScene

from btgui.views.theme import ACCENT

MAGNIFICATION = 2.5
_RADIUS = 90.0


def paint_lens(painter: QPainter, scene: QGraphicsScene, centre: QPointF) -> None:
    """Draw what lies around a place of the scene, magnified about that place."""
    target = QRectF(centre.x() - _RADIUS, centre.y() - _RADIUS, 2 * _RADIUS, 2 * _RADIUS)
    reach = _RADIUS / MAGNIFICATION
    source = QRectF(centre.x() - reach, centre.y() - reach, 2 * reach, 2 * reach)
    rim = QPainterPath()
    rim.addEllipse(target)
    painter.save()
    painter.setBrush(Qt.BrushStyle.NoBrush)  # items draw with what they find
    painter.setClipPath(rim)
    painter.fillRect(target, QColor("#000000"))
    scene.render(painter, target, source)
    painter.setClipping(False)
    painter.setPen(QPen(ACCENT, 2))
    painter.drawPath(rim)
    painter.restore()
