from dataclasses import replace

import pytest

from btgui.engine.pictures.contrast import Contrast
from btgui.engine.pictures.greys import Greys
from btgui.engine.pictures.presets import WindowPreset
from btgui.engine.scan import SIGMOID, SIGMOID_SOURCE, Scan, Window

UNDRAWABLE = Window(0.0, float("inf"))


@pytest.fixture
def scan(scan) -> Scan:
    """The same scan, displayed through a sigmoid curve."""
    return replace(scan, window_source=SIGMOID_SOURCE)


def test_a_scan_opens_as_its_file_says(scan):
    greys = Greys.of(scan)
    assert greys == Greys(Window(500.0, 1000.0), as_file=True, inverted=False)
    assert greys.curve(scan) == SIGMOID
    assert greys.contrast(scan) == Contrast()


def test_another_window_is_linear_and_a_negative_stays_one(scan):
    greys = replace(Greys.of(scan), inverted=True).through(Window(400.0, 500.0))
    assert greys == Greys(Window(400.0, 500.0), as_file=False, inverted=True)
    assert greys.curve(scan) == ""


def test_the_file_s_preset_is_told_from_one_of_the_same_numbers(scan):
    window = Window(500.0, 1000.0)
    of_the_file, full = (WindowPreset(name, "", "", window) for name in ("file", "full"))
    greys = Greys.of(scan)
    assert greys.are_by(of_the_file)
    assert not greys.are_by(full)
    assert greys.by(full).are_by(full)
    assert greys.by(full).by(of_the_file) == greys


def test_what_cannot_be_drawn_changes_nothing(scan):
    greys = Greys.of(scan)
    assert greys.through(UNDRAWABLE) == greys
    assert greys.by(WindowPreset("full", "", "", UNDRAWABLE)) == greys


@pytest.mark.parametrize("by_file", [False, True])
@pytest.mark.parametrize("by_reader", [False, True])
def test_down_darkens_and_across_widens(scan, by_file, by_reader):
    greys = replace(Greys.of(scan), inverted=by_reader)
    dragged = greys.dragged(replace(scan, inverted=by_file), 1.0, 0.1)
    assert dragged.window == Window(600.0 if by_file == by_reader else 400.0, 2000.0)
    assert not dragged.as_file


def test_a_contrast_is_taken_over_and_none_means_as_the_file_says(scan):
    greys = Greys.of(scan).through(Window(400.0, 500.0))
    contrast = greys.contrast(scan)
    assert contrast == Contrast(-0.1, 0.5, linear=True)
    other = replace(scan, window=Window(50.0, 100.0))
    inverted = replace(Greys.of(other), inverted=True)
    assert inverted.with_contrast(other, contrast).window == Window(40.0, 50.0)
    assert inverted.with_contrast(other, contrast).with_contrast(other, Contrast()) == inverted


def test_the_same_window_chosen_linearly_is_not_as_the_file_says(scan):
    linear = Greys.of(scan).through(Window(500.0, 1000.0))
    assert linear.contrast(scan) == Contrast(linear=True)
    assert Greys.of(scan).with_contrast(scan, linear.contrast(scan)) == linear
