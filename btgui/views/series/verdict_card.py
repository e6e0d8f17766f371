"""The card with the verdict on a series, above the verdict on the slice."""

from __future__ import annotations

from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QFrame,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from btgui.engine.models.card import ModelCard
from btgui.engine.studies.series_verdict import SeriesVerdict
from btgui.engine.studies.words import NOT_VALIDATED, verdict_sentence, verdict_word
from btgui.views.text import breakable, unbroken
from btgui.views.theme import QUIET_TEXT, WARNING, class_colour
from btgui.views.widgets.focus_heirs import leave_focus_to
from btgui.views.widgets.labels import paragraph, plain_label, say_or_hide
from btgui.views.widgets.verdict_label import VerdictLabel
from btgui.views.widgets.wrapping_row import WrappingRow


class VerdictCard(QFrame):
    """Shows the verdict on the whole series or the progress; its owner connects the buttons."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        self._running = False
        heading = plain_label("Whole series", "quiet")
        self.verdict = VerdictLabel("Series verdict")
        self.sentence = paragraph()
        self.warning = paragraph(role="warning")
        self.greys = paragraph(role="quiet")
        note = paragraph(f"{NOT_VALIDATED} See Help, How to read the result.", "quiet")
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName("Slices read")
        self.stop = QPushButton("Stop")
        self.stop.setToolTip("Stop reading the slices of this series.")
        self.again = QPushButton("Read all slices")
        self.again.setToolTip("Read all slices of this series.")
        self.show_deciding = QPushButton("Show slices")
        self.show_deciding.setToolTip("Show the middle one of the slices that decided the verdict.")
        self.save = QPushButton("Save table …")
        self.save.setToolTip("Save the readings of all slices as a CSV table.")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 10)
        layout.setSpacing(6)
        words = (heading, self.verdict, self.sentence, self.warning, self.greys, note)
        for part in (*words, self.progress):
            layout.addWidget(part)
        self._buttons = self.stop, self.again, self.show_deciding, self.save
        layout.addLayout(WrappingRow(*self._buttons))
        for button in self._buttons:
            leave_focus_to(button, *self._buttons)
        self.hide()

    def start(self, total: int, warning: str) -> None:
        """Show that the reading of a series with ``total`` slices begins."""
        self.verdict.show_verdict("…", QUIET_TEXT)
        self.progress.setRange(0, total)
        self.show_warning(warning)
        self.set_progress(0)
        self.show_greys("")
        self._offer(self.stop)
        self.show()

    def show_warning(self, text: str) -> None:
        """Show the reasons to doubt the verdict, one per line."""
        say_or_hide(self.warning, unbroken(text))

    def is_running(self) -> bool:
        """Whether slices are being read."""
        return self._running

    def set_progress(self, done: int) -> None:
        """Show the number of slices read so far."""
        self.progress.setValue(done)
        self.sentence.setText(f"Reading: {done} of {self.progress.maximum()} slices.")

    def show_verdict(self, verdict: SeriesVerdict, card: ModelCard) -> None:
        """Show the verdict; an incomplete "no tumour" is shown as a warning instead."""
        self._offer(*((self.show_deciding,) if verdict.deciding else ()), self.save)
        colour = class_colour(verdict.class_index) if verdict.is_complete else WARNING
        self.verdict.show_verdict(verdict_word(verdict, card), colour)
        self.sentence.setText(unbroken(verdict_sentence(verdict, card)))

    def show_no_verdict(self, reason: str) -> None:
        """Show why there is no verdict although all slices were read."""
        self._offer(self.save)
        self.verdict.show_verdict("No verdict", QUIET_TEXT)
        self.sentence.setText(reason)

    def show_stopped(self, done: int) -> None:
        """Show that the reading was stopped: there is no verdict on part of a series."""
        self._offer(self.again, *((self.save,) if done else ()))
        self.verdict.show_verdict("Stopped", QUIET_TEXT)
        self.sentence.setText(
            f"{done} of {self.progress.maximum()} slices were read. A verdict needs the whole series."
        )

    def show_waiting(self, text: str) -> None:
        """Show what the reading waits for before it begins."""
        self._show_unread("…", QUIET_TEXT, text)

    def show_failure(self, reason: str) -> None:
        """Show why no slice can be read."""
        self._show_unread("Not read", WARNING, reason)

    def show_greys(self, words: str) -> None:
        """Show which VOI windows were applied to the network's input."""
        say_or_hide(self.greys, words)

    def _show_unread(self, headline: str, colour: QColor, text: str) -> None:
        self.verdict.show_verdict(headline, colour)
        self.sentence.setText(breakable(text))
        self.show_greys("")
        self._offer()  # there are no readings
        self.warning.hide()
        self.show()

    def _offer(self, *offered: QPushButton) -> None:
        """Show these buttons and hide the others, with a bar of progress beside the one to stop."""
        self._running = self.stop in offered
        self.progress.setVisible(self._running)
        for button in sorted(self._buttons, key=lambda one: one not in offered):
            # First those that may get the focus from one that is hidden.
            button.setVisible(button in offered)
