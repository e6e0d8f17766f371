import csv
import os
from dataclasses import replace

import pytest

from btgui.engine.errors import ExportError
from btgui.engine.exports.series_table import write_series_csv
from btgui.engine.studies.index import index_places
from btgui.engine.studies.series_verdict import SliceReading
from tests.conftest import card_for, small_network
from tools.make_series import make_series


@pytest.fixture(scope="module")
def card():
    return card_for(small_network(), id="=HYPERLINK(1)")


@pytest.fixture
def series(tmp_path):
    make_series(tmp_path / "study", slices=3, size=16)
    return index_places([tmp_path / "study"]).series[0]


def rows(file):
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_a_slice_s_place_stays_a_number_and_a_model_s_name_a_text(tmp_path, series, card):
    readings = [SliceReading(index, (0.1, 0.2, 0.6, 0.1)) for index in range(3)]
    write_series_csv(tmp_path / "t.csv", series, readings, None, card)
    table = rows(tmp_path / "t.csv")
    places = [float(row["position (mm)"]) for row in table]
    assert places == pytest.approx([one.location_mm for one in series.slices], abs=0.01)
    assert min(places) < 0
    assert {row["model"] for row in table} == {"'=HYPERLINK(1)"}


@pytest.mark.parametrize("name", ["DOE^JOHN 1950.dcm", os.fsdecode(b"sch\xe4del"), "7"])
@pytest.mark.parametrize("words", ["{} is damaged. It has 7 MB.", "The header of {} is damaged."])
def test_why_a_slice_was_not_read_names_no_file(tmp_path, series, card, name, words):
    place = series.slices[1]
    path = place.address.path.with_name(name)
    renamed = replace(place, address=replace(place.address, path=path))
    series = replace(series, slices=(series.slices[0], renamed, series.slices[2]))
    for written in (path.name, str(path)):
        readings = [SliceReading(1, problem=words.format(written))]
        write_series_csv(tmp_path / "t.csv", series, readings, None, card)
        (row,) = rows(tmp_path / "t.csv")
        told = words.format("the file")
        assert row["error"] == told[0].upper() + told[1:]


def test_a_folder_that_is_not_there_is_told(tmp_path, series, card):
    with pytest.raises(ExportError, match="Choose another folder"):
        write_series_csv(tmp_path / "none" / "t.csv", series, [], None, card)
