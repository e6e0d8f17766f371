import pytest

from btgui.engine.percentages import percent, percent_exactly


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (1.0, ">99 %"),
        (0.995, ">99 %"),
        (0.994, "99 %"),
        (0.5, "50 %"),
        (0.006, "1 %"),
        (0.005, "<1 %"),
        (0.0, "<1 %"),
    ],
)
def test_a_share_has_whole_percents_and_never_claims_certainty(share, words):
    assert percent(share) == words


def test_a_measured_share_keeps_its_digits():
    assert percent_exactly(0.8) == "80.0 %"
    assert percent_exactly(0.95154, 2) == "95.15 %"
