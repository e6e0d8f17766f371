import pytest

from btgui.engine.studies.series_verdict import SeriesVerdict
from btgui.views.prediction_panel import PredictionPanel
from btgui.views.series.verdict_card import VerdictCard
from btgui.views.theme import class_colour
from tests.conftest import card_for
from tests.views.conftest import heard


@pytest.fixture(scope="module")
def model():
    return card_for()


@pytest.fixture
def card(qtbot):
    card = VerdictCard()
    qtbot.addWidget(card)
    card.start(12, "")
    return card


def test_no_tumour_has_its_name_and_colour_only_where_it_is_complete(card, model):
    card.show_verdict(SeriesVerdict(2, 0.3, 1, (), 12), model)
    assert card.verdict.text() == "No tumour"
    assert class_colour(2).name() in card.verdict.styleSheet()
    card.show_verdict(SeriesVerdict(2, 0.3, 1, (), 12, unread=3), model)
    assert card.verdict.text() == "Incomplete"
    assert class_colour(2).name() not in card.verdict.styleSheet()
    assert "3 of 12 slices could not be read" in card.sentence.text()


def test_a_tumour_is_named_with_what_was_not_read(card, model):
    card.show_verdict(SeriesVerdict(1, 0.8, 1, (1, 2, 3), 12, unread=3), model)
    assert card.verdict.text() == "Meningioma"
    assert heard(card.verdict)[0] == "Series verdict: Meningioma"
    assert "3 of 12 slices could not be read" in card.sentence.text()
    assert not card.show_deciding.isHidden()


def test_no_verdict_says_why(card):
    card.show_no_verdict("The slices have mixed orientations.")
    assert card.verdict.text() == "No verdict"
    assert card.sentence.text() == "The slices have mixed orientations."
    assert card.show_deciding.isHidden()


def test_a_reading_tells_how_far_it_is_and_offers_to_save_what_was_read(card):
    card.set_progress(3)
    assert card.sentence.text() == "Reading: 3 of 12 slices."
    assert card.progress.value() == 3
    card.show_stopped(3)
    assert not card.save.isHidden()
    card.show_stopped(0)
    assert card.save.isHidden()
    assert not card.again.isHidden()


def test_the_series_verdict_is_larger_than_the_slice_s(card, qtbot):
    panel = PredictionPanel()
    qtbot.addWidget(panel)
    panel.set_of_slice(of_slice=True)
    assert card.verdict.font().pointSizeF() > panel._verdict.font().pointSizeF()


def test_without_readings_there_is_nothing_to_save_or_to_show(card, model):
    card.start(12, "Slices may be missing.")
    card.show_greys("Network input: stated.")
    card.show_verdict(SeriesVerdict(1, 0.8, 1, (1, 2, 3), 12), model)
    for show, verdict in ((card.show_waiting, "…"), (card.show_failure, "Not read")):
        show("Some reason.")
        assert (card.verdict.text(), card.sentence.text()) == (verdict, "Some reason.")
        assert not card.is_running()
        assert not card.isHidden()
        for part in (card.save, card.show_deciding, card.stop, card.warning, card.greys):
            assert part.isHidden()


def test_the_keys_stay_on_the_buttons_when_one_of_them_makes_way_for_another(card, model, qtbot):
    card.activateWindow()
    qtbot.waitUntil(card.isActiveWindow)
    card.stop.setFocus()
    card.show_stopped(3)
    assert card.again.hasFocus()
    card.start(12, "")
    assert card.stop.hasFocus()
    card.show_verdict(SeriesVerdict(1, 0.8, 1, (1, 2, 3), 12), model)
    assert card.show_deciding.hasFocus()
    card.start(12, "")
    card.show_no_verdict("Too few slices.")
    assert card.save.hasFocus()
