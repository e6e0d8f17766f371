import csv
from dataclasses import replace

import pytest

from btgui.engine.exports.series_table import write_series_csv
from btgui.engine.scan import Greys, Window
from btgui.engine.studies.index import index_places
from btgui.engine.studies.series_verdict import SeriesVerdict, SliceReading
from tests.conftest import card_for, small_network
from tools.make_series import make_series


@pytest.fixture(scope="module")
def series(tmp_path_factory):
    folder = tmp_path_factory.mktemp("series")
    make_series(folder, slices=3, size=32)
    return index_places([folder]).series[0]


@pytest.fixture(scope="module")
def card():
    return card_for(small_network())


def rows(file, *arguments):
    write_series_csv(file, *arguments)
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_no_tumour_that_is_incomplete_is_not_written_as_one(series, card, tmp_path):
    readings = [SliceReading(n, (0.1, 0.1, 0.7, 0.1)) for n in range(3)]
    complete = SeriesVerdict(2, 0.1, 0, (), 3)
    for verdict, word in (
        (complete, "notumor"),
        (replace(complete, unread=1), "incomplete"),
        (None, ""),
    ):
        written = rows(tmp_path / f"{word}.csv", series, readings, verdict, card)
        assert {row["series verdict"] for row in written} == {word}


def test_the_window_that_fed_the_network_is_in_every_line(series, card, tmp_path):
    shares = (0.1, 0.1, 0.7, 0.1)
    readings = [
        SliceReading(0, shares, greys=Greys("window in the DICOM header", Window(350.0, 699.5))),
        SliceReading(1, shares, greys=Greys("8-bit image, unchanged", None)),
        SliceReading(2, problem="damaged"),
    ]
    written = rows(tmp_path / "series.csv", series, readings, None, card)
    names = ("greys", "window centre", "window width")
    assert [tuple(row[name] for name in names) for row in written] == [
        ("window in the DICOM header", "350", "699.5"),
        ("8-bit image, unchanged", "", ""),
        ("", "", ""),
    ]
