"""Fixtures: a scan view with a DICOM slice, and functions that move the mouse over it."""

from dataclasses import replace

import pyqtgraph as pg
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from btgui.engine.geometry import Edges
from btgui.engine.scan import Scan
from btgui.views.scan_view import ScanView


@pytest.fixture
def slice_scan(analysis) -> Scan:
    """The drawn head (128 x 128) with the facts of a DICOM slice."""
    return replace(
        analysis.scan,
        spacing_mm=(0.5, 0.5),
        edges=Edges(left="R", right="L", top="A", bottom="P"),
        plane="axial",
        slice_location_mm=34.5,
        lossy="lossy JPEG, 10:1",
        header={"PatientName (0010,0010)": "DOE^JANE", "PatientID (0010,0020)": "0042"},
    )


@pytest.fixture
def another(slice_scan) -> Scan:
    """A picture like the first, from another file."""
    return replace(slice_scan, sha256="another")


@pytest.fixture
def view(qtbot, slice_scan, monkeypatch):
    # pyqtgraph drops movements that come faster than a hand makes them.
    monkeypatch.setitem(pg.CONFIG_OPTIONS, "mouseRateLimit", -1)
    view = ScanView()
    qtbot.addWidget(view)
    view.resize(400, 400)
    view.show()
    view.show_scan(slice_scan)
    QApplication.processEvents()
    return view


@pytest.fixture
def canvas(view):
    return view._graphics.viewport()


@pytest.fixture
def at(view):
    """Return where a place (x, y) of the scan lies on the canvas."""

    def at(x: float, y: float) -> QPoint:
        return view._graphics.mapFromScene(view.picture.to_scene(x, y))

    return at


@pytest.fixture
def drag(qtbot, canvas):
    """Drag with the left button from one point of the canvas to another."""

    def drag(start: QPoint, end: QPoint) -> None:
        key = Qt.KeyboardModifier.NoModifier
        qtbot.mouseMove(canvas, start)
        qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, key, start)
        for point in ((start + end) / 2, end):
            qtbot.mouseMove(canvas, point)
        qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, key, end)

    return drag


@pytest.fixture
def click(qtbot, canvas):
    """Move to a point of the canvas and click it."""

    def click(point: QPoint) -> None:
        qtbot.mouseMove(canvas, point)
        qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=point)
        qtbot.wait(QApplication.doubleClickInterval() + 20)

    return click
