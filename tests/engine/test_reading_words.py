from dataclasses import replace

import pytest

from btgui.engine.pictures.window_level import window_of_header
from btgui.engine.reading_words import (
    accuracy_sentence,
    confidence,
    grey_number,
    greys_words,
    verdict_sentence,
    window_words,
)
from btgui.engine.results import Prediction
from btgui.engine.scan import Greys, Window

CLASSES = ("glioma", "meningioma", "notumor", "pituitary")
NAMES = ("Glioma", "Meningioma", "No tumour", "Pituitary tumour")


@pytest.mark.parametrize(
    ("share", "word"), [(0.97, "very likely"), (0.8, "likely"), (0.5, "uncertain")]
)
def test_a_probability_has_a_word(share, word):
    assert confidence(share) == word


def test_a_window_is_told_with_its_numbers_where_there_is_one():
    percentiles = Greys("0.5th to 99.5th percentile of the values", Window(87.5, 175.2))
    assert greys_words(percentiles) == f"{percentiles.source}, width 175, centre 87.5"
    assert greys_words(Greys("8-bit image, unchanged", None)) == "8-bit image, unchanged"


def test_a_header_s_window_is_told_as_the_header_states_it():
    window = window_of_header(350.0, 700.0, "LINEAR")
    greys = Greys("window in the DICOM header", window)
    assert window == Window(349.5, 699.0)  # what it spans
    assert greys_words(greys) == "window in the DICOM header, width 700, centre 350"
    exactly = window_of_header(350.0, 700.0, "LINEAR_EXACT")
    assert window_words(exactly) == "width 700, centre 350"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        *((188.6, "189"), (-1024.0, "-1024"), (65535.0, "65535"), (6.5535e42, "6.55e+42")),
        *((0.0, "0"), (58.0, "58"), (0.68627, "0.686"), (0.0008, "0.0008")),
    ],
)
def test_of_a_grey_value_three_digits_are_told_and_all_whole_ones_unless_it_is_huge(value, words):
    assert grey_number(value) == words


def test_a_test_that_lacks_a_class_is_no_headline(tiny_pack):
    card = tiny_pack.card
    counts = {name: {"count": int(name != card.classes[0])} for name in card.classes}
    partly = replace(card.results[0], per_class=counts, accuracy=1.0)
    text = accuracy_sentence(replace(card, results=(partly,)))
    assert f"there were no test scans of {card.display_names[0]}." in text
    assert "100" not in text


def test_a_published_figure_is_named_as_such(tiny_pack):
    result = replace(tiny_pack.card.results[0], protocol="published")
    assert "copies of test scans were trained on" in accuracy_sentence(
        replace(tiny_pack.card, results=(result,))
    )


def test_a_verdict_says_how_sure_it_is_and_what_is_next():
    prediction = Prediction(CLASSES, NAMES, (0.01, 0.03, 0.96, 0.0), (0, 1, 2, 3))
    assert verdict_sentence(prediction) == "Very likely: 96 %.\nNext: meningioma, 3 %."
    assert not prediction.doubt
