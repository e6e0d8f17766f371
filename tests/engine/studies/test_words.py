from dataclasses import replace
from types import SimpleNamespace

import pytest

from btgui.engine.geometry import UNKNOWN_ORDER
from btgui.engine.scan import Greys, Window
from btgui.engine.studies.index import index_places
from btgui.engine.studies.series import MOSAICS
from btgui.engine.studies.series_verdict import SeriesVerdict, SliceReading
from btgui.engine.studies.words import (
    greys_sentence,
    numbered,
    series_facts,
    slice_place,
    slice_range,
    unfamiliar,
    verdict_sentence,
    verdict_warnings,
    why_no_verdict,
)
from tests.conftest import card_for
from tools.make_series import make_series


@pytest.fixture(scope="module")
def card():
    return card_for(training={"planes": ["axial"], "sequences": ["T1", "T2"]})


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
    tumour = SeriesVerdict(0, 0.8, 0, (1, 2, 3), 11, headless=1)
    assert verdict_sentence(tumour, card) == (
        "Decided by slices 2 to 4: 80 % on average. 1 slice shows no head and does not count."
    )
    healthy = SeriesVerdict(2, 0.3, 3, (), 10)
    assert verdict_sentence(healthy, card) == (
        "No three neighbouring slices indicate a tumour; "
        "the most likely, pituitary tumour, reaches 30 % on average."
    )


def test_a_tumour_whose_kind_is_not_clear_is_said_to_be_one(card):
    unclear = SeriesVerdict(0, 0.49, 0, (1, 2, 3), 12, any_tumour=0.98)
    assert verdict_sentence(unclear, card) == (
        "Decided by slices 2 to 4: 49 % on average, tumours of all kinds 98 %."
    )
    names = ("t1", "t2", "flair", "dwi")  # none of them says that there is no tumour
    kinds = replace(card, classes=names, display_names=names)
    assert verdict_sentence(replace(unclear, any_tumour=1.0), kinds) == (
        "Decided by slices 2 to 4: 49 % on average."
    )


def test_what_was_not_read_is_told_of_both_and_first_where_it_makes_no_tumour_doubtful(card):
    tumour = SeriesVerdict(0, 0.8, 0, (1, 2, 3), 12, unread=3, alone=2)
    assert verdict_sentence(tumour, card).endswith(
        "3 of 12 slices could not be read. 2 slices lack neighbours and do not count."
    )
    doubtful = SeriesVerdict(2, 0.3, 3, (), 12, unread=3)
    assert verdict_sentence(doubtful, card).startswith("3 of 12 slices could not be read. No")


def test_a_verdict_that_is_based_on_novel_slices_is_doubtful(series, card):
    familiar_sequence = replace(series, sequence="T1")

    def warning(verdict):
        return verdict_warnings(familiar_sequence, card, verdict)

    tumour = SeriesVerdict(0, 0.8, 0, (1, 2, 3), 12, novel=2)
    assert warning(tumour) == (
        "2 of the 3 deciding slices are unlike the scans that this model was trained on: the verdict "
        "may be wrong."
    )
    assert warning(replace(tumour, novel=3)).startswith("All 3 deciding slices are unlike")
    healthy = SeriesVerdict(2, 0.3, 3, (), 12, headless=2, novel=6)
    assert warning(healthy).startswith("6 of the 10 slices are unlike")
    for familiar in (replace(tumour, novel=1), replace(healthy, novel=5), None):
        assert warning(familiar) == ""


def test_the_windows_that_fed_the_network_are_counted():
    header, none = Greys("window in the DICOM header", Window(1, 2)), Greys("percentiles", None)
    same = [SliceReading(n, (1, 0), greys=header) for n in range(3)]
    assert greys_sentence(same) == "Network input: window in the DICOM header."
    mixed = [*same, SliceReading(3, (1, 0), greys=none), SliceReading(4, problem="x")]
    assert greys_sentence(mixed) == (
        "Network input: window in the DICOM header, 3 of 5; percentiles, 1 of 5."
    )
    assert greys_sentence(mixed[-1:]) == ""


def test_why_there_is_no_verdict(series):
    blind = [SliceReading(n, (1, 0, 0, 0), has_head=False) for n in range(4)]
    assert why_no_verdict(series, blind) == "No readable slice shows a head."
    hardly = [SliceReading(0, (1, 0, 0, 0)), *(SliceReading(n, problem="x") for n in (1, 2, 3))]
    assert why_no_verdict(series, hardly).startswith("3 of 4 slices could not be read. No three")
    mixed = replace(series, findings=("The slices have mixed orientations.",))
    assert why_no_verdict(mixed, hardly).startswith("The slices have mixed orientations.")
    unordered = replace(series, findings=(UNKNOWN_ORDER,))
    assert why_no_verdict(unordered, hardly).startswith("The order of the slices is unknown")


@pytest.mark.parametrize(("places", "shared"), [((0, 0, 3, 3), True), ((0, 3, None, None), False)])
def test_of_several_slices_at_one_place_it_is_said_why_none_are_neighbours(series, places, shared):
    slices = tuple(
        replace(one, location_mm=place) for one, place in zip(series.slices, places, strict=True)
    )
    readings = [SliceReading(n, (1, 0, 0, 0)) for n in range(4)]
    told = why_no_verdict(replace(series, slices=slices), readings)
    assert ("Several slices lie at the same position" in told) == shared


def test_a_known_plane_or_sequence_that_was_not_trained_on_is_warned_of(series, card):
    assert "not trained on FLAIR scans" in unfamiliar(series, card)
    assert not unfamiliar(replace(series, sequence="T1"), card)
    assert "coronal T2* scans" in unfamiliar(replace(series, plane="coronal", sequence="T2*"), card)


def test_what_the_header_does_not_say_is_told(series, card):
    unknown = unfamiliar(replace(series, sequence=""), card)
    assert unknown == "The header does not state the sequence."
    assert unfamiliar(replace(series, sequence="", plane=""), card) == (
        "The header does not state the sequence or the plane."
    )
    mixed = replace(series, sequence="T1", plane="mixed planes")
    assert unfamiliar(mixed, card) == "The slices lie in mixed planes."


def test_another_modality_is_warned_of_whatever_the_card_says(series, card):
    scanned = replace(series, modality="CT", sequence="")
    for one in (card, replace(card, training={})):
        assert unfamiliar(scanned, one) == (
            "This model was not trained on CT scans. Do not rely on its verdict."
        )
    assert not unfamiliar(replace(series, modality="", sequence="T1"), card)


@pytest.mark.parametrize(("kind", "warned"), [("phase", True), ("fat", True), ("water", False)])
def test_pictures_that_are_no_ordinary_anatomy_are_warned_of(series, card, kind, warned):
    told = unfamiliar(replace(series, sequence="T1", kind=kind), card)
    assert told == (
        f"Image type in the header: {kind}. Not an ordinary head image." if warned else ""
    )


def test_a_card_that_does_not_say_what_was_trained_on_gives_no_warning(series, card):
    silent = replace(card, training={})
    assert not unfamiliar(series, silent)
    assert not unfamiliar(replace(series, sequence="", plane=""), silent)


def test_gaps_are_told_beside_the_verdict_and_mixed_orientations_once(series, card):
    gap = replace(series, sequence="T1", findings=("Gaps: 1.",), breaks=(2,))
    assert verdict_warnings(gap, card) == "Gaps: 1."
    assert not verdict_warnings(replace(gap, breaks=()), card)
    mixed = replace(gap, findings=("The slices have mixed orientations.",))
    assert not verdict_warnings(mixed, card)
    mosaics = replace(gap, findings=(MOSAICS,))
    assert verdict_warnings(mosaics, card) == verdict_warnings(replace(mosaics, breaks=()), card)
    assert verdict_warnings(mosaics, card) == MOSAICS


def test_millimetres_stand_only_where_the_place_is_known(series):
    assert slice_place(series, 0).startswith("Slice 1 of 4, ")
    unknown = replace(series, slices=(replace(series.slices[0], location_mm=None),))
    assert slice_place(unknown, 0) == "Slice 1 of 1"


def test_another_part_of_the_body_is_warned_of(series, card):
    known = replace(series, sequence="T1", body_part="")
    assert unfamiliar(known, card) == ""
    assert unfamiliar(replace(known, body_part="HEAD"), card) == ""
    assert unfamiliar(replace(known, body_part="Schaedel"), card) == ""
    assert unfamiliar(replace(known, body_part="Knee"), card) == (
        "Body part in the header: Knee. This is not a head scan."
    )


def test_patients_are_numbered_by_their_keys_and_studies_within_each():
    found = [
        SimpleNamespace(patient=patient, study=study)
        for patient, study in (("", "x"), ("Amy", "b"), ("Amy", "a"), ("Amy", "b"), ("Bob", "a"))
    ]
    assert numbered(found) == [(0, 1), (1, 1), (1, 2), (1, 1), (2, 1)]


def test_a_volume_that_is_called_by_its_plane_does_not_name_it_twice(series):
    assert series_facts(series) == "4 slices, axial, FLAIR"
    assert series_facts(replace(series, volume="axial 2")) == "4 slices, FLAIR"
    assert series_facts(replace(series, volume="echo 2")) == "4 slices, axial, FLAIR"
