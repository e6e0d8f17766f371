"""The layout of a report on a single page, whatever the paper size and the length of its text."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from btgui.engine.exports.heat_pictures import CONTOURS_SAID
from btgui.engine.exports.report import Fact, Report
from btgui.engine.exports.shown_scan import ShownScan
from btgui.views.report.curve import Curve, draw_curve
from btgui.views.report.pictures import ReportedHeat, heat_image, places, scan_image
from btgui.views.report.sheet import FAINT, INK, QUIET, Sheet
from btgui.views.text import RESEARCH_USE, percent
from btgui.views.theme import class_colour

TITLE = "Brain MRI: a model's reading"
_GAP, _BETWEEN = 4.0, 6.0  # millimetres between parts, and between columns
_NOTICE, _NOTICE_EDGE = QColor("#fdf1d7"), QColor("#c98a10")
# The least height of the pictures in millimetres, given up below the least scale of the text.
_LEAST_PICTURE, _SMALLEST = 55.0, 0.4
_VERDICT_SHARE = 0.56  # of the width; the probabilities take the rest
_WRITTEN, _SIGNED = 7.5, 4.6  # millimetres for a line of handwriting, and for the words below it


@dataclass(frozen=True, eq=False)
class Content:
    """The text of a report, and the data of its pictures.

    ``heat`` is None if no heatmap is shown, and ``no_heat`` then says why; ``curve`` is None for a
    single scan.
    """

    report: Report
    scan: ShownScan
    heat: ReportedHeat | None
    no_heat: str
    curve: Curve | None


def paint_page(painter: QPainter, content: Content) -> None:
    """Draw a report on the page that the painter is active on.

    The text is reduced if not everything would fit otherwise.
    """
    painter.setRenderHints(
        QPainter.RenderHint.Antialiasing
        | QPainter.RenderHint.TextAntialiasing
        | QPainter.RenderHint.SmoothPixmapTransform
    )
    pictures = [scan_image(content.scan)]
    if content.heat is not None:
        pictures.append(heat_image(content.scan, content.heat))
    scale = 1.0
    while True:
        measured = Sheet(painter, scale, draws=False)
        room = measured.height - _Layout(measured, content, pictures, 0.0).draw()
        if room >= _LEAST_PICTURE or scale <= _SMALLEST:
            break
        scale -= 0.05
    _Layout(Sheet(painter, scale, draws=True), content, pictures, max(room, 1.0)).draw()


class _Layout:
    """Draws the parts from top to bottom; ``height`` limits the pictures, in millimetres."""

    def __init__(
        self, sheet: Sheet, content: Content, pictures: list[QImage], height: float
    ) -> None:
        self._sheet, self._content = sheet, content
        self._pictures, self._height = pictures, height
        self._y = 0.0

    def draw(self) -> float:
        """Draw all parts; return their total height in millimetres."""
        self._draw_head()
        self._draw_about()
        self._draw_verdict()
        self._draw_pictures()
        if self._content.curve is not None:
            self._y = draw_curve(self._sheet, self._y, self._content.curve) + _GAP
        self._y = self._draw_rows(self._content.report.facts, 0, self._sheet.width, 28, 8)
        self._rule()
        self._draw_reader()
        return self._y

    def _draw_head(self) -> None:
        sheet = self._sheet
        right = Qt.AlignmentFlag.AlignRight
        sheet.text(0, 1.6, sheet.width, "btgui", 9, colour=QUIET, align=right)
        self._y += sheet.text(0, 0, sheet.width - 20, TITLE, 16, bold=True) + 1
        high = 6.6
        sheet.fill(0, self._y, sheet.width, high, _NOTICE)
        sheet.fill(0, self._y, 1.2, high, _NOTICE_EDGE)
        sheet.text(3.5, self._y + 1.3, sheet.width - 4, RESEARCH_USE, 9.5, bold=True)
        self._y += high + _GAP

    def _draw_about(self) -> None:
        """Draw the facts about patient and scan in two columns, the first with any odd one."""
        about, sheet = self._content.report.about, self._sheet
        half, width = (len(about) + 1) // 2, (sheet.width - _BETWEEN) / 2
        left = self._draw_rows(about[:half], 0, width, 20, 9.5)
        right = self._draw_rows(about[half:], width + _BETWEEN, width, 20, 9.5)
        self._y = max(left, right)
        self._rule()

    def _draw_verdict(self) -> None:
        sheet, report = self._sheet, self._content.report
        width = (sheet.width - _BETWEEN) * _VERDICT_SHARE
        y = self._y + sheet.text(0, self._y, width, report.of, 8, colour=QUIET) + 0.5
        swatch = 0.0
        if report.class_index is not None:
            sheet.fill(0, y + 1.2, 3.2, 5.2, class_colour(report.class_index))
            swatch = 5.2
        y += sheet.text(swatch, y, width - swatch, report.verdict, 18, bold=True) + 0.5
        y += sheet.text(0, y, width, report.sentence, 9.5) + 1.2
        for warning in report.warnings:
            high = sheet.text(3, y, width - 3, warning, 9, bold=True)
            sheet.fill(0, y, 0.9, high, _NOTICE_EDGE)
            y += high + 1
        y += sheet.text(0, y, width, report.note, 8, colour=QUIET)
        beside = width + _BETWEEN
        bars = self._draw_shares(beside, sheet.width - beside)
        self._y = max(y, bars)
        self._rule()

    def _draw_shares(self, x: float, width: float) -> float:
        sheet, report, y = self._sheet, self._content.report, self._y
        y += sheet.text(x, y, width, report.shares_of, 8, colour=QUIET) + 1
        right = Qt.AlignmentFlag.AlignRight
        for index, (name, share) in enumerate(report.shares):
            leads = index == report.leader
            sheet.text(x + width - 16, y, 16, percent(share), 9, bold=leads, align=right)
            y += sheet.text(x, y, width - 17, name, 9, bold=leads) + 0.6
            sheet.fill(x, y, width, 1.5, FAINT)
            sheet.fill(x, y, max(0.4, width * share), 1.5, class_colour(index))
            y += 3
        return y - 1

    def _draw_pictures(self) -> None:
        """Draw scan and heatmap side by side, at the same size and as large as possible."""
        sheet, content = self._sheet, self._content
        width = (sheet.width - _BETWEEN) / 2
        size = self._pictures[0].size().toSizeF()
        size.scale(width, self._height, Qt.AspectRatioMode.KeepAspectRatio)
        alone = len(self._pictures) == 1
        starts = (width / 2 + _BETWEEN / 2,) if alone else (0.0, width + _BETWEEN)
        for x, picture in zip(starts, self._pictures, strict=True):
            left = x + (width - size.width()) / 2
            sheet.picture(left, self._y, size.width(), size.height(), picture)
            seen = sheet.rect(left, self._y, size.width(), size.height())
            self._draw_letters(seen)
            if x == starts[0]:
                self._draw_measurements(seen)
        self._y += size.height() + 1.2
        scan = ", ".join(filter(None, [content.scan.window_words(), content.scan.scan.lossy]))
        words = f"Scan: {scan}" + (f". {content.no_heat}" if alone else "")
        high = sheet.text(starts[0], self._y, width, words, 8, colour=QUIET)
        if content.heat is not None:
            high = max(high, self._draw_heat_words(content.heat, starts[-1], self._y, width))
        self._y += high + _GAP

    def _draw_heat_words(self, heat: ReportedHeat, x: float, y: float, width: float) -> float:
        sheet = self._sheet
        lines = f". {CONTOURS_SAID}" if heat.style.contours else ""
        high = sheet.text(x, y, width, f"Heatmap: {heat.words}{lines}", 8, colour=QUIET) + 0.8
        ends, right = 22.0, Qt.AlignmentFlag.AlignRight
        sheet.picture(x + ends, y + high + 0.6, width - 2 * ends, 2, heat.legend())
        sheet.text(x, y + high, ends, "no evidence", 8, colour=QUIET)
        edge = x + width - ends
        high += sheet.text(edge, y + high, ends, "most evidence", 8, colour=QUIET, align=right)
        return high

    def _draw_letters(self, seen: QRectF) -> None:
        shown = self._content.scan
        if shown.scan.edges is None:
            return
        edges, middle = shown.turn.edges(shown.scan.edges), seen.center()
        for text, at in (
            (edges.left, QPointF(seen.left(), middle.y())),
            (edges.right, QPointF(seen.right(), middle.y())),
            (edges.top, QPointF(middle.x(), seen.top())),
            (edges.bottom, QPointF(middle.x(), seen.bottom())),
        ):
            self._sheet.mark(at, text, seen, 9)

    def _draw_measurements(self, seen: QRectF) -> None:
        shown = self._content.scan
        for one, text in zip(shown.measurements, shown.measured(), strict=True):
            path = places(shown, one.points, seen)
            self._sheet.path(path)
            self._sheet.mark(path[1], text, seen, away_from=path[0] + path[-1] - path[1])

    def _draw_reader(self) -> None:
        """Draw lines for the reader's handwriting, down to the end of the page."""
        sheet = self._sheet
        half = (sheet.width - _BETWEEN) / 2
        self._y += sheet.text(0, self._y, sheet.width, "The reader's own findings", 8, colour=QUIET)
        signed = self._y + 2 * _WRITTEN
        if sheet.draws:
            signed = max(signed, sheet.height - _SIGNED)
        while self._y + 2 * _WRITTEN <= signed:
            self._y += _WRITTEN
            sheet.line(0, self._y, sheet.width)
        for x, words in ((0.0, "Name, date"), (half + _BETWEEN, "Signature")):
            sheet.line(x, signed, half, QUIET)
            sheet.text(x, signed + 0.6, half, words, 8, colour=QUIET)
        self._y = signed + _SIGNED

    def _draw_rows(
        self, facts: tuple[Fact, ...], x: float, width: float, label: float, points: float
    ) -> float:
        """Draw rows of labels and values; return the y coordinate below them."""
        sheet, y = self._sheet, self._y
        for name, text in facts:
            sheet.text(x, y + (points - 8) * 0.2, label, name, 8, colour=QUIET)
            y += sheet.text(x + label, y, width - label, text, points, colour=INK) + 0.8
        return y

    def _rule(self) -> None:
        self._y += 1.2
        self._sheet.line(0, self._y, self._sheet.width)
        self._y += 2.4
