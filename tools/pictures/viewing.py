"""Screenshots of viewing tools, series, comparisons and keys for the user's guide."""

from __future__ import annotations

import shutil
from pathlib import Path

import cv2
from pydicom import dcmread
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QGraphicsView, QLabel

from btgui.engine.exports.picture import write_picture
from btgui.engine.pictures.measurement import Measurement
from btgui.engine.studies.index import index_places
from btgui.views.actions import ACTIONS
from btgui.views.compare_scans import CompareScansWindow
from btgui.views.compare_scans.listing import listed_stacks
from btgui.views.dialogs.keys_dialog import KeysDialog
from btgui.views.main_window import MainWindow
from btgui.views.report.page import Content, paint_page
from tools.make_series import make_series
from tools.pictures.stage import Stage

_SIZE = (1280, 800)
_PAGE, _DOTS = (744, 1128), 4134  # pixels of A4 within its margins, and dots per metre (105 dpi)
_MARGIN = 80
_DRAWN = {
    "PatientName": "DOE^JANE",
    "PatientID": "0042",
    "PatientBirthDate": "19610302",
    "StudyDate": "20260105",
    "StudyDescription": "MRI brain",
    "MagneticFieldStrength": 3,
    "SliceThickness": 5,
    "PixelSpacing": [0.9, 0.9],
    "ContrastBolusAgent": "gadobutrol",
}


def take(stage: Stage) -> None:
    """Take the screenshots of measurements, rotation, headers, a series, comparisons and keys."""
    window = stage.window(_SIZE)
    _take_tools(stage, window)
    _take_series(stage, window)
    window.close()
    _take_comparisons(stage)
    _take_keys(stage)


def _take_tools(stage: Stage, window: MainWindow) -> None:
    window.open_paths([_as_dicom(stage)])
    stage.until(
        lambda: (
            window.gradcam.analysis is not None and window.gradcam.analysis.explanation is not None
        )
    )
    view = window.scan_view
    view.measuring.measurements += [
        Measurement(((60, 110), (165, 120))),
        Measurement(((90, 60), (112, 95), (150, 70))),
    ]
    view.measuring.changed.emit()
    stage.save(window, "viewing-tools")
    heat = window.gradcam.shown_heat()
    write_picture(stage.guide / "viewing-dicom.png", window.dicom_saver.capture(heat).pixels)
    window.viewer.show_header()
    stage.save(window.viewer.header, "viewing-header")
    window.viewer.header.close()
    window.report.make(lambda content, _name: _take_report(stage, content))
    view.set_patient_visible(False)
    view.set_turn(view.turn.rotated())
    view.set_magnifies(True)
    graphics = view.findChild(QGraphicsView)
    QTest.mouseMove(graphics.viewport(), graphics.mapFromScene(view.picture.to_scene(112, 112)))
    stage.save(window, "viewing-lens")
    view.set_magnifies(False)
    view.set_turn(view.turn.rotated().rotated().rotated())
    view.set_patient_visible(True)


def _take_report(stage: Stage, content: Content) -> None:
    """Save a report's A4 page as printed, at a small size."""
    page = QImage(*_PAGE, QImage.Format.Format_RGB32)
    page.setDotsPerMeterX(_DOTS)
    page.setDotsPerMeterY(_DOTS)
    page.fill(QColor("white"))
    painter = QPainter(page)
    paint_page(painter, content)
    painter.end()
    framed = QLabel()
    framed.setPixmap(QPixmap.fromImage(page))
    framed.setStyleSheet("background: white")
    framed.setAlignment(Qt.AlignmentFlag.AlignCenter)
    framed.resize(page.width() + _MARGIN, page.height() + _MARGIN)
    stage.save(framed, "viewing-report")


def _as_dicom(stage: Stage) -> Path:
    """Return one of the scans as a DICOM file with an invented patient."""
    scan = next(file for file in sorted((stage.scans / "MRI scans").iterdir()) if "gl" in file.name)
    grey = cv2.resize(cv2.imread(str(scan), cv2.IMREAD_GRAYSCALE), (224, 224))
    made = make_series(stage.scans / "2025-11", slices=3, size=224, description="T1 axial post")
    dataset = dcmread(made[1])
    for keyword, value in _DRAWN.items():
        setattr(dataset, keyword, value)
    dataset.ImagePositionPatient = [-100, -120, 34.5]
    dataset.WindowCenter, dataset.WindowWidth = 128, 255
    dataset.PixelData = grey.astype("<u2").tobytes()
    shutil.rmtree(stage.scans / "2025-11")
    file = stage.scans / "2025-12" / "IM0017.dcm"
    dataset.save_as(file)
    return file


def _take_series(stage: Stage, window: MainWindow) -> None:
    study = stage.scans / "2026-01" / "Study"
    _write(study / "fine", "T1 post contrast", number=1, slices=60, apart=1.0)
    _write(study / "coarse", "T2 FLAIR", number=2, slices=24, apart=2.5)
    window.open_paths([study])
    stage.until(lambda: window.series.whole.verdict is not None)
    window.browser.request_reading()
    stage.until(window.browser.series_progress.isHidden)
    stage.until(
        lambda: (
            window.gradcam.analysis is not None and window.gradcam.analysis.explanation is not None
        )
    )
    stage.save(window, "series")


def _write(folder: Path, description: str, *, number: int, slices: int, apart: float) -> None:
    """Write a series of the study, with the slice spacing multiplied by ``apart``."""
    for path in make_series(folder, slices=slices, size=192, description=description):
        dataset = dcmread(path)
        dataset.StudyInstanceUID, dataset.SeriesNumber = "1.2.3", number
        for keyword in ("PatientName", "PatientID", "StudyDate", "StudyDescription"):
            setattr(dataset, keyword, _DRAWN[keyword])
        x, y, z = dataset.ImagePositionPatient
        dataset.ImagePositionPatient = [x, y, float(z) * apart]
        dataset.save_as(path)


def _take_comparisons(stage: Stage) -> None:
    study = stage.scans / "2026-01" / "Study"
    window = CompareScansWindow()
    window.show()
    stacks = listed_stacks(index_places([study]).series, [])
    fine = next(stack for stack in stacks if stack.title.startswith("T1"))
    window.open_scans(stacks, fine, 36)
    stage.until(lambda: all(pane.view.scan is not None for pane in window.panes[:2]))
    stage.save(window, "viewing-compare-series")
    pictures = listed_stacks([], sorted((stage.scans / "MRI scans").iterdir())[:4])
    window.open_scans(pictures, pictures[0])
    window.show_panes(4)
    stage.until(lambda: all(pane.view.scan is not None for pane in window.panes))
    stage.save(window, "viewing-compare")
    window.close()
    window.close_workers()


def _take_keys(stage: Stage) -> None:
    dialog = KeysDialog({"invert": "N"})
    dialog.show()
    row = [text.name for text in ACTIONS].index("next_slice")
    item = dialog.list.topLevelItem(row)
    dialog.list.setCurrentItem(item)
    dialog.list.scrollToItem(item, dialog.list.ScrollHint.PositionAtCenter)
    stage.save(dialog, "viewing-keys")
    dialog.close()
