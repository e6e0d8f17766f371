"""Shows the reading of the open scan or slice in all parts of the window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject

from btgui.engine.results import Analysis
from btgui.views.prediction_panel import PredictionPanel
from btgui.views.preprocessing_view import PreprocessingView
from btgui.views.reading_page import ReadingPage
from btgui.workers.analysis_worker import AnalysisService


class ReadingDesk(QObject):
    """Makes verdict, heatmaps, outline and steps show one reading, or why there is none."""

    def __init__(
        self,
        service: AnalysisService,
        page: ReadingPage,
        preprocessing: PreprocessingView,
        prediction: PredictionPanel,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._page, self._gradcam = page, page.gradcam
        self._preprocessing, self._prediction = preprocessing, prediction
        self._gradcam.explanation_requested.connect(service.explain)
        service.scan_loaded.connect(page.show_scan)
        service.analysis_failed.connect(self._fail_analysis)
        service.explanation_ready.connect(self._gradcam.show_explanation)
        service.explanation_failed.connect(self._gradcam.show_failure)

    def begin(self) -> None:
        """Show that the open scan or slice is being read."""
        self._page.begin()
        self._clear("Heatmaps follow the verdict.")
        self._prediction.show_waiting("Reading …")

    def await_rest(self) -> None:
        """Show that a slice is read once the reader pauses on it."""
        self._page.begin()
        self._clear("Pause on a slice to see its heatmaps.")
        self._prediction.show_waiting("Pause on a slice to have it read.")

    def show(self, analysis: Analysis, warning: str = "") -> None:
        """Show a verdict and request its heatmaps; ``warning`` says what makes it doubtful."""
        self._page.scan_view.show_outline(analysis.preprocessed.outline)
        self._preprocessing.show_steps(analysis.scan, analysis.preprocessed)
        self._prediction.show_analysis(analysis, warning)
        self._gradcam.show_analysis(analysis)

    def fail(self, title: str, path: Path, reason: str) -> None:
        """Show why a scan could not be read, under the title of the scan or its series."""
        self._page.begin()
        self._clear("No heatmaps: the scan could not be read.")
        self._page.show_failure(title)
        self._prediction.name_scan(path.name)
        self._prediction.show_failure(reason)

    def take_back(self) -> None:
        """Remove the verdict: there is no model any more, and the scan waits for one."""
        if self._gradcam.analysis is not None:
            self._prediction.show_waiting("Reading …")
        self._clear("No heatmaps: there is no model.")
        self._page.scan_view.show_outline(None)

    def _fail_analysis(self, _path: Path, reason: str) -> None:
        """Show why there is no verdict; the picture, which was read, and its measurements stay."""
        self._clear("No heatmaps: the scan could not be analysed.")
        self._page.scan_view.show_outline(None)
        self._prediction.show_failure(reason)

    def _clear(self, why: str) -> None:
        self._gradcam.clear(why)
        self._preprocessing.clear()
