from dataclasses import replace
from pathlib import Path

import pytest

from btgui.engine.errors import ExportError
from btgui.engine.exports.series_list import SeriesRow, series_facts, write_series_list
from btgui.engine.series_analysis import verdict_on
from btgui.engine.studies.index import index_places
from btgui.engine.studies.series_verdict import SliceReading
from tests.conftest import read_table
from tools.make_series import make_series

GLIOMA, HEALTHY = (0.9, 0.1, 0.0, 0.0), (0.0, 0.0, 1.0, 0.0)


@pytest.fixture(scope="module")
def series(tmp_path_factory):
    folder = tmp_path_factory.mktemp("SECRET NAME")
    make_series(folder, slices=5, size=32, patient="SECRET")
    (found,) = index_places([folder]).series
    return found


@pytest.fixture
def row_of(series, tiny_pack):
    def row(shares, *, heads=(True,) * 5, place=None, novelty=None):
        readings = tuple(
            SliceReading(index, share, has_head=head, novelty=novelty)
            for index, (share, head) in enumerate(zip(shares, heads, strict=True))
        )
        verdict = verdict_on(series, readings, tiny_pack.card)
        return SeriesRow(1, 2, series, readings, verdict, place)

    return row


def test_a_tumour_is_told_with_its_score_and_the_slices_that_decided(row_of, tiny_pack):
    facts = series_facts(row_of([HEALTHY, HEALTHY, GLIOMA, GLIOMA, GLIOMA]), tiny_pack.card)
    assert (facts["patient"], facts["study"], facts["slices"]) == (1, 2, 5)
    assert facts["series"] == 1
    assert (facts["verdict"], facts["score"], facts["deciding_slices"]) == (
        "glioma",
        0.9,
        [3, 4, 5],
    )
    assert facts["any_tumour"] == 1.0
    assert (facts["plane"], facts["sequence"]) == ("axial", "T1")
    assert (facts["slices_not_read"], facts["slices_without_head"]) == (0, 0)
    assert (facts["doubts"], facts["reason"]) == ([], "")
    assert "SECRET" not in str(facts)


def test_the_number_that_tells_namesakes_apart_stands_in_its_own_column(row_of, tiny_pack):
    row = row_of([HEALTHY] * 5)
    namesake = replace(row, series=replace(row.series, number=9, is_namesake=True))
    facts = series_facts(namesake, tiny_pack.card)
    assert (facts["series"], facts["description"]) == (9, row.series.description)
    unnumbered = replace(row, patient=0, series=replace(row.series, number=0))
    facts = series_facts(unnumbered, tiny_pack.card)
    assert (facts["patient"], facts["series"]) == (None, None)


def test_no_tumour_is_incomplete_where_slices_are_missing_and_none_where_nothing_counts(
    row_of, tiny_pack
):
    shares = [HEALTHY, HEALTHY, HEALTHY, HEALTHY, ()]
    partly = series_facts(row_of(shares), tiny_pack.card)
    assert (partly["verdict"], partly["slices_not_read"]) == ("incomplete", 1)
    headless = series_facts(row_of([HEALTHY] * 5, heads=(False,) * 5), tiny_pack.card)
    assert (headless["verdict"], headless["score"]) == (None, None)
    assert headless["slices_without_head"] == 5
    assert headless["novel_slices"] == 0
    assert headless["reason"] == "No readable slice shows a head."


def test_a_series_that_the_model_does_not_know_is_told_as_doubtful(row_of, tiny_pack):
    card = replace(tiny_pack.card, training={"sequences": ["T2"]})
    (doubt,) = series_facts(row_of([GLIOMA] * 5), card)["doubts"]
    assert "not trained on T1 scans" in doubt


def test_a_verdict_based_on_novel_slices_is_doubtful(row_of, tiny_pack):
    facts = series_facts(row_of([GLIOMA] * 5, novelty=1.5), tiny_pack.card)
    assert facts["novel_slices"] == 5
    (doubt,) = facts["doubts"]
    assert doubt.startswith("All 3 deciding slices are unlike")
    assert series_facts(row_of([GLIOMA] * 5, novelty=0.5), tiny_pack.card)["doubts"] == []


def test_the_table_has_a_line_a_series(row_of, tiny_pack, tmp_path):
    rows = [row_of([GLIOMA] * 5, place=Path("study") / "t1"), row_of([HEALTHY] * 5)]
    rows = [rows[0], replace(rows[1], place=Path("study") / "t2")]
    write_series_list(tmp_path / "series.csv", rows, tiny_pack.card)
    first, second = read_table(tmp_path / "series.csv")
    assert (first["verdict"], first["deciding slices"]) == ("glioma", "1 2 3")
    assert (second["verdict"], second["deciding slices"]) == ("notumor", "")
    assert first["path"] == str(Path("study") / "t1")


def test_a_table_that_cannot_be_written_is_told(row_of, tiny_pack, tmp_path):
    with pytest.raises(ExportError, match=r"series\.csv cannot be written"):
        write_series_list(tmp_path / "gone" / "series.csv", [row_of([GLIOMA] * 5)], tiny_pack.card)
