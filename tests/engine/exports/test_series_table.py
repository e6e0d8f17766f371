import os
from dataclasses import replace

import pytest

from btgui.engine.errors import ExportError
from btgui.engine.exports.series_table import write_series_csv
from btgui.engine.scan import Greys, Window
from btgui.engine.studies.index import index_places
from btgui.engine.studies.series_verdict import SeriesVerdict, SliceReading
from tests.conftest import card_for, read_table
from tools.make_series import make_series

HEALTHY = (0.1, 0.1, 0.7, 0.1)


@pytest.fixture(scope="module")
def series(tmp_path_factory):
    folder = tmp_path_factory.mktemp("series")
    make_series(folder, slices=3, size=32)
    return index_places([folder]).series[0]


@pytest.fixture(scope="module")
def card():
    return card_for(id="=HYPERLINK(1)")


def rows(file, *arguments):
    write_series_csv(file, *arguments)
    return read_table(file)


def test_each_slice_has_its_number_verdict_and_part_in_the_series_verdict(series, card, tmp_path):
    readings = [
        SliceReading(0, HEALTHY, has_head=False),
        SliceReading(1, (0.8, 0.1, 0.05, 0.05)),
        SliceReading(2, problem="damaged"),
    ]
    verdict = SeriesVerdict(0, 0.8, 0, (1, 2), 3)
    written = rows(tmp_path / "series.csv", series, readings, verdict, card)
    names = ("slice", "verdict", "probability glioma", "head found", "decided", "series verdict")
    assert [tuple(row[name] for name in names) for row in written] == [
        ("1", "notumor", "0.1000", "no", "", "glioma"),
        ("2", "glioma", "0.8000", "yes", "yes", "glioma"),
        ("3", "", "", "", "yes", "glioma"),  # nobody looked for a head
    ]


def test_novelty_is_written_where_it_is_known(series, card, tmp_path):
    readings = [SliceReading(0, HEALTHY, novelty=1.234), SliceReading(1, HEALTHY)]
    written = rows(tmp_path / "series.csv", series, readings, None, card)
    assert [row["novelty"] for row in written] == ["1.23", ""]


def test_no_tumour_that_is_incomplete_is_not_written_as_one(series, card, tmp_path):
    readings = [SliceReading(n, HEALTHY) for n in range(3)]
    complete = SeriesVerdict(2, 0.1, 0, (), 3)
    for verdict, word in (
        (complete, "notumor"),
        (replace(complete, unread=1), "incomplete"),
        (None, ""),
    ):
        written = rows(tmp_path / f"{word}.csv", series, readings, verdict, card)
        assert {row["series verdict"] for row in written} == {word}


def test_the_window_that_fed_the_network_is_in_every_line(series, card, tmp_path):
    readings = [
        SliceReading(0, HEALTHY, greys=Greys("window in the DICOM header", Window(350.0, 699.5))),
        SliceReading(1, HEALTHY, greys=Greys("8-bit image, unchanged", None)),
        SliceReading(2, problem="damaged"),
    ]
    written = rows(tmp_path / "series.csv", series, readings, None, card)
    names = ("greys", "window centre", "window width")
    assert [tuple(row[name] for name in names) for row in written] == [
        ("window in the DICOM header", "350", "699.5"),
        ("8-bit image, unchanged", "", ""),
        ("", "", ""),
    ]


def test_a_slice_s_place_stays_a_number_and_a_model_s_name_a_text(series, card, tmp_path):
    unknown = replace(series.slices[2], location_mm=None)
    series = replace(series, slices=(*series.slices[:2], unknown))
    readings = [SliceReading(index, HEALTHY) for index in range(3)]
    table = rows(tmp_path / "t.csv", series, readings, None, card)
    places = [float(row["position (mm)"]) for row in table[:2]]
    assert places == pytest.approx([one.location_mm for one in series.slices[:2]], abs=0.01)
    assert min(places) < 0
    assert table[2]["position (mm)"] == ""
    assert {row["model"] for row in table} == {"'=HYPERLINK(1)"}


@pytest.mark.parametrize("name", ["DOE^JOHN 1950.dcm", os.fsdecode(b"sch\xe4del"), "7"])
@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("{} is damaged. It has 7 MB.", "The file is damaged. It has 7 MB."),
        ("The header of {} is damaged.", "The header of the file is damaged."),
    ],
)
def test_why_a_slice_was_not_read_names_no_file(series, card, tmp_path, name, words, told):
    place = series.slices[1]
    path = place.address.path.with_name(name)
    renamed = replace(place, address=replace(place.address, path=path))
    series = replace(series, slices=(series.slices[0], renamed, series.slices[2]))
    for written in (path.name, str(path)):
        readings = [SliceReading(1, problem=words.format(written))]
        (row,) = rows(tmp_path / "t.csv", series, readings, None, card)
        assert row["error"] == told


def test_a_folder_that_is_not_there_is_told(series, card, tmp_path):
    with pytest.raises(ExportError, match="Choose another folder"):
        write_series_csv(tmp_path / "none" / "t.csv", series, [], None, card)
