from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from btgui.engine.pictures.presets import (
    first_window,
    header_windows,
    is_drawable,
    window_presets,
)
from btgui.engine.scan import Scan, Window


@pytest.fixture
def scan() -> Scan:
    """A slice whose values are 0 to 1000, each occurring once."""
    values = np.arange(1001, dtype=np.float32).reshape(77, 13)
    return Scan(
        path=Path("made.dcm"),
        grey=(values / 1000 * 255).astype(np.uint8),
        values=values,
        window=Window(300.0, 200.0),
        window_source="window in the DICOM header",
        file_format="DICOM",
        sha256="0" * 64,
    )


def by_name(scan: Scan) -> dict[str, Window]:
    return {preset.name: preset.window for preset in window_presets(scan)}


def test_the_file_s_own_window_comes_first(scan):
    first = window_presets(scan)[0]
    assert (first.name, first.window) == ("file", Window(300.0, 200.0))
    assert first.rule == "window in the DICOM header"
    assert first_window(scan) == first.window


def test_an_ordinary_picture_opens_with_all_its_greys(scan):
    assert by_name(replace(scan, window=None))["file"] == Window(127.5, 255.0)


def test_windows_by_rule(scan):
    windows = by_name(scan)
    assert windows["full"] == Window(500.0, 1000.0)
    # Percentiles over 1 to 1000: 5.995 and 995.005.
    assert windows["automatic"].centre == pytest.approx(500.5)
    assert windows["automatic"].width == pytest.approx(989.01)
    assert windows["soft"].width == pytest.approx(1.5 * 989.01)
    assert windows["narrow"].width == pytest.approx(0.5 * 989.01)
    assert windows["narrow"].centre == windows["automatic"].centre


def test_a_picture_of_one_value_has_windows_too(scan):
    flat = replace(scan, values=np.full((4, 4), 7, np.float32))
    assert all(preset.window.width > 0 for preset in window_presets(flat))


@pytest.mark.parametrize(
    ("centre", "width", "words"),
    [
        ("40\\600.5", "80\\1200", "BRAIN\\WIDE"),
        ("[40, 600.5]", "[80, 1200]", "['BRAIN', 'WIDE']"),
        ("40, 600.5", "80, 1200", "BRAIN, WIDE"),
    ],
)
def test_further_windows_of_the_header_are_offered_with_their_words(scan, centre, width, words):
    header = {
        "WindowCenter (0028,1050)": centre,
        "WindowWidth (0028,1051)": width,
        "WindowCenterWidthExplanation (0028,1055)": words,
    }
    # LINEAR: centre less a half, width less one.
    expected = (("BRAIN", Window(39.5, 79.0)), ("WIDE", Window(600.0, 1199.0)))
    assert header_windows(header) == expected
    second = window_presets(replace(scan, header=header))[1]
    assert (second.name, second.window) == ("file_2", Window(600.0, 1199.0))
    assert second.rule == "Window 2 of the header: WIDE"


def test_exact_windows_are_taken_as_they_are_and_impossible_ones_left_out():
    header = {
        "WindowCenter (0028,1050)": "-40\\5\\1e3",
        "WindowWidth (0028,1051)": "80\\0\\2E2",
        "VOILUTFunction (0028,1056)": "LINEAR_EXACT",
    }
    assert header_windows(header) == (("", Window(-40.0, 80.0)), ("", Window(1000.0, 200.0)))
    assert header_windows({}) == ()


NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    "window",
    [
        Window(NAN, 1.0),
        Window(1.0, NAN),
        Window(INF, 1.0),
        Window(1.0, INF),
        Window(1.0, -1.0),
        Window(3e38, 699.0),
        Window(1e300, 1e300),
    ],
)
def test_in_place_of_an_absurd_window_the_whole_range_is_offered(scan, window):
    assert not is_drawable(window)
    assert first_window(replace(scan, window=window)) == Window(500.0, 1000.0)


def test_a_threshold_can_be_drawn(scan):
    assert first_window(replace(scan, window=Window(5.0, 0.0))) == Window(5.0, 0.0)
