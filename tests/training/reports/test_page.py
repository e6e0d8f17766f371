import base64
import re
from dataclasses import replace

import cv2
import numpy as np
import pytest

from btgui.engine.datasets.dataset import LabelledScan
from btgui.engine.scan import Window
from btgui.engine.scan_source import read_scan
from tests.dicom_files import series_without_windows
from training.reports import page

EVIL = "<script>alert('x')</script>&"


def test_everything_from_outside_is_escaped():
    whole = page.page(
        EVIL,
        [
            page.title(EVIL),
            page.heading(EVIL),
            page.paragraph(EVIL),
            page.cautions(EVIL, [EVIL]),
            page.table([EVIL], [[EVIL], [(EVIL, EVIL)]], words=1),
            page.figure("a.png", EVIL, EVIL),
            page.commands([EVIL]),
        ],
    )
    assert "<script" not in whole
    assert whole.count("&lt;script&gt;") == 13
    assert "alt='&lt;script&gt;alert(&#x27;x" in whole


def test_a_name_that_is_no_text_does_not_keep_a_page_from_being_written():
    whole = page.page("Names", [page.paragraph("caf\udce9.png")])
    assert whole.encode()  # as a file is written
    assert "<p>caf\\udce9.png</p>" in whole


def test_rows_that_are_not_the_readers_own_are_quiet():
    rows = page.table(["model"], [["mine"], ["theirs"]], words=1, quiet_from=1)
    assert "<tr><td class=words>mine" in rows
    assert "<tr class=quiet><td class=words>theirs" in rows


def test_a_scan_is_shown_under_the_window_that_fed_the_network(tmp_path):
    (file,) = series_without_windows(tmp_path, slices=1)
    scan = LabelledScan(file, "glioma", "test", "made", window=Window(700.0, 2800.0))
    encoded = re.search("base64,([^']+)'", page.embedded(scan))[1]
    picture = np.frombuffer(base64.b64decode(encoded), np.uint8)
    shown = cv2.imdecode(picture, cv2.IMREAD_GRAYSCALE)
    assert np.array_equal(shown, scan.read().grey)
    assert not np.array_equal(shown, read_scan(file).grey)
    assert page.embedded(replace(scan, path=tmp_path / "gone.dcm")) == ""


def test_shares_are_written_with_their_interval():
    assert page.percent(0.98703, 2) == "98.70\N{NO-BREAK SPACE}%"
    # A verdict is never certain, in a report as in the window.
    assert page.probability(0.9997) == ">99\N{NO-BREAK SPACE}%"
    assert page.with_interval(0.5, (0.25, 0.75)) == ("50.0\N{NO-BREAK SPACE}%", "25.0 to 75.0")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(None, "not recorded"), (4, "4 s"), (90, "2 min"), (3600, "1 h 0 min"), (9182, "2 h 33 min")],
)
def test_durations_in_words(seconds, words):
    assert page.duration(seconds) == words


def test_small_p_values_are_not_called_zero():
    assert page.p_value(0.0004) == "below 0.001"
    assert page.p_value(0.0416) == "0.042"
