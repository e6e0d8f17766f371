import pytest

from btgui.views.text import confidence, milliseconds, percent, percent_exactly, time_left


@pytest.mark.parametrize(
    ("share", "words"),
    [(1.0, ">99 %"), (0.995, ">99 %"), (0.994, "99 %"), (0.5, "50 %"), (0.004, "<1 %")],
)
def test_a_share_has_whole_percents_and_never_claims_certainty(share, words):
    assert percent(share) == words


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


def test_a_measured_share_keeps_its_digits():
    assert percent_exactly(0.8) == "80.0 %"
    assert percent_exactly(0.95154, 2) == "95.15 %"
