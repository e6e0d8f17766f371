import pytest

from training.reports import page

EVIL = "<script>alert('x')</script>&"


def test_everything_from_outside_is_escaped():
    whole = page.page(
        EVIL,
        [
            page.title(EVIL),
            page.heading(EVIL),
            page.paragraph(EVIL),
            page.bullets("caution", EVIL, [EVIL]),
            page.table([EVIL], [[EVIL], [(EVIL, EVIL)]], words=1),
            page.figure("a.png", EVIL, EVIL),
            page.commands([EVIL]),
        ],
    )
    assert "<script" not in whole
    assert whole.count("&lt;script&gt;") == 13
    assert "alt='&lt;script&gt;alert(&#x27;x" in whole


def test_rows_that_are_not_the_readers_own_are_quiet():
    rows = page.table(["model"], [["mine"], ["theirs"]], words=1, quiet_from=1)
    assert "<tr><td class=words>mine" in rows
    assert "<tr class=quiet><td class=words>theirs" in rows


def test_shares_are_written_with_their_interval():
    assert page.percent(0.98703, 2) == "98.70\N{NO-BREAK SPACE}%"
    assert page.with_interval(0.5, (0.25, 0.75)) == ("50.0\N{NO-BREAK SPACE}%", "25.0 to 75.0")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(None, "not recorded"), (4, "4 s"), (90, "2 min"), (3600, "1 h 0 min"), (9182, "2 h 33 min")],
)
def test_durations_in_words(seconds, words):
    assert page.duration(seconds) == words
