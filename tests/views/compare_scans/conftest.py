"""A synthetic study, and a window in which its series are compared."""

from pathlib import Path

import pytest
from pydicom import dcmread
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGraphicsView

from btgui.engine.studies.index import index_places
from btgui.views.compare_scans import CompareScansWindow
from btgui.views.compare_scans.listing import listed_stacks
from tests.views.conftest import send_wheel
from tools.make_series import make_series


def write_series(folder: Path, *, apart: float = 1.0, number: int = 1, study="1.2.3", **options):
    """Write a synthetic series of a study, its slices further apart by a factor."""
    for file in make_series(folder, size=24, **options):
        dataset = dcmread(file)
        dataset.StudyInstanceUID, dataset.SeriesNumber = study, number
        if "ImagePositionPatient" in dataset:
            x, y, z = dataset.ImagePositionPatient
            dataset.ImagePositionPatient = [x, y, float(z) * apart]
        dataset.save_as(file)


@pytest.fixture(scope="session")
def study(tmp_path_factory) -> Path:
    """One study: fine and coarse axial slices, coronal ones, and an enhanced file.

    The fine series has 30 slices 3 mm apart, the coarse one 11 slices 7.5 mm apart, the
    enhanced file 22 frames 3 mm apart.
    """
    place = tmp_path_factory.mktemp("compared") / "study"
    write_series(place / "fine", slices=30, description="T1 fine")
    write_series(place / "coarse", slices=11, apart=2.5, number=2, description="T2\ncoarse")
    write_series(place / "coronal", slices=20, plane="coronal", number=3, description="T1 coronal")
    write_series(
        place / "enhanced", slices=22, enhanced=True, number=4, description="<b>FLAIR</b> enhanced"
    )
    return place


@pytest.fixture(scope="session")
def stacks(study):
    """What is listed of the study: fine, coarse, coronal, enhanced."""
    return listed_stacks(index_places([study]).series, [])


@pytest.fixture
def empty_window(qtbot):
    """The window in front, without anything to compare yet."""
    compare = CompareScansWindow()
    qtbot.addWidget(compare)
    with qtbot.waitActive(compare):
        compare.show()
        compare.activateWindow()
    yield compare
    compare.close()
    compare.close_workers()


def canvas(pane):
    return pane.view.findChild(QGraphicsView).viewport()


def wheel(pane, notches: float, modifier=Qt.KeyboardModifier.NoModifier):
    """Turn the wheel over a pane; below 0 is towards the user."""
    send_wheel(canvas(pane), notches, modifier)
