"""The page with the open scan beside its heatmap, above the strip of stages."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QSplitter, QVBoxLayout, QWidget

from btgui.engine.one_line import one_line
from btgui.engine.scan import Scan
from btgui.views.heatmaps.gradcam_viewer import GradCamViewer
from btgui.views.invitation import Invitation
from btgui.views.scan_view import ScanView
from btgui.views.series.probability_curve import ProbabilityCurve
from btgui.views.series.series_bar import SeriesBar
from btgui.views.text import plain_tip
from btgui.views.widgets.elided_label import ElidedLabel
from btgui.views.widgets.focus_heirs import leave_focus_to
from btgui.views.widgets.level_pictures import LevelPictures

_NARROWEST = 232  # pixels: the least width of the scan and of the heatmap, even with a large font
_BOTH = 500  # pixels: their least width together; in a small window, the side columns shrink first
_NEARER, _NOTCH = 1.25, 120  # zoom factor per notch of the wheel; a notch in eighths of a degree
_CHANGES = (QEvent.Type.Resize, QEvent.Type.LayoutRequest)
_FEWEST_LINES = 22  # lines of text: the least height of scan and heatmap with the stages below
_LOW = 400  # pixels: the height of both below which they and the parts below shrink alike


class _Pictures(QSplitter):
    """Scan and heatmap, which take all room that there is but ask for little."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:  # noqa: N802  (Qt's name)
        """Return the height below which the parts underneath shrink too."""
        return QSize(super().sizeHint().width(), _LOW)


class ReadingPage(QWidget):
    """Scan and heatmap side by side at the same size, and every stage below them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scan_view = ScanView()
        self.invitation = Invitation(self.scan_view.canvas)
        leave_focus_to(self.invitation, self.scan_view)
        self.gradcam = GradCamViewer()
        self.series_bar = SeriesBar()
        self.curve = ProbabilityCurve()
        self.name = ElidedLabel(Qt.TextElideMode.ElideMiddle)
        self.name.setProperty("role", "heading")
        self.name.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addStrut(_BOTH)
        splitter = _Pictures()
        splitter.setChildrenCollapsible(False)
        layout.addWidget(splitter)  # without a stretch, which would make it the first to shrink
        scan = QWidget()
        column = QVBoxLayout(scan)
        column.setContentsMargins(0, 6, 0, 0)
        column.addWidget(self.name)
        column.addWidget(self.scan_view, 1)
        scan.setMinimumWidth(_NARROWEST)
        self.gradcam.large.setMinimumWidth(_NARROWEST)  # the controls around it may need more
        for index, part in enumerate((scan, self.gradcam)):
            splitter.addWidget(part)
            splitter.setStretchFactor(index, 1)
        splitter.setSizes([500, 500])
        self.scan_view.display_changed.connect(self._link)
        self.gradcam.large.installEventFilter(self)
        LevelPictures((scan, self.scan_view.canvas), (self.gradcam, self.gradcam.large))
        layout.addWidget(self.series_bar)
        layout.addWidget(self.curve)
        layout.addWidget(self.gradcam.strip)

    def event(self, event: QEvent) -> bool:
        """Check what there is room for whenever the page or its contents change in size."""
        done = super().event(event)
        if event.type() in _CHANGES:
            self._make_room()
        return done

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  (Qt's name)
        """Let the wheel over the heatmap zoom scan and heatmap, unless it changes slices."""
        if isinstance(event, QWheelEvent):
            self.scan_view.zoom(_NEARER ** (event.angleDelta().y() / _NOTCH))
            return True
        return super().eventFilter(watched, event)

    def begin(self) -> None:
        """Take away the invitation to open a scan: one is being read."""
        self.invitation.hide()

    def show_scan(self, scan: Scan) -> None:
        """Show a scan that has been read; its heatmaps follow."""
        self.scan_view.show_scan(scan)
        self.set_title(scan.path.name)

    def set_series_open(self, *, is_open: bool) -> None:
        """Make the strip of stages lower while a series is open: its slider and curve need room."""
        self.gradcam.strip.set_low(low=is_open)

    def show_slice(self, scan: Scan, title: str, *, keep_display: bool) -> None:
        """Show a slice of a series; ``keep_display`` keeps place, contrast and orientation."""
        self.scan_view.show_scan(scan, keep_display=keep_display)
        self.set_title(title)

    def set_title(self, title: str) -> None:
        """Show a title; the tooltip adds the facts of the scan, and shows a long title in full."""
        scan = self.scan_view.scan
        facts = {} if scan is None else scan.metadata
        lines = (f"{name}: {one_line(text)}" for name, text in facts.items())
        self.name.setText(title)
        self.name.setToolTip(plain_tip("\n".join((title, *lines))))

    def show_failure(self, title: str) -> None:
        """Show no picture, which could not be read, under the title of what it belongs to."""
        self.scan_view.clear(keep_display=True)
        self.set_title(title)

    def _link(self) -> None:
        """Show the visible part of the scan in the heatmaps too, in the same orientation."""
        self.gradcam.show_part(self.scan_view.place(), self.scan_view.turn)

    def _make_room(self) -> None:
        """Hide the stages where they would leave too little room for the scan."""
        strip = self.gradcam.strip
        below = [strip, *(one for one in (self.series_bar, self.curve) if not one.isHidden())]
        gap = self.layout().spacing()
        taken = sum(one.minimumSizeHint().height() + gap for one in below)
        least = _FEWEST_LINES * self.fontMetrics().lineSpacing()
        strip.setVisible(self.height() - taken >= least)
