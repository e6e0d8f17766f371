"""The view of an evaluation: the figures first, then the scans behind them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QTextOption
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QTabWidget, QTextBrowser, QWidget

from btgui.engine.figures.evaluation import EvaluationFigures, TestedScan, read_figures
from btgui.views.evaluation_view.confusion_table import (
    CLICK_A_CELL,
    ROWS_AND_COLUMNS,
    ConfusionTable,
    is_narrow,
)
from btgui.views.evaluation_view.reliability_plot import ReliabilityPlot
from btgui.views.evaluation_view.words import figures_page
from btgui.views.scan_grid import ListedScan, ScanGrid, place_of, scans_words
from btgui.views.text import percent


class EvaluationView(QWidget):
    """Displays the figures of an evaluation, which are computed elsewhere.

    Attributes
    ----------
    other_is_in_use
        Whether the other model of the comparison is the model in use; the figures shown say so.

    Signals
    -------
    open_requested(Path)
        The user wants to see a scan with its heatmap in the main window.
    """

    open_requested = Signal(object)
    command = "evaluate"
    read = staticmethod(read_figures)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._figures: EvaluationFigures | None = None
        self._other_is_in_use = False
        self.page = QTextBrowser()
        self.page.setAccessibleName("Figures")
        self.page.setWordWrapMode(QTextOption.WrapMode.WordWrap)  # no word is broken
        self.page.setOpenLinks(False)
        self.confusion = ConfusionTable()
        self.calibration = ReliabilityPlot()
        self.behind = ScanGrid()
        self._lay_out()
        self.confusion.cell_chosen.connect(self._show_cell)
        self.behind.open_requested.connect(self.open_requested)

    @property
    def other_is_in_use(self) -> bool:
        """Whether the other model of the comparison is the model in use."""
        return self._other_is_in_use

    @other_is_in_use.setter
    def other_is_in_use(self, is_in_use: bool) -> None:
        if is_in_use == self._other_is_in_use:
            return
        self._other_is_in_use = is_in_use
        if self._figures is not None:
            place = self.page.verticalScrollBar().value()
            self._show_page(self._figures)
            self.page.verticalScrollBar().setValue(place)

    def show_figures(self, figures: EvaluationFigures) -> None:
        """Replace the evaluation shown."""
        self._figures = figures
        self._show_page(figures)
        self.confusion.show_counts(figures.names, figures.confusion)
        self.calibration.show_figures(figures)
        explained = f"{ROWS_AND_COLUMNS} " if is_narrow(len(figures.names)) else ""
        self.behind.show_scans(f"{explained}{CLICK_A_CELL}", [])

    def close_workers(self) -> None:
        """Stop making thumbnails."""
        self.behind.close_workers()

    def _show_page(self, figures: EvaluationFigures) -> None:
        self.page.setHtml(figures_page(figures, other_is_in_use=self._other_is_in_use))

    def _show_cell(self, true: int, said: int) -> None:
        if self._figures is None:
            return
        found = self._figures.scans_of(true, said)
        names = self._figures.names
        self.behind.show_scans(
            scans_words(len(found), f"of {names[true]} read as {names[said]}"),
            [_listed(scan) for scan in found],
        )

    def _lay_out(self) -> None:
        matrix = QSplitter(Qt.Orientation.Vertical)
        matrix.addWidget(self.confusion)
        matrix.addWidget(self.behind)
        matrix.setSizes([220, 260])
        tabs = QTabWidget()
        tabs.setDocumentMode(True)
        tabs.tabBar().setDrawBase(False)
        tabs.addTab(self.page, "Figures")
        tabs.addTab(matrix, "Confusion and scans")
        tabs.addTab(self.calibration, "Calibration")
        self.tabs = tabs
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(tabs)


def _listed(scan: TestedScan) -> ListedScan:
    sure = percent(scan.probability)
    return ListedScan(
        scan.path,
        f"{scan.path.name}\n{sure}",
        f"{place_of(scan.path)}: the verdict's probability was {sure}.",
    )
