"""Draws the rows of the scan list: thumbnail, name, and verdict in the class's colour."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from btgui.views.browser.scan_list_model import CLASS_ROLE, VERDICT_ROLE
from btgui.views.theme import QUIET_TEXT, RAISED, SELECTION, TEXT, class_colour

_SIDE = 52
_GAP = 6
_LINES = 3  # two for the name, one for the verdict
_WRAPPED = Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWrapAnywhere
Index = QModelIndex | QPersistentModelIndex


class ScanListDelegate(QStyledItemDelegate):
    """Draws one row; all rows have the same height, so that long lists stay fast."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        """Return the size of every row."""
        del index
        return QSize(120, max(_SIDE, option.fontMetrics.height() * _LINES) + _GAP)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw thumbnail, name and verdict."""
        painter.save()
        area: QRect = option.rect
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(area, SELECTION)
        side = area.height() - _GAP
        place = QRect(area.left() + 3, area.top() + _GAP // 2, side, side)
        image = index.data(Qt.ItemDataRole.DecorationRole)
        if isinstance(image, QImage) and not image.isNull():
            size = image.size().scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatio)
            shown = QRect(0, 0, size.width(), size.height())
            shown.moveCenter(place.center())
            painter.drawImage(shown, image)
        else:
            painter.fillRect(place, RAISED)
        words = area.adjusted(side + 12, _GAP // 2, -6, -_GAP // 2)
        metrics = option.fontMetrics
        verdict = index.data(VERDICT_ROLE)
        two_lines = 2 * words.width() - metrics.horizontalAdvance("W")  # a line may end early
        name = metrics.elidedText(index.data(), Qt.TextElideMode.ElideMiddle, two_lines)
        lines = metrics.boundingRect(words, _WRAPPED, name)
        below = metrics.height() if verdict else 0
        lines.moveTop(words.center().y() - (lines.height() + below) // 2)
        lines.setWidth(words.width())
        painter.setPen(TEXT)
        painter.drawText(lines, _WRAPPED, name)
        if verdict:
            line = QRect(words.left(), lines.bottom() + 1, words.width(), metrics.height())
            dot = QRect(line.left(), line.center().y() - 4, 8, 8)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(class_colour(index.data(CLASS_ROLE)))
            painter.drawEllipse(dot)
            painter.setPen(TEXT if chosen else QUIET_TEXT)
            line.setLeft(line.left() + 14)
            shown = metrics.elidedText(verdict, Qt.TextElideMode.ElideMiddle, line.width())
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft, shown)
        painter.restore()
