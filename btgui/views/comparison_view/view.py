"""The view of a comparison: the figures first, then the scans behind them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QTextOption
from PySide6.QtWidgets import QSplitter, QTabWidget, QTextBrowser, QVBoxLayout, QWidget

from btgui.engine.figures.comparison import ComparedModel, ComparisonFigures, read_comparison
from btgui.engine.models.published_networks import OFFICIAL_TEST_SCANS, PUBLISHED
from btgui.engine.one_line import one_line
from btgui.views.comparison_view.listing import listed_scans
from btgui.views.comparison_view.shared_errors import SharedErrors
from btgui.views.comparison_view.words import comparison_words
from btgui.views.confusion_grid import ConfusionGrid, ModelCounts
from btgui.views.evaluation_view.confusion_table import CLICK_A_CELL
from btgui.views.models_window.accuracy_plot import AccuracyPlot, ModelPoint
from btgui.views.scan_grid import ScanGrid, scans_words


class ComparisonView(QWidget):
    """Displays the figures of a comparison, which are computed elsewhere.

    Signals
    -------
    open_requested(Path)
        The user wants to see a scan with its heatmap in the main window.
    """

    open_requested = Signal(object)
    command = "compare"
    read = staticmethod(read_comparison)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._figures: ComparisonFigures | None = None
        self.page = QTextBrowser()
        self.page.setAccessibleName("Figures")
        self.page.setWordWrapMode(QTextOption.WrapMode.WordWrap)  # many columns scroll
        self.page.setOpenLinks(False)
        self.by_size = AccuracyPlot("Parameters (million)")
        self.by_time = AccuracyPlot("Time per scan on this computer (ms)")
        self.confusion = ConfusionGrid()
        self.behind = ScanGrid()
        self.errors = SharedErrors()
        matrices = QSplitter(Qt.Orientation.Vertical)
        matrices.addWidget(self.confusion)
        matrices.addWidget(self.behind)
        matrices.setSizes([350, 270])
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.addTab(self.page, "Figures")
        self.tabs.addTab(matrices, "Confusion and scans")
        self.tabs.addTab(self.errors, "Shared errors")
        self.tabs.addTab(self.by_size, "Accuracy and size")
        self.tabs.addTab(self.by_time, "Accuracy and time")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.tabs)
        self.confusion.cell_chosen.connect(self._show_cell)
        self.behind.open_requested.connect(self.open_requested)
        self.errors.open_requested.connect(self.open_requested)

    def show_figures(self, figures: ComparisonFigures) -> None:
        """Replace the comparison shown."""
        self._figures = figures
        self.page.setHtml(comparison_words(figures))
        self.confusion.show_counts(
            [ModelCounts(model.title, figures.names, model.confusion) for model in figures.models]
        )
        self.behind.show_scans(CLICK_A_CELL, [])
        self.errors.show_figures(figures)
        self.by_size.show_points(
            [_point(model, model.parameters / 1e6) for model in figures.models],
            [
                ModelPoint(one.name, one.parameters / 1e6, one.accuracy, one.accuracy, one.accuracy)
                for one in PUBLISHED
            ],
            f"Grey squares: published accuracy on the {OFFICIAL_TEST_SCANS:,} official test images, "
            f"under the published protocol.",
        )
        self.by_time.show_points([_point(model, model.milliseconds) for model in figures.models])

    def close_workers(self) -> None:
        """Stop making thumbnails."""
        self.behind.close_workers()
        self.errors.close_workers()

    def _show_cell(self, model: int, true: int, said: int) -> None:
        figures = self._figures
        if figures is None:
            return
        found = figures.of_cell(model, true, said)
        who = one_line(figures.models[model].title)
        self.behind.show_scans(
            scans_words(
                len(found), f"of {figures.names[true]} that {who} reads as {figures.names[said]}"
            ),
            listed_scans(figures, found),
        )


def _point(model: ComparedModel, cost: float) -> ModelPoint:
    share = model.accuracy
    return ModelPoint(model.title, max(cost, 1e-3), share.value, share.low, share.high)
