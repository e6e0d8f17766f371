import pytest

from btgui.engine.scan import Greys, Window
from btgui.views.text import (
    confidence,
    grey_number,
    greys_words,
    milliseconds,
    time_left,
    unbroken,
)


def test_a_figure_and_its_unit_stay_in_one_line():
    kept = unbroken("Gaps of 3.00 mm: 2 slices. It reaches 3 % on average, in 20 ms.")
    assert kept.replace("\N{NO-BREAK SPACE}", "_") == (
        "Gaps of 3.00_mm: 2 slices. It reaches 3_% on average, in 20_ms."
    )


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.2, "under 1 ms"), (7.4, "7 ms"), (18.4, "18 ms"), (187, "190 ms"), (1234, "1.2 s")],
)
def test_a_duration_has_two_digits(value, words):
    assert milliseconds(value) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-1, ""),
        (0.2, "about 1 s left"),
        (59, "about 59 s left"),
        (150, "about 2 min left"),
        (5400, "about 1.5 h left"),
    ],
)
def test_a_remaining_time_is_in_words(seconds, words):
    assert time_left(seconds) == words


@pytest.mark.parametrize(
    ("share", "word"), [(0.97, "very likely"), (0.8, "likely"), (0.5, "uncertain")]
)
def test_a_probability_has_a_word(share, word):
    assert confidence(share) == word


def test_a_window_is_told_with_its_numbers_where_there_is_one():
    header = Greys("window in the DICOM header", Window(349.5, 699.0))
    assert greys_words(header) == "window in the DICOM header, width 699, centre 349.5"
    assert greys_words(Greys("8-bit image, unchanged", None)) == "8-bit image, unchanged"


@pytest.mark.parametrize(
    ("value", "words"),
    [(188.6, "189"), (-1024.0, "-1024"), (65535.0, "65535"), (6.5535e42, "6.55e+42")],
)
def test_a_grey_value_is_whole_and_a_huge_one_short(value, words):
    assert grey_number(value) == words
