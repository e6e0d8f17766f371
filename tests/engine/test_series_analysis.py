from pathlib import Path

import pytest

from btgui.engine.analysis import Analyser
from btgui.engine.errors import ScanError
from btgui.engine.results import Prediction, Reading
from btgui.engine.scan import Greys, ScanAddress, Window
from btgui.engine.series_analysis import read_series, slice_readings, verdict_on
from btgui.engine.studies.index import index_places
from btgui.engine.studies.series_verdict import SliceReading
from tests.conftest import CLASSES
from tools.make_series import make_series


def test_readings_are_numbered_on_from_the_first():
    prediction = Prediction(CLASSES, CLASSES, (0.1, 0.7, 0.1, 0.1), (0.0, 2.0, 0.0, 0.0), 1.5)
    greys = Greys("window in the DICOM header", Window(350.0, 699.0))
    reading = Reading("0" * 64, "small", prediction, has_head=False, greys=greys)
    places = ScanAddress(Path("a.dcm")), ScanAddress(Path("b.dcm"))
    read, failed = slice_readings(
        7, list(zip(places, (reading, ScanError("b.dcm is empty.")), strict=True))
    )
    assert (read.index, read.probabilities, read.has_head) == (7, (0.1, 0.7, 0.1, 0.1), False)
    assert (read.greys, read.novelty) == (greys, 1.5)
    assert (failed.index, failed.problem) == (8, "b.dcm is empty.")


@pytest.fixture
def series(tmp_path):
    make_series(tmp_path, slices=7, size=64, gap=3)
    (found,) = index_places([tmp_path]).series
    return found


def test_each_slice_of_a_series_is_read_in_its_order(series, tiny_pack):
    readings = read_series(Analyser(tiny_pack), series)
    assert [reading.index for reading in readings] == list(range(6))
    assert all(sum(reading.probabilities) == pytest.approx(1) for reading in readings)


def test_a_gap_parts_what_decides(series, tiny_pack):
    none, sure = (0.0, 0.0, 1.0, 0.0), (1.0, 0.0, 0.0, 0.0)
    readings = [SliceReading(n, sure if 2 <= n <= 4 else none) for n in range(6)]
    verdict = verdict_on(series, readings, tiny_pack.card)
    assert series.breaks == (3,)
    assert verdict.deciding == (3, 4, 5)
    assert verdict.score == pytest.approx(2 / 3)
