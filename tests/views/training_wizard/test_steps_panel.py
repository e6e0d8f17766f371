from dataclasses import replace

import pytest
from pydicom import dcmread
from PySide6.QtCore import Qt

from btgui.engine.preprocessing import PLAIN, PreprocessingParameters
from btgui.views.training_wizard.steps_panel import StepsPanel
from tests.dicom_files import series_without_windows
from tests.views.conftest import opens_a_list


@pytest.fixture
def panel(show, qtbot, draft):
    panel = show(StepsPanel())
    panel.show_draft(draft)
    qtbot.waitUntil(lambda: not panel.busy())
    return panel


def test_the_six_steps_of_a_scan_are_shown(panel):
    assert all(picture.has_picture() for picture in panel.view.pictures)
    assert panel.name.text().endswith(".png")


def test_another_scan_is_shown_by_a_click(panel, qtbot):
    before = panel.view.grab().toImage()
    qtbot.mouseClick(panel.another, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not panel.busy())
    assert panel.view.grab().toImage() != before


@opens_a_list
def test_a_class_is_chosen_with_the_keyboard(panel, qtbot):
    before = panel.view.grab().toImage()
    qtbot.keyClick(panel.classes, Qt.Key.Key_Down)
    assert panel.classes.currentText() == "No tumour"
    qtbot.waitUntil(lambda: not panel.busy())
    assert panel.view.grab().toImage() != before


def test_a_scan_that_cannot_be_read_says_so(panel, qtbot, draft):
    for scan in draft.scans:
        scan.path.write_bytes(b"nothing")
    qtbot.mouseClick(panel.another, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not panel.busy())
    assert not panel.view.pictures[0].has_picture()
    assert "Open the scan" in panel.name.text()


def test_what_is_left_out_is_not_shown(panel, qtbot, draft):
    kept = draft.scans[0]
    draft.left_out = {scan.path for scan in draft.scans if scan != kept}
    panel.show_draft(draft)
    qtbot.waitUntil(lambda: not panel.busy())
    assert (panel.classes.count(), panel.name.text()) == (1, kept.path.name)


def test_of_a_slice_without_a_window_it_is_said_that_training_sees_its_series(
    panel, qtbot, draft, tmp_path
):
    files = series_without_windows(tmp_path / "series", slices=2)
    draft.scans = [replace(draft.scans[0], path=file) for file in files]
    panel.show_draft(draft)
    qtbot.waitUntil(lambda: not panel.busy())
    assert "shares one with the slices of its series" in panel.name.text()
    for file in files:
        dataset = dcmread(file)
        dataset.WindowCenter, dataset.WindowWidth = 350, 700
        dataset.save_as(file)
    qtbot.mouseClick(panel.another, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not panel.busy())
    assert panel.name.text() in {file.name for file in files}


def test_a_class_that_was_renamed_is_called_by_its_new_name(panel, draft):
    panel.classes.setCurrentIndex(1)
    draft.display_names["notumor"] = "Nothing found"
    panel.show_draft(draft)
    assert panel.classes.currentText() == "Nothing found"


def test_the_steps_are_those_of_the_model_that_is_gone_on_from(panel, qtbot, draft):
    before = panel.view.pictures[-1].grab().toImage()
    assert "cut out" in panel.why.text()
    draft.preprocessing = PLAIN
    panel.show_draft(draft)
    qtbot.waitUntil(lambda: not panel.busy())
    assert panel.view.pictures[-1].grab().toImage() != before
    assert panel.why.text().startswith("The whole scan is kept, in greyscale")
    draft.preprocessing = PreprocessingParameters(threshold=60)
    panel.show_draft(draft)
    assert panel.why.text().startswith("As for the model")
