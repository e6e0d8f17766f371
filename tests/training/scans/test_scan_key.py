import pytest

from btgui.engine.scan import Window
from training.scans.scan_key import has_mask, scan_digest, scan_key

WINDOW = Window(1e16, 1e-5)


@pytest.mark.parametrize("window", [None, WINDOW, Window(-0.5, 1.5)])
@pytest.mark.parametrize("mask", ["", "cd"])
def test_a_key_tells_its_scan_and_whether_that_has_a_mask(mask, window):
    key = scan_key("ab", mask, window=window)
    assert (scan_digest(key), has_mask(key)) == ("ab", bool(mask))


def test_without_a_window_a_key_is_what_it_was_before_there_were_windows():
    assert scan_key("ab") == "ab"
    assert scan_key("ab", "cd") == "ab+cd"


def test_each_mask_and_each_window_makes_another_key():
    windows = (None, WINDOW, Window(1e16, 1.1e-5), Window(2e16, 1e-5))
    keys = {scan_key("ab", mask, window=one) for mask in ("", "cd", "ef") for one in windows}
    assert len(keys) == 12
