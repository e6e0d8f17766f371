"""An evaluation as a whole: what a reader wants to know first, then the scans behind it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QSplitter,
    QTabWidget,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from btgui.engine.evaluation_figures import EvaluationFigures, TestedScan
from btgui.views.evaluation_view.confusion_table import ConfusionTable
from btgui.views.evaluation_view.reliability_plot import ReliabilityPlot
from btgui.views.evaluation_view.words import figures_page
from btgui.views.text import percent
from btgui.views.thumbnail_loader import THUMBNAIL_SIDE, ThumbnailLoader

_LISTED = 200


class EvaluationView(QWidget):
    """Shows figures; computes nothing.

    Signals
    -------
    open_requested(Path)
        The user wants to see a scan, with its heatmap, in the window.
    """

    open_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._figures: EvaluationFigures | None = None
        self._loader = ThumbnailLoader(self)
        self.page = QTextBrowser()
        self.page.setOpenLinks(False)
        self.confusion = ConfusionTable()
        self.calibration = ReliabilityPlot()
        self.behind = QLabel("Click a cell to see the scans behind it.")
        self.scans = QListWidget()
        self.scans.setViewMode(QListWidget.ViewMode.IconMode)
        self.scans.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.scans.setMovement(QListWidget.Movement.Static)
        self.scans.setIconSize(QSize(THUMBNAIL_SIDE, THUMBNAIL_SIDE))
        self.scans.setGridSize(QSize(THUMBNAIL_SIDE + 24, THUMBNAIL_SIDE + 44))
        self.scans.setWordWrap(True)
        self.scans.setAccessibleName("Scans behind the cell")
        self._lay_out()
        self.confusion.cell_chosen.connect(self._show_cell)
        self.scans.itemActivated.connect(self._open)
        self.scans.itemClicked.connect(self._open)
        self._loader.thumbnail_ready.connect(self._picture_made)

    def show_figures(self, figures: EvaluationFigures) -> None:
        """Show a test in place of the one before."""
        self._figures = figures
        self.page.setHtml(figures_page(figures))
        self.confusion.show_figures(figures)
        self.calibration.show_figures(figures)
        self.scans.clear()
        self.behind.setText("Click a cell to see the scans behind it.")

    def close_workers(self) -> None:
        """Make no more pictures."""
        self._loader.close()

    def _show_cell(self, true: int, said: int) -> None:
        if self._figures is None:
            return
        self._loader.forget()
        self.scans.clear()
        found = self._figures.scans_of(true, said)
        names = self._figures.names
        more = f" (the {_LISTED} surest)" if len(found) > _LISTED else ""
        self.behind.setText(
            f"{len(found):,} scans of {names[true]} called {names[said]}{more}. Click one to open it "
            f"with its heatmap."
        )
        for scan in found[:_LISTED]:
            self.scans.addItem(_item(scan))
            self._loader.ask(scan.path)

    def _picture_made(self, path: object, image: QImage, _digest: str) -> None:
        for row in range(self.scans.count()):
            item = self.scans.item(row)
            if item.data(Qt.ItemDataRole.UserRole) == path and not image.isNull():
                item.setIcon(QIcon(QPixmap.fromImage(image)))

    def _open(self, item: QListWidgetItem) -> None:
        self.open_requested.emit(item.data(Qt.ItemDataRole.UserRole))

    def _lay_out(self) -> None:
        behind = QWidget()
        column = QVBoxLayout(behind)
        column.setContentsMargins(0, 0, 0, 0)
        self.behind.setWordWrap(True)
        column.addWidget(self.behind)
        column.addWidget(self.scans, 1)
        matrix = QSplitter(Qt.Orientation.Vertical)
        matrix.addWidget(self.confusion)
        matrix.addWidget(behind)
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


def _item(scan: TestedScan) -> QListWidgetItem:
    item = QListWidgetItem(f"{scan.path.name}\n{percent(scan.probability)}")
    item.setData(Qt.ItemDataRole.UserRole, scan.path)
    item.setToolTip(f"{scan.path.name}: the verdict's probability was {percent(scan.probability)}.")
    return item
