"""A scan with a damaged header is shown, or nothing is, without any warning from Qt."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydicom import config, dcmread
from PySide6.QtCore import QPointF

from btgui.engine.errors import ScanError
from btgui.engine.scan import SIGMOID_SOURCE, TABLE_SOURCE, Scan, Window
from btgui.engine.scan_source import read_scan
from btgui.views.scan_view.measuring_tool import ANGLE
from tests.views.conftest import send_wheel
from tools.make_series import make_series

NUMBERS = (
    "nan",
    "inf",
    "-inf",
    "0",
    "-1",
    "1e-300",
    "1e300",
    "-1e308",
    "1e-5",
    "1",
    "3e38",
    "x",
    "",
)
ODD = st.sampled_from(NUMBERS)
ELEMENTS = {
    "PixelSpacing": 2,
    "WindowCenter": 1,
    "WindowWidth": 1,
    "RescaleSlope": 1,
    "RescaleIntercept": 1,
    "ImagePositionPatient": 3,
    "ImageOrientationPatient": 6,
    "SliceThickness": 1,
    "MagneticFieldStrength": 1,
}
CHANGED = st.dictionaries(
    st.sampled_from(sorted(ELEMENTS)), st.lists(ODD, min_size=6, max_size=6), max_size=4
)
FAST = settings(max_examples=20)


@pytest.fixture(scope="module", params=[(16, 16), (1, 1), (1, 64), (64, 1)], ids=str)
def made(request, tmp_path_factory) -> Path:
    """A slice of this many rows and columns."""
    (file,) = make_series(tmp_path_factory.mktemp("made"), slices=1, size=64)
    dataset = dcmread(file)
    dataset.Rows, dataset.Columns = request.param
    dataset.PixelData = dataset.PixelData[64 * 32 :][: 2 * dataset.Rows * dataset.Columns]
    dataset.save_as(file)
    return file


def write_damaged(made: Path, path: Path, changed, function: str, flips) -> None:
    """Set these values of elements, and change single bytes of the header."""
    dataset = dcmread(made)
    dataset.VOILUTFunction = function
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(config.settings, "writing_validation_mode", config.IGNORE)
        patch.setattr(config.settings, "reading_validation_mode", config.IGNORE)
        for keyword, numbers in changed.items():
            dataset.add_new(keyword, "LO", numbers[: ELEMENTS[keyword]])
        dataset.save_as(path)
    content = bytearray(path.read_bytes())
    for keyword in changed:  # pydicom would refuse to write them as what they are: decimal strings
        tag = dataset[keyword].tag
        head = tag.group.to_bytes(2, "little") + tag.element.to_bytes(2, "little")
        at = content.index(head + b"LO")
        content[at + 4 : at + 6] = b"DS"
    for where, byte in flips:
        content[200 + int(where * (min(len(content), 1500) - 200))] = byte
    path.write_bytes(content)


def use(view, canvas, scan: Scan) -> None:
    """Apply every display setting to a scan, and draw it each time."""
    view.show_scan(scan)
    view.grab()
    for preset in view.presets():
        view.use_preset(preset.name)
        view.grab()
        view._box.window_dragged.emit(0.3, -0.2)
        view.grab()
    view.set_turn(view.turn.rotated().flipped_down())
    view.invert()
    view.zoom(3.0)
    view.set_magnifies(True)
    send_wheel(canvas, 2)
    view._graphics.scene().sigMouseMoved.emit(QPointF(200, 150))
    view.use_tool(ANGLE)
    for x, y in ((100, 100), (200, 150), (120, 220)):
        view.measuring.click(QPointF(x, y))
    view.grab()
    view.show_scan(scan, keep_display=True)
    view.grab()
    view.set_magnifies(False)
    view.use_tool("")
    view.clear()


@FAST
@given(
    changed=CHANGED,
    function=st.sampled_from(["LINEAR", "SIGMOID", "LINEAR_EXACT"]),
    flips=st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), max_size=3),
)
def test_any_scan_that_was_read_is_shown(view, canvas, made, tmp_path, changed, function, flips):
    path = tmp_path / "damaged.dcm"
    write_damaged(made, path, changed, function, flips)
    try:
        scan = read_scan(path)
    except ScanError:
        return  # the reader says it in a sentence
    use(view, canvas, scan)


FLOATS = st.sampled_from([float(text) for text in NUMBERS if text not in {"x", ""}])


@FAST
@example(window=Window(0.0, 0.0), spacing=(np.nan, 1.0), place=None, source="", factor=1e35)
@given(
    window=st.none() | st.builds(Window, FLOATS, FLOATS),
    spacing=st.none() | st.tuples(FLOATS, FLOATS),
    place=st.none() | FLOATS,
    source=st.sampled_from(["", SIGMOID_SOURCE, TABLE_SOURCE]),
    factor=st.sampled_from([0.0, 1.0, -1e-30, 1e35]),
)
def test_numbers_that_no_reader_should_let_through_do_no_harm(
    view, canvas, made, window, spacing, place, source, factor
):
    scan = read_scan(made)
    use(
        view,
        canvas,
        replace(
            scan,
            window=window,
            spacing_mm=spacing,
            slice_location_mm=place,
            window_source=source,
            values=scan.values * np.float32(factor),
        ),
    )
