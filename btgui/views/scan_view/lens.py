"""The magnifier: a round lens at the cursor that shows the scan enlarged, with the same window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsScene

from btgui.views.theme import ACCENT

MAGNIFICATION = 2.5
_RADIUS = 90.0


def paint_lens(
    painter: QPainter,
    scene: QGraphicsScene,
    centre: QPointF,
    paint_over: Callable[[Callable[[QPointF], QPointF]], None],
) -> None:
    """Draw the part of the scene around ``centre``, magnified about that point.

    ``paint_over`` draws what lies over the scan; it receives a function from scene positions to
    their positions in the lens.
    """
    target = QRectF(centre.x() - _RADIUS, centre.y() - _RADIUS, 2 * _RADIUS, 2 * _RADIUS)
    reach = _RADIUS / MAGNIFICATION
    source = QRectF(centre.x() - reach, centre.y() - reach, 2 * reach, 2 * reach)
    rim = QPainterPath()
    rim.addEllipse(target)
    painter.save()
    painter.setBrush(Qt.BrushStyle.NoBrush)  # items draw with the painter's current brush
    painter.setClipPath(rim)
    painter.fillRect(target, QColor("#000000"))
    scene.render(painter, target, source)
    paint_over(lambda place: centre + MAGNIFICATION * (place - centre))
    painter.setClipping(False)
    painter.strokePath(rim, QPen(ACCENT, 2))
    painter.restore()
