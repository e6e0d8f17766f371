"""The verdict in words, the probabilities as bars, and the model that gave them."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from btgui.engine.models.card import ModelCard
from btgui.engine.reading_words import verdict_sentence
from btgui.engine.results import Analysis, Prediction
from btgui.views.text import (
    RESEARCH_USE,
    breakable,
    greys_words,
    milliseconds,
    percent,
    plain_tip,
    unbroken,
)
from btgui.views.theme import LINE, QUIET_TEXT, TEXT, WARNING, class_colour
from btgui.views.widgets.elided_label import ElidedLabel
from btgui.views.widgets.labels import paragraph, say_or_hide
from btgui.views.widgets.verdict_label import VERDICT_TIMES, VerdictLabel

_OF_SLICE = 1.3  # size of the headline, relative to ordinary text
_TIP = "The probability that the model gives each of its classes; together 100 %."
_BEGIN = "The verdict on a scan appears here."


class ProbabilityBars(QWidget):
    """One bar per class, in the network's order and in the class's colour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._prediction: Prediction | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Probabilities")
        self.setToolTip(_TIP)

    def show_prediction(self, prediction: Prediction | None) -> None:
        """Show these probabilities; None shows nothing."""
        self._prediction = prediction
        described = "" if prediction is None else ", ".join(self.lines())
        self.setAccessibleDescription(described)
        # The bars elide names that do not fit.
        self.setToolTip(plain_tip("\n".join([*self.lines(), _TIP])))
        self.updateGeometry()
        self.update()

    def lines(self) -> list[str]:
        """Return the text of each bar: "Glioma: 98 %"."""
        if self._prediction is None:
            return []
        names, shares = self._prediction.display_names, self._prediction.probabilities
        return [f"{n}: {percent(p)}" for n, p in zip(names, shares, strict=True)]

    def shown_name(self, index: int) -> str:
        """Return a class's name, elided to the room beside its percentage."""
        if self._prediction is None:
            return ""
        metrics = self.fontMetrics()
        figure = percent(self._prediction.probabilities[index])
        room = self.width() - metrics.horizontalAdvance(f"  {figure}")
        name = self._prediction.display_names[index]
        return metrics.elidedText(name, Qt.TextElideMode.ElideRight, room)

    def sizeHint(self) -> QSize:  # noqa: N802  (Qt's name)
        """Return room for one row per class."""
        rows = len(self._prediction.classes) if self._prediction else 4
        return QSize(240, rows * self._row_height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  (Qt's name)
        """Draw the name, the percentage and the bar of each class."""
        del event
        if self._prediction is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        row, metrics = self._row_height(), self.fontMetrics()
        thickness = max(5, metrics.height() // 3)
        shares = self._prediction.probabilities
        for index in range(len(shares)):
            top = index * row
            leads = index == self._prediction.verdict_index
            painter.setPen(TEXT if leads else QUIET_TEXT)
            words = QRectF(0, top, self.width(), metrics.height())
            painter.drawText(words, Qt.AlignmentFlag.AlignLeft, self.shown_name(index))
            painter.drawText(words, Qt.AlignmentFlag.AlignRight, percent(shares[index]))
            bar = QRectF(0, top + metrics.height() + 3, self.width(), thickness)
            self._bar(painter, bar, LINE)
            bar.setWidth(max(thickness, bar.width() * shares[index]))
            self._bar(painter, bar, class_colour(index))
        painter.end()

    def _row_height(self) -> int:
        return round(self.fontMetrics().height() * 2.1)

    @staticmethod
    def _bar(painter: QPainter, bar: QRectF, colour: QColor) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRoundedRect(bar, bar.height() / 2, bar.height() / 2)


class PredictionPanel(QFrame):
    """The verdict on the open scan."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        self._unread: str | None = ""  # what a verdict waits for; "" without a scan, None if read
        self._is_loading = False
        self._no_model = ""  # why there is no model
        self._of_slice = False
        self._heading = ElidedLabel(Qt.TextElideMode.ElideMiddle)
        self._heading.setProperty("role", "quiet")
        self._verdict = VerdictLabel("Verdict")
        self.set_of_slice(of_slice=False)
        self.sentence = paragraph()
        self.warning = paragraph(role="warning")
        self.bars = ProbabilityBars()
        self._details = paragraph(role="quiet")
        note = paragraph(RESEARCH_USE, "quiet")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 12)
        layout.setSpacing(8)
        layout.addWidget(self._heading)
        for part in (self._verdict, self.sentence, self.warning, self.bars, self._details, note):
            layout.addWidget(part)
        layout.insertStretch(layout.indexOf(note), 1)
        self.clear()

    def set_of_slice(self, *, of_slice: bool) -> None:
        """Show whether the verdict is on a slice, and so less prominent than that on the series."""
        self._of_slice = of_slice
        self._head("This slice" if of_slice else "")
        self._verdict.set_times(_OF_SLICE if of_slice else VERDICT_TIMES)

    def name_scan(self, name: str) -> None:
        """Name the scan that the verdict will be on; beside the panel other scans may be shown."""
        if not self._of_slice:
            self._head(name)

    def show_analysis(self, analysis: Analysis, warning: str = "") -> None:
        """Show a finished reading; ``warning`` says what makes its verdict doubtful."""
        self._unread = None
        self.name_scan(str(analysis.scan.address))
        prediction = analysis.prediction
        index = prediction.verdict_index
        self._verdict.show_verdict(prediction.display_names[index], class_colour(index))
        self.sentence.setText(unbroken(verdict_sentence(prediction)))
        say_or_hide(self.warning, f"{unbroken(analysis.reading.doubt)} {warning}".strip())
        self.bars.show_prediction(prediction)
        times = analysis.milliseconds
        reading = sum(times.get(step, 0.0) for step in ("read", "preprocess", "predict"))
        lines = [f"Model: {analysis.model_name}", f"Read in {milliseconds(reading)}"]
        lines.append(f"Network input: {greys_words(analysis.scan.greys)}")
        self._details.setText(breakable("\n".join(lines)))

    def show_waiting(self, text: str) -> None:
        """Show what the verdict waits for, or why there is no model to give one."""
        self._unread = text
        self._show_unread()

    def show_failure(self, text: str) -> None:
        """Show why there is no verdict."""
        self._unread = None
        self._without_verdict("Not read", WARNING, text)

    def clear(self) -> None:
        """Show how to begin."""
        self._unread = ""
        self.name_scan("")
        self._show_unread()

    def await_model(self) -> None:
        """Show that a model is being loaded, unless there is a verdict already."""
        self._is_loading, self._no_model = True, ""
        self._show_unread()

    def set_model(self, _card: ModelCard) -> None:
        """Show what a scan without a verdict waits for, now that the model is ready."""
        self._is_loading, self._no_model = False, ""
        self._show_unread()

    def set_no_model(self, reason: str) -> None:
        """Show why there is no model, unless there is a verdict already."""
        self._is_loading, self._no_model = False, reason
        self._show_unread()

    def _show_unread(self) -> None:
        if self._unread is None:
            return
        if self._no_model:
            self._without_verdict("Not read", WARNING, self._no_model)
        elif not self._unread:
            self._without_verdict("No scan", QUIET_TEXT, _BEGIN)
        else:
            text = "The model is being loaded …" if self._is_loading else self._unread
            self._without_verdict("…", QUIET_TEXT, text)

    def _without_verdict(self, headline: str, colour: QColor, text: str) -> None:
        self._verdict.show_verdict(headline, colour)
        self.sentence.setText(breakable(text))
        say_or_hide(self.warning, "")
        self.bars.show_prediction(None)
        self._details.clear()

    def _head(self, text: str) -> None:
        say_or_hide(self._heading, text)
        self._heading.setToolTip(plain_tip(text))  # the label may be elided
