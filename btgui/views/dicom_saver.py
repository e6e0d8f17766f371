"""Saves the open reading as a DICOM file that the hospital's PACS keeps with the study."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from btgui.engine.exports.file_title import file_title
from btgui.engine.exports.heat_pictures import ShownHeat
from btgui.engine.notifications import Notification, mention, notify
from btgui.views.dialogs.file_dialogs import ask_where_to_save
from btgui.views.prediction_panel import PredictionPanel
from btgui.views.reading_page import ReadingPage
from btgui.views.saving import Saving
from btgui.views.series_desk import SeriesDesk

if TYPE_CHECKING:  # importing pydicom takes a while: imported when it is first needed
    from pathlib import Path

    from btgui.engine.exports.dicom_capture import Capture
    from btgui.views.reading_picture import ReadingWords

_HIDDEN = (
    "The patient is hidden. A DICOM file must identify the patient, or no PACS could file it with "
    "the study. Show the patient (View, Hide patient), or save a picture, which identifies nobody."
)
_NOT_DICOM = (
    "A {kind} file names no patient and no study, so there is no study that a DICOM file could be "
    "filed with. Save a picture instead."
)
_ORIGINAL = (
    "The original is shown, without a heatmap. Choose a stage of the heatmap first: the file holds "
    "what you see."
)


class DicomSaver(QObject):
    """Asks for a file name and writes the DICOM file on a thread.

    The scan is read again for that, perhaps from a network drive.

    Parameters
    ----------
    page
        Holds the scan, its heatmaps and whether the patient is hidden.
    prediction, series
        Their texts on the scan, and on the series that it belongs to, are written into the file.
    parent
        The main window.

    Signals
    -------
    problem_over(str)
        The problem reported with this message no longer holds.
    """

    problem_over = Signal(str)

    def __init__(
        self, page: ReadingPage, prediction: PredictionPanel, series: SeriesDesk, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._page, self._prediction, self._series = page, prediction, series
        self._parent = parent
        self._refusal = ""  # the refusal on display, while it holds
        for changed in (page.scan_view.display_changed, page.scan_view.scan_changed):
            changed.connect(self._withdraw_refusal)

    def save(self) -> None:
        """Ask for a file and save the reading as displayed now, or report why it cannot be saved."""
        heat, self._refusal = self._page.gradcam.shown_heat(), self._why_not()
        if self._refusal:
            notify(Notification("warning", self._refusal))
        elif heat is None:
            analysis = self._page.gradcam.analysis
            computed = analysis is not None and analysis.explanation is not None
            why = _ORIGINAL if computed else "There is no heatmap to save with the scan yet."
            mention(why)
        else:
            self._ask_and_save(heat)

    def capture(self, heat: ShownHeat) -> Capture:
        """Return what would be saved now: the picture, and the reading that it shows."""
        from btgui.engine.exports.dicom_capture import Capture
        from btgui.views.reading_picture import reading_picture

        when = datetime.now(UTC).astimezone()
        explanation = heat.analysis.explanation
        assert explanation is not None  # noqa: S101  (as ShownHeat says)
        return Capture(
            pixels=reading_picture(heat, self._words(), when),
            analysis=heat.analysis,
            stage=heat.stage,
            target_index=explanation.target_index,
            method=explanation.method,
            when=when,
            volume="" if self._series.series is None else self._series.series.volume,
        )

    def _ask_and_save(self, heat: ShownHeat) -> None:
        capture = self.capture(heat)
        name = f"{file_title(heat.analysis.scan)}-reading.dcm"
        file = ask_where_to_save(self._parent, "Save as DICOM", name, "DICOM image", ".dcm")
        if file is not None:
            Saving(self, lambda: _written(file, capture))

    def _why_not(self) -> str:
        """Return why the open scan cannot be saved as DICOM, "" if it can."""
        view = self._page.scan_view
        if view.scan is not None and view.scan.file_format != "DICOM":
            return _NOT_DICOM.format(kind=view.scan.file_format)
        return "" if view.patient_visible() else _HIDDEN

    def _withdraw_refusal(self) -> None:
        """Withdraw the refusal once the patient, or another scan, is shown."""
        if self._refusal and self._why_not() != self._refusal:
            self.problem_over.emit(self._refusal)
            self._refusal = ""

    def _words(self) -> ReadingWords:
        from btgui.views.reading_picture import ReadingWords

        prediction, series, whole = self._prediction, self._series.series, self._series.whole
        card = whole.card
        sentence = prediction.sentence.text().replace("\n", " ")
        warning = prediction.warning.text()
        if series is None:
            return ReadingWords(sentence, warning)
        result, done = card.sentence.text(), len(whole.readings)
        if whole.verdict is not None:
            result = f"{card.verdict.text()}. {result} Verdicts on whole series are not validated."
        elif not whole.readings:  # none yet, or discarded because the files changed
            result = "no verdict."
        elif whole.outcome is None:  # still being read: the text in the window changes
            result = f"{done} of {len(series.slices)} slices had been read, so there is no verdict."
        if card.warning.isVisibleTo(card):
            warning = f"{warning}\n{card.warning.text()}".strip()
        place = self._page.series_bar.place.text()
        named = f"Whole series, {series.volume}" if series.volume else "Whole series"
        return ReadingWords(sentence, warning, place, f"{named}: {result}")


def _written(file: Path, capture: Capture) -> str:
    from btgui.engine.exports.dicom_capture import write_dicom_capture

    write_dicom_capture(file, capture)
    return f"Saved {file.name}."
