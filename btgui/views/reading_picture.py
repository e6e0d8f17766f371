"""One picture of a reading: scan and heatmap side by side, with all the text about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QTextOption

from btgui.engine.exports.dicom_capture import NOT_FOR_DIAGNOSIS, PROGRAM
from btgui.engine.exports.heat_pictures import (
    CONTOURS_SAID,
    ShownHeat,
    reduced_heat,
    reduced_scan,
    scan_picture,
    stage_picture,
)
from btgui.engine.exports.picture import colour_table
from btgui.engine.one_line import one_line
from btgui.engine.pictures.square_pixels import with_square_pixels
from btgui.engine.results import CAM_METHODS, Prediction
from btgui.engine.scan import Scan
from btgui.views.heatmaps.colour_legend import ENDS
from btgui.views.scan_view.painting import paint_text
from btgui.views.text import greys_words, percent, unbroken
from btgui.views.theme import LINE, QUIET_TEXT, TEXT, WARNING, class_colour
from btgui.views.widgets.picture_label import to_image

# Pixels. The same for every scan, so that the text has the same size relative to the pictures
# for small and large scans, however a viewer scales the whole.
_SIDE, _GAP, _MARGIN = 720, 24, 28
_WIDTH = 2 * (_MARGIN + _SIDE) + _GAP
_TALLEST = 4000
_BAND = 64
_TITLE, _LARGE, _NORMAL, _SMALL = 30, 44, 23, 21
_MOST_CLASSES = 8
_LETTERS = QColor("#e6b450")


@dataclass(frozen=True)
class ReadingWords:
    """Text that is written into the picture besides the reading's own; "" where there is none.

    Attributes
    ----------
    sentence
        How sure the verdict is.
    warning
        What makes the verdict doubtful.
    place, series
        For a slice: its number and position, and the result of the whole series.
    """

    sentence: str = ""
    warning: str = ""
    place: str = ""
    series: str = ""


def reading_picture(heat: ShownHeat, words: ReadingWords, when: datetime) -> NDArray[np.uint8]:
    """Return the picture of a reading as (height, width, 3) uint8 RGB pixels.

    Nothing in the picture names the patient: neither lines of the header nor a file name.
    """
    analysis = heat.analysis
    image = QImage(_WIDTH, _TALLEST, QImage.Format.Format_RGB888)
    image.fill(QColor("#000000"))
    painter = QPainter(image)
    painter.setRenderHints(
        QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
    )
    _band(painter)
    left = _Column(painter, _MARGIN, _BAND + 12, _SIDE)
    right = _Column(painter, _MARGIN + _SIDE + _GAP, _BAND + 12, _SIDE)
    left.write("Scan, in the grey levels given to the network", QUIET_TEXT)
    right.write(_heat_title(heat), QUIET_TEXT)
    left.top = right.top = max(left.top, right.top)
    for column, pixels in zip((left, right), _pictures(heat), strict=True):
        column.picture(pixels, analysis.scan)
    right.legend(heat.style.colour_map)
    left.top = right.top
    _write_verdict(left, analysis.prediction, words)
    right.write(unbroken(words.series), TEXT)
    for line in _facts(heat, words, when):
        right.write(line, QUIET_TEXT, _SMALL)
    painter.end()
    return _pixels(image, min(_TALLEST, round(max(left.top, right.top)) + _MARGIN))


def _heat_title(heat: ShownHeat) -> str:
    explanation = heat.analysis.explanation
    assert explanation is not None  # noqa: S101  (as ShownHeat says)
    name = one_line(heat.analysis.prediction.display_names[explanation.target_index])
    words = "Evidence" if heat.stage.has_evidence else "No evidence at this stage"
    return f"{words} for {name.lower()}: {heat.stage.label}, {CAM_METHODS[explanation.method]}"


def _pictures(heat: ShownHeat) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    scan = heat.analysis.scan
    grey = reduced_scan(scan.grey, _SIDE)
    over = stage_picture(grey, reduced_heat(heat.stage.on_scan, _SIDE), heat.style)
    return tuple(with_square_pixels(one, scan.pixel_size) for one in (scan_picture(grey), over))


def _facts(heat: ShownHeat, words: ReadingWords, when: datetime) -> list[str]:
    analysis = heat.analysis
    lines = [
        f"{CONTOURS_SAID}." if heat.style.contours else "",
        _origin(analysis.scan),
        words.place,
        f"Model: {one_line(analysis.model_name)} ({analysis.model_id})",
        f"Network input: {greys_words(analysis.scan.greys)}",
        f"The file's compression: {analysis.scan.lossy}" if analysis.scan.lossy else "",
        f"Made by {PROGRAM} on {when:%Y-%m-%d at %H:%M}",
    ]
    return [line for line in lines if line]


def _origin(scan: Scan) -> str:
    """Return the numbers by which a reader finds the scan in its study, and its plane."""
    series = scan.header.get("SeriesNumber (0020,0011)")
    image = scan.header.get("InstanceNumber (0020,0013)")
    frame = scan.metadata.get("Frame")
    parts = (
        f"Series {series}" if series else "",
        f"frame {frame}" if frame else f"image {image}" if image else "",
        scan.plane,
    )
    return ", ".join(part for part in parts if part)


def _write_verdict(column: _Column, prediction: Prediction, words: ReadingWords) -> None:
    verdict = prediction.verdict_index
    name = one_line(prediction.display_names[verdict])
    column.write(name, class_colour(verdict), _LARGE, bold=True)
    column.write(unbroken(words.sentence), TEXT)
    column.write(unbroken(words.warning), WARNING)
    shares = prediction.probabilities
    by_share = sorted(range(len(shares)), key=lambda index: -shares[index])
    shown = sorted(by_share[:_MOST_CLASSES])
    for index in shown:
        label = one_line(prediction.display_names[index])
        column.bar(label, shares[index], class_colour(index), leads=index == verdict)
    if others := by_share[_MOST_CLASSES:]:
        together = percent(sum(shares[index] for index in others))
        column.write(f"{len(others)} more classes, together {together}", QUIET_TEXT)


def _band(painter: QPainter) -> None:
    """Draw the warning that nobody may miss over the whole width."""
    area = QRectF(0, 0, _WIDTH, _BAND)
    painter.fillRect(area, WARNING)
    painter.setPen(QColor("#000000"))
    painter.setFont(_font(_TITLE, bold=True))
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, NOT_FOR_DIAGNOSIS)


def _font(pixels: int, *, bold: bool = False) -> QFont:
    font = QFont()  # the application's, which has the characters of any model's name
    font.setPixelSize(pixels)
    font.setBold(bold)
    return font


def _pixels(image: QImage, height: int) -> NDArray[np.uint8]:
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(_TALLEST, image.bytesPerLine())
    return rows[:height, : 3 * _WIDTH].reshape(height, _WIDTH, 3).copy()


class _Column:
    """A column of the picture, filled from top to bottom."""

    def __init__(self, painter: QPainter, left: float, top: float, width: float) -> None:
        self._painter, self._left, self._width = painter, left, width
        self.top = top

    def write(self, text: str, colour: QColor, size: int = _NORMAL, *, bold: bool = False) -> None:
        """Write a text, wrapped to the column; an empty text takes no room."""
        if not text:
            return
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        painter, room = self._painter, QRectF(self._left, self.top, self._width, _TALLEST)
        painter.setFont(_font(size, bold=bold))
        painter.setPen(colour)
        painter.drawText(room, text, option)
        self.top += painter.boundingRect(room, text, option).height() + size / 4

    def picture(self, pixels: NDArray[np.uint8], scan: Scan) -> None:
        """Draw a scan as large as the column allows, with the orientation letters at its edges."""
        height, width = pixels.shape[:2]
        factor = min(self._width / width, _SIDE / height)
        size = QSizeF(width * factor, height * factor)
        place = QPointF(self._left + (self._width - size.width()) / 2, self.top)
        area = QRectF(place, size)
        self._painter.drawImage(area, to_image(pixels))
        if scan.edges is not None:
            edges, middle = scan.edges, area.center()
            for text, across, down in (
                (edges.left, area.left() + 18, middle.y()),
                (edges.right, area.right() - 18, middle.y()),
                (edges.top, middle.x(), area.top() + 22),
                (edges.bottom, middle.x(), area.bottom() - 22),
            ):
                self._letters(text, QPointF(across, down), area)
        self.top += size.height() + 10

    def legend(self, colour_map: str) -> None:
        """Draw the colour scale of a heatmap between the words for its ends."""
        painter, font = self._painter, _font(_SMALL)
        metrics = QFontMetricsF(font)
        room = QRectF(self._left, self.top, self._width, metrics.height())
        painter.setFont(font)
        painter.setPen(QUIET_TEXT)
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft, ENDS[0])
        painter.drawText(room, Qt.AlignmentFlag.AlignRight, ENDS[1])
        before, behind = (metrics.horizontalAdvance(end) + 12 for end in ENDS)
        strip = room.adjusted(before, room.height() / 4, -behind, -room.height() / 4)
        painter.drawImage(strip, to_image(colour_table(colour_map)[None]))
        self.top += room.height() + 18

    def bar(self, name: str, share: float, colour: QColor, *, leads: bool) -> None:
        """Write a class name, draw its probability as a bar and write the percentage."""
        painter, font = self._painter, _font(_NORMAL)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        painter.setPen(TEXT if leads else QUIET_TEXT)
        room = QRectF(self._left, self.top, self._width, metrics.height())
        words = self._width * 0.5
        shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, words - 12)
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft, shown)
        painter.drawText(room, Qt.AlignmentFlag.AlignRight, percent(share))
        figure = metrics.horizontalAdvance(">99 %") + 12
        bar = room.adjusted(words, room.height() * 0.3, -figure, -room.height() * 0.3)
        painter.fillRect(bar, LINE)
        bar.setWidth(max(2.0, bar.width() * share))
        painter.fillRect(bar, colour)
        self.top += room.height() + 6

    def _letters(self, text: str, centre: QPointF, area: QRectF) -> None:
        font = _font(_NORMAL, bold=True)
        metrics = QFontMetricsF(font)
        self._painter.setFont(font)
        width = metrics.horizontalAdvance(text)
        left = min(max(centre.x() - width / 2, area.left() + 6), area.right() - 6 - width)
        base = centre.y() + (metrics.ascent() - metrics.descent()) / 2
        paint_text(self._painter, QPointF(left, base), text, _LETTERS)
