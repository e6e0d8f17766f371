from dataclasses import replace

import numpy as np
import pytest

from btgui.engine.exports.shown_scan import ShownScan
from btgui.engine.pictures.greys import Greys
from btgui.engine.pictures.measurement import Measurement
from btgui.engine.pictures.turn import PictureTurn
from btgui.engine.scan import SIGMOID_SOURCE, TABLE_SOURCE, Window
from btgui.engine.scan_source import read_scan

LINEAR = Greys(Window(50, 100), as_file=False)


@pytest.fixture
def shown(scan_file):
    scan = replace(
        read_scan(scan_file),
        values=np.array([[0, 20, 100]], np.float32),
        grey=np.array([[0, 10, 20]], np.uint8),
        spacing_mm=(2.0, 0.5),
    )
    return ShownScan(scan, Greys(Window(50, 100)), PictureTurn(), (), True)


def test_the_file_s_greys_are_shown_until_the_reader_chooses_a_window(shown):
    assert shown.grey().tolist() == [[0, 10, 20]]
    assert replace(shown, greys=replace(shown.greys, inverted=True)).grey().tolist() == [
        [255, 245, 235]
    ]
    assert replace(shown, greys=LINEAR).grey().tolist() == [[0, 51, 255]]


def test_padding_stays_black_under_another_window(shown):
    for value, inverted in ((100.0, False), (0.0, True)):
        scan = replace(shown.scan, padding=(value, value), inverted=inverted)
        of_padding = scan.values[0].tolist().index(value)
        padded = replace(shown, scan=scan, greys=LINEAR)
        assert padded.grey()[0, of_padding] == 0
        assert replace(padded, greys=replace(LINEAR, inverted=True)).grey()[0, of_padding] == 255


def test_a_file_whose_high_values_are_dark_stays_so_under_another_window(shown):
    negative = replace(shown, scan=replace(shown.scan, inverted=True), greys=LINEAR)
    assert negative.grey().tolist() == [[255, 204, 0]]
    assert replace(negative, greys=replace(LINEAR, inverted=True)).grey().tolist() == [[0, 51, 255]]


def test_the_window_and_what_was_done_to_the_picture_are_told(shown):
    assert shown.window_words() == "width 100, centre 50, from the file"
    other = replace(shown, greys=replace(LINEAR, inverted=True), turn=PictureTurn(True, 1))
    assert other.window_words() == (
        "width 100, centre 50, chosen by the reader, inverted, mirrored, rotated 90°"
    )


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (SIGMOID_SOURCE, "width 100, centre 50, sigmoid, from the file"),
        (TABLE_SOURCE, "VOI LUT, from the file"),
    ],
)
def test_a_curve_of_the_file_s_is_told(shown, source, words):
    scan = replace(shown.scan, window_source=source)
    assert replace(shown, scan=scan).window_words() == words


def test_measurements_are_in_millimetres_where_the_file_says_them(shown):
    measured = replace(shown, measurements=(Measurement(((0, 0), (40, 0))),))
    assert measured.measured() == ("20.0 mm",)
