"""Makes the report of the open scan or series, and saves or prints it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from btgui.engine.disk.files import file_name_of
from btgui.engine.exports.file_title import file_title
from btgui.engine.models.card import ModelCard
from btgui.engine.models.pack import ModelPack
from btgui.engine.notifications import Notification, mention, notify
from btgui.views.browser.file_browser import FileBrowser
from btgui.views.dialogs.file_dialogs import ask_where_to_save
from btgui.views.dialogs.visited_folders import forgetting
from btgui.views.reading_page import ReadingPage
from btgui.views.saving import Saving
from btgui.views.series_desk import SeriesDesk
from btgui.workers.analysis_worker import AnalysisService

if TYPE_CHECKING:  # imported when first used, so that the application starts sooner
    from PySide6.QtPrintSupport import QPrinter

    from btgui.engine.exports.shown_scan import ShownScan
    from btgui.engine.studies.series import Series
    from btgui.views.report.page import Content

_PDF = ("PDF", ".pdf")
_NO_PRINTER = (
    "No printer was found on this computer. File, Save report … saves a PDF, which can be printed "
    "elsewhere."
)
_OTHER_SCAN = "No report was made: another scan or series was opened."
_OTHER_SLICE = "No report was made: another slice was chosen."
_OUT_OF_DATE = "No report was made: the reading is out of date. Try again after the new reading."


@dataclass(frozen=True)
class _Wish:
    """A report that was requested.

    Attributes
    ----------
    deliver
        Saves or prints the report.
    series, index
        The series and the slice to be pictured; None and 0 for a single scan.
    why
        Why that slice was chosen, as the report states it.
    """

    deliver: Callable[[Content, str], None]
    series: Series | None = None
    index: int = 0
    why: str = ""


class ReportDesk(QObject):
    """Makes reports of the open scan or series; a series first goes to the slice to be pictured."""

    def __init__(
        self,
        service: AnalysisService,
        browser: FileBrowser,
        page: ReadingPage,
        series: SeriesDesk,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._browser, self._page, self._series, self._parent = browser, page, series, parent
        self._gradcam, self._view = page.gradcam, page.scan_view
        self._card: ModelCard | None = None  # of the model that read what is open
        self._wish: _Wish | None = None
        self._gradcam.settled.connect(self._go_on)
        self._gradcam.enabled_changed.connect(self._tell_closed_scan)
        page.series_bar.slice_wanted.connect(self._tell_other_slice)
        for gone in (series.opened, series.left):
            gone.connect(self._tell_other_scan)
        series.whole.outcome_changed.connect(self._tell_outdated)
        service.model_ready.connect(self._take_model)
        service.model_failed.connect(self._tell_outdated)
        for failed in (series.slice_failed, service.scan_failed, service.analysis_failed):
            failed.connect(self._tell_failure)

    def has_reading(self) -> bool:
        """Whether there is a reading to report: of a scan, or of a complete series."""
        if self._series.series is not None:
            return self._series.whole.outcome is not None
        return self._gradcam.isEnabled()

    def save(self) -> None:
        """Ask for a file and write the report as a PDF."""
        self.make(self._save)

    def print(self) -> None:
        """Ask for a printer and print the report; warn if there is no printer."""
        from PySide6.QtPrintSupport import QPrinterInfo

        if QPrinterInfo.availablePrinterNames():
            self.make(self._print)
        else:
            notify(Notification("warning", _NO_PRINTER))

    def make(self, deliver: Callable[[Content, str], None]) -> None:
        """Call ``deliver`` with the report and its proposed file name, once it can be made."""
        if not self.has_reading():
            return
        series = self._series.series
        if series is None:
            self._wish = _Wish(deliver)
        else:
            self._wish = _Wish(deliver, series, *self._slice_to_show())
            self._page.series_bar.pause()  # the next slice would overtake the report
            slider = self._page.series_bar.slider
            if slider.value() != self._wish.index:
                number = self._wish.index + 1
                mention(f"Reading slice {number} for the report …")
                slider.setValue(self._wish.index)
        self._go_on()

    def close(self) -> None:
        """Drop a pending request for a report."""
        self._wish = None

    def _slice_to_show(self) -> tuple[int, str]:
        """Return the index of the slice that the report of a series pictures, and why."""
        from btgui.engine.studies.series_verdict import telling_slice

        shown, outcome = self._page.series_bar.slider.value(), self._series.whole.outcome
        if self._view.scan is not None and self._view.measuring.measurements:
            return shown, "the reader's measurements are on it"
        if outcome is None or outcome.verdict is None or self._card is None:
            return shown, "it was on the screen"
        verdict = outcome.verdict
        name = self._card.display_names[verdict.likeliest_tumour].lower()
        which = "the slices that decided" if verdict.deciding else "all slices, as none decided"
        index = telling_slice(outcome.readings, verdict)
        return index, f"highest probability of {name} among {which}"

    def _go_on(self) -> None:
        """Deliver a requested report once there are heatmaps, or a reason why there are none."""
        wish, analysis, scan = self._wish, self._gradcam.analysis, self._view.scan
        if wish is None or analysis is None or scan is None:
            return
        if self._card is None or self._card.id != analysis.model_id:
            return  # another model is about to read the scan
        waits = analysis.explanation is None and not self._gradcam.problem
        shows = analysis.scan.address == scan.address
        if wish.series is not None:
            shows &= scan.address == wish.series.slices[wish.index].address
        if waits or not shows:
            return
        self._wish = None
        wish.deliver(self._content(wish), self._name(wish))

    def _take_model(self, pack: ModelPack) -> None:
        self._tell_outdated()  # the new model reads the open scan again
        self._card = pack.card

    def _drop(self, why: str) -> None:
        """Drop a pending request, if there is one, and say why."""
        if self._wish is not None:
            self._wish = None
            mention(why)

    def _tell_outdated(self) -> None:
        """Drop a request whose reading is out of date: the model or the files changed."""
        self._drop(_OUT_OF_DATE)

    def _tell_other_scan(self) -> None:
        self._drop(_OTHER_SCAN)

    def _tell_closed_scan(self) -> None:
        """Drop the request for a report of a scan that is no longer open."""
        if self._wish is not None and self._wish.series is None and not self._gradcam.isEnabled():
            self._drop(_OTHER_SCAN)

    def _tell_other_slice(self, index: int) -> None:
        if self._wish is not None and index != self._wish.index:
            self._drop(_OTHER_SLICE)

    def _tell_failure(self, _path: Path, reason: str) -> None:
        if self._wish is not None:
            self._wish = None
            notify(Notification("warning", f"No report was made: {reason}"))

    def _name(self, wish: _Wish) -> str:
        """Return the proposed file name, which is neutral while the patient is hidden."""
        from btgui.engine.studies.words import series_title

        scan = self._view.scan
        if scan is None or not self._view.patient_visible():
            return "report.pdf"
        title = file_title(scan) if wish.series is None else series_title(wish.series)
        return f"{file_name_of(title)}-report.pdf"

    def _content(self, wish: _Wish) -> Content:
        from btgui.engine.exports.report import (
            SeriesPart,
            heatmap_words,
            scan_report,
            series_report,
        )
        from btgui.views.report.curve import Curve
        from btgui.views.report.page import Content
        from btgui.views.report.pictures import ReportedHeat

        gradcam, card, analysis = self._gradcam, self._card, self._gradcam.analysis
        outcome = self._series.whole.outcome
        assert card is not None  # noqa: S101  (the caller has seen it)
        assert analysis is not None  # noqa: S101  (the caller has seen it)
        shown, curve, heat = self._shown(), None, None
        if wish.series is None or outcome is None:
            header = self._browser.series_of_one(analysis.scan.path)
            report = scan_report(analysis, card, header, shown)
        else:
            readings, verdict = outcome.readings, outcome.verdict
            part = SeriesPart(wish.series, readings, verdict, outcome.read_at, wish.index, wish.why)
            report = series_report(analysis, card, part, shown)
            deciding = verdict.deciding if verdict else ()
            curve = Curve(readings, card.display_names, deciding, wish.index)
        explanation, number = analysis.explanation, gradcam.stage()
        if explanation is not None and number:
            words = heatmap_words(analysis, explanation, number - 1)
            heat = ReportedHeat(explanation.stages[number - 1], gradcam.look.heat_style(), words)
        no_heat = gradcam.problem or "No heatmap: the original was shown beside the scan."
        return Content(report, shown, heat, no_heat, curve)

    def _shown(self) -> ShownScan:
        from btgui.engine.exports.shown_scan import ShownScan

        view = self._view
        assert view.scan is not None  # noqa: S101  (the caller has seen it)
        return ShownScan(
            scan=view.scan,
            greys=view.greys,
            turn=view.turn,
            measurements=tuple(view.measuring.measurements),
            patient_visible=view.patient_visible(),
        )

    def _save(self, content: Content, name: str) -> None:
        from btgui.views.report.output import write_pdf

        file = ask_where_to_save(self._parent, "Save report", name, *_PDF)
        if file is None:
            return

        def write() -> str:
            write_pdf(file, content)
            return f"Saved {file.name}."

        Saving(self, write)

    def _print(self, content: Content, _name: str) -> None:
        from btgui.views.report.output import print_page

        printer = self._ask_for_printer()
        if printer is None:
            return

        def send() -> str:
            print_page(printer, content)
            return "The report was sent to the printer."

        Saving(self, send)

    @forgetting
    def _ask_for_printer(self) -> QPrinter | None:
        """Return the printer that the user chose, or None."""
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        from btgui.views.report.output import prepare

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        prepare(printer)
        dialog = QPrintDialog(printer, self._parent)
        dialog.setWindowTitle("Print report")
        dialog.setMinMax(1, 1)
        # "Save report" writes files, and never leaves an incomplete one.
        dialog.setOption(QPrintDialog.PrintDialogOption.PrintToFile, on=False)
        chosen = dialog.exec()
        dialog.deleteLater()
        return printer if chosen else None
