"""A file's VOI curve or lookup table is used for the initial display and the network's input."""

from dataclasses import replace

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage

from btgui.engine.scan import Window
from btgui.engine.scan_source import read_scan
from tools.make_series import make_series


def exact(dataset):
    dataset.VOILUTFunction = "LINEAR_EXACT"


def linear(dataset):
    del dataset.VOILUTFunction


def sigmoid(dataset):
    dataset.VOILUTFunction = "SIGMOID"


def table(dataset):
    """A lookup table that inverts the picture."""
    item = Dataset()
    item.LUTDescriptor = [701, 0, 8]
    item.LUTData = np.round(255 * (1 - np.arange(701) / 700)).astype("<u2").tobytes()
    item["LUTData"].VR = "OW"
    dataset.VOILUTSequence = Sequence([item])
    del dataset.WindowCenter, dataset.WindowWidth


def negative(dataset):
    sigmoid(dataset)
    dataset.PhotometricInterpretation = "MONOCHROME1"


RULES = (exact, linear, sigmoid, table, negative)


@pytest.fixture
def scan_by(tmp_path):
    """Return a function that makes a slice to be displayed by a given VOI rule."""

    def make(rule):
        (file,) = make_series(tmp_path / rule.__name__, slices=1, size=48)
        dataset = dcmread(file)
        ramp = np.linspace(0, 700, 48 * 48).astype(np.uint16)  # every grey, not only the phantom's
        dataset.PixelData = ramp.tobytes()
        dataset.VOILUTFunction = "LINEAR"
        dataset.WindowCenter, dataset.WindowWidth = 300, 400
        rule(dataset)
        dataset.save_as(file)
        return read_scan(file)

    return make


def shown(view) -> np.ndarray:
    """Return the grey levels that are drawn."""
    item = view.picture.image
    item.render()
    image = item.qimage.convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return rows[:, : image.width()].astype(int)


@pytest.mark.parametrize("rule", RULES)
def test_at_first_the_network_s_greys_are_shown(view, scan_by, rule):
    scan = scan_by(rule)
    view.show_scan(scan)
    assert np.array_equal(shown(view), scan.grey)
    view.invert()
    assert np.array_equal(shown(view), 255 - scan.grey.astype(int))


@pytest.mark.parametrize("rule", RULES)
def test_a_drag_goes_on_linearly_from_the_file_s_window(view, scan_by, drag, rule):
    scan = scan_by(rule)
    view.show_scan(scan)
    drag(QPoint(150, 150), QPoint(210, 150))
    window = view.greys.window
    assert window.width > scan.window.width
    assert window.centre == pytest.approx(scan.window.centre)
    expected = (scan.values - (window.centre - window.width / 2)) / window.width * 255
    expected = np.clip(255 - expected if scan.inverted else expected, 0, 255)
    assert np.abs(shown(view) - expected).max() <= 1
    view.reset_view()
    assert np.array_equal(shown(view), scan.grey)


@pytest.mark.parametrize("by_reader", [False, True])
@pytest.mark.parametrize("by_file", [False, True])
def test_down_darkens_what_is_seen_in_a_negative_too(view, scan_by, drag, by_file, by_reader):
    view.show_scan(replace(scan_by(linear), inverted=by_file))
    if by_reader:
        view.invert()
    drag(QPoint(150, 150), QPoint(180, 150))  # linear from here on
    before, centre = shown(view), view.greys.window.centre
    drag(QPoint(150, 150), QPoint(150, 200))
    assert shown(view).mean() < before.mean()
    assert (view.greys.window.centre > centre) == (by_file == by_reader)


def test_another_preset_is_linear_also_where_its_window_is_the_same(view, scan_by):
    scan = scan_by(table)
    view.show_scan(scan)
    view.use_preset("full")
    assert view.greys.window == scan.window  # the table has none: the range of values stands for it
    assert np.abs(shown(view) - scan.values / 700 * 255).max() <= 1
    assert [preset.name for preset in view.presets() if view.greys.are_by(preset)] == ["full"]
    view.use_preset("file")
    assert np.array_equal(shown(view), scan.grey)
    assert [preset.name for preset in view.presets() if view.greys.are_by(preset)] == ["file"]


def test_the_text_tells_the_rule_until_it_no_longer_holds(view, scan_by):
    view.show_scan(scan_by(sigmoid))
    assert view.corners.bottom_left[0] == "W 400  C 300  sigmoid"
    view._set_greys(view.greys.through(Window(300.0, 500.0)))
    assert view.corners.bottom_left[0] == "W 500  C 300"
    view.show_scan(scan_by(table))
    assert view.corners.bottom_left[0] == "VOI LUT"


def test_the_next_slice_is_shown_by_the_rule_or_linearly_as_the_one_before(view, scan_by):
    first, second = scan_by(table), scan_by(sigmoid)
    view.show_scan(first)
    view.show_scan(second, keep_display=True)
    assert np.array_equal(shown(view), second.grey)
    view.show_scan(first)
    view.use_preset("full")  # the very window that this scan opens with, but linear
    view.show_scan(second, keep_display=True)
    assert not np.array_equal(shown(view), second.grey)
    low = second.window.centre - second.window.width / 2
    linear_grey = np.clip((second.values - low) / second.window.width * 255, 0, 255)
    assert np.abs(shown(view) - linear_grey).max() <= 1
