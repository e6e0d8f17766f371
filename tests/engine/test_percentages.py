import pytest

from btgui.engine.percentages import percent


@pytest.mark.parametrize(
    ("share", "words"),
    [(1.0, ">99 %"), (0.995, ">99 %"), (0.994, "99 %"), (0.5, "50 %"), (0.004, "<1 %")],
)
def test_a_share_has_whole_percents_and_never_claims_certainty(share, words):
    assert percent(share) == words
