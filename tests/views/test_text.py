import runpy

import pytest

from btgui.views import text
from btgui.views.text import breakable, milliseconds, time_left, unbroken


def test_a_figure_and_its_unit_stay_in_one_line():
    kept = unbroken("Gaps of 3.00 mm: 2 slices. It reaches 3 % on average, in 20 ms.")
    assert kept.replace("\N{NO-BREAK SPACE}", "_") == (
        "Gaps of 3.00_mm: 2 slices. It reaches 3_% on average, in 20_ms."
    )


def test_very_long_words_may_be_parted_and_others_not():
    parts = breakable("craniopharyngiom 1.2.840.113619.25 is damaged.").split(
        "\N{ZERO WIDTH SPACE}"
    )
    assert parts == ["craniopharyngiom 1.2.840.", "113619.2", "5 is damaged."]


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
        (0.0, ""),
        (0.2, "about 1 s left"),
        (59, "about 59 s left"),
        (150, "about 2 min left"),
        (5400, "about 1.5 h left"),
    ],
)
def test_a_remaining_time_is_in_words(seconds, words):
    assert time_left(seconds) == words


@pytest.mark.parametrize(("system", "key"), [("darwin", "Command"), ("win32", "Ctrl")])
def test_the_key_that_goes_with_the_mouse_is_called_as_the_keyboard_has_it(
    monkeypatch, system, key
):
    monkeypatch.setattr("sys.platform", system)
    assert runpy.run_path(text.__file__)["CONTROL"] == key
