from dataclasses import replace

import pytest

from btgui.engine.reading_words import (
    accuracy_sentence,
    confidence,
    grey_number,
    greys_words,
    verdict_sentence,
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
    header = Greys("window in the DICOM header", Window(349.5, 699.0))
    assert greys_words(header) == "window in the DICOM header, width 699, centre 349.5"
    assert greys_words(Greys("8-bit image, unchanged", None)) == "8-bit image, unchanged"


@pytest.mark.parametrize(
    ("value", "words"),
    [(188.6, "189"), (-1024.0, "-1024"), (65535.0, "65535"), (6.5535e42, "6.55e+42")],
)
def test_a_grey_value_is_whole_and_a_huge_one_short(value, words):
    assert grey_number(value) == words


def test_a_test_that_lacks_a_class_is_no_headline(tiny_pack):
    card = tiny_pack.card
    counts = {name: {"count": int(name != card.classes[0])} for name in card.classes}
    partly = replace(card.results[0], per_class=counts, accuracy=1.0)
    text = accuracy_sentence(replace(card, results=(partly,)))
    assert f"no scan of {card.display_names[0]} was among them" in text
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
