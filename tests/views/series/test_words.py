from dataclasses import replace

import pytest

from btgui.engine.studies.index import index_places
from btgui.engine.studies.series_verdict import SeriesVerdict
from btgui.views.series.words import slice_place, slice_range, unfamiliar, verdict_sentence
from tests.conftest import card_for, small_network
from tools.make_series import make_series


@pytest.fixture(scope="module")
def card():
    return card_for(small_network(), training={"planes": ["axial"], "sequences": ["T1", "T2"]})


@pytest.fixture(scope="module")
def series(tmp_path_factory):
    folder = tmp_path_factory.mktemp("series")
    make_series(folder, slices=4, size=32, description="AX T2 FLAIR")
    return index_places([folder]).series[0]


@pytest.mark.parametrize(
    ("indexes", "words"),
    [
        ((4,), "slice 5"),
        ((4, 5), "slices 5 and 6"),
        ((4, 5, 6), "slices 5 to 7"),
        ((4, 6, 7), "slices 5, 7 and 8"),
    ],
)
def test_slices_are_counted_from_one(indexes, words):
    assert slice_range(indexes) == words


def test_a_tumour_s_sentence_names_the_slices_and_a_healthy_one_the_likeliest(card):
    tumour = SeriesVerdict(0, 0.8, 0, (1, 2, 3), 10, 1)
    assert verdict_sentence(tumour, card) == (
        "Decided by slices 2 to 4: 80 % on average. "
        "1 slice does not count: unread, or without a head."
    )
    healthy = SeriesVerdict(2, 0.3, 3, (), 10, 0)
    assert "pituitary tumour, reaches 30 %" in verdict_sentence(healthy, card)


def test_only_what_card_and_header_both_tell_is_warned_of(series, card):
    assert "not trained on FLAIR scans" in unfamiliar(series, card)
    assert not unfamiliar(replace(series, sequence="T1"), card)
    assert not unfamiliar(replace(series, sequence=""), card)
    assert "coronal" in unfamiliar(replace(series, plane="coronal", sequence=""), card)
    assert not unfamiliar(series, replace(card, training={}))


def test_millimetres_stand_only_where_the_place_is_known(series):
    assert slice_place(series, 0).startswith("Slice 1 of 4, ")
    unknown = replace(series, slices=(replace(series.slices[0], location_mm=None),))
    assert slice_place(unknown, 0) == "Slice 1 of 1"
