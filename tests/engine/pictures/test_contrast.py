from dataclasses import replace

from btgui.engine.pictures.contrast import Contrast, contrast_of, window_for
from btgui.engine.scan import Window


def test_half_as_wide_and_brighter_means_the_same_on_other_values(scan):
    contrast = contrast_of(scan, Window(400.0, 500.0))
    assert contrast == Contrast(shift=-0.1, factor=0.5)
    other = replace(scan, window=Window(40.0, 80.0))
    assert window_for(other, contrast) == Window(32.0, 40.0)


def test_the_first_window_is_no_change(scan):
    assert contrast_of(scan, Window(500.0, 1000.0)) == Contrast()
    assert window_for(scan, Contrast()) == Window(500.0, 1000.0)


def test_an_ordinary_picture_is_measured_against_its_greys(scan):
    picture = replace(scan, window=None)
    assert window_for(picture, Contrast(factor=2)) == Window(127.5, 510.0)


def test_a_threshold_in_place_of_a_window_has_no_measure(scan):
    assert contrast_of(replace(scan, window=Window(5.0, 0.0)), Window(1.0, 2.0)) == Contrast()
