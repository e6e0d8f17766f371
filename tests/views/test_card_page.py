from dataclasses import replace

import pytest
from PySide6.QtWidgets import QTextBrowser

from btgui.views.card_page import card_page


@pytest.fixture
def text_of(qtbot):
    """Return a function that gives a page's text as a reader sees it."""

    def show(card) -> str:
        browser = QTextBrowser()
        qtbot.addWidget(browser)
        browser.setHtml(card_page(card))
        return browser.toPlainText()

    return show


def test_it_names_the_protocol_and_shows_the_confusions(tiny_pack, text_of):
    result = replace(
        tiny_pack.card.results[0],
        confusion=[[41, 1, 2, 3], [4, 42, 5, 6], [7, 8, 43, 9], [10, 11, 12, 44]],
        leak_free={"count": 50, "correct": 46, "accuracy": 0.92},
        per_class={
            name: {"count": 50, "recall": 0.875, "precision": 0.75, "f1": 0.8}
            for name in tiny_pack.card.classes
        },
        expected_calibration_error=0.014,
    )
    text = text_of(replace(tiny_pack.card, results=(result,)))
    for words in (
        "honest protocol",
        "95.0 % of 200 scans classified correctly",
        "92.0 %",
        "1.4 %",
        "87.5 %",
        "Specificity",
        "89.6 %",  # 21 of 201 scans of other classes were read as the first class
        "75.0 %",
    ):
        assert words in text
    assert all(figure in text for figure in ("41", "42", "43", "44"))
    assert "Not a medical device" in text


def test_it_states_whether_the_model_recognises_scans_unlike_its_training_scans(tiny_pack, text_of):
    assert "cannot tell whether a scan is unlike" in text_of(tiny_pack.card)
    assert "marks most scans that are unlike" in text_of(replace(tiny_pack.card, novelty_limit=0.5))


@pytest.mark.parametrize("recall", [None, 0.0], ids=["as it is written", "in older cards"])
def test_a_class_without_test_scans_has_a_dash(tiny_pack, text_of, recall):
    tested = {"count": 50, "recall": 0.875, "precision": 0.75, "f1": 0.8}
    untested = {"count": 0, "recall": recall, "precision": None, "f1": None}
    first, *others = tiny_pack.card.classes
    result = replace(
        tiny_pack.card.results[0],
        confusion=[[0, 0, 0, 0], [1, 44, 3, 2], [2, 3, 44, 1], [3, 1, 2, 44]],
        per_class={first: untested} | dict.fromkeys(others, tested),
    )
    text = text_of(replace(tiny_pack.card, results=(result,)))
    assert text.count("\N{EN DASH}") == 2
    assert "0.0 %" not in text


def test_where_every_scan_has_a_copy_nothing_is_said_of_the_others(tiny_pack, text_of):
    result = replace(tiny_pack.card.results[0], leak_free={"count": 0, "accuracy": 0.0})
    assert "without a copy" not in text_of(replace(tiny_pack.card, results=(result,)))


def test_it_says_how_the_model_was_trained(tiny_pack, text_of):
    training = {
        "scans": {"train": 5892, "validation": 654, "left_out_as_copies_of_test_scans": 1832},
        "request": {"protocol": "honest"},
        "seconds": 9180,
    }
    text = text_of(replace(tiny_pack.card, training=training))
    for words in (
        "5,892 scans; the best epoch was chosen on 654 more scans",
        "1,832 training scans that copy",
        "2.5 h",
    ):
        assert words in text


def test_it_tells_scans_left_out_for_several_reasons_apart(tiny_pack, text_of):
    scans = {
        "train": 9,
        "validation": 3,
        "left_out_as_copies_of_test_scans": 0,
        "left_out_as_related_to_validation_scans": 1200,
        "left_out_as_known_to_the_starting_model": 1,
    }
    text = text_of(replace(tiny_pack.card, training={"scans": scans}))
    assert "1,200 training scans related to validation scans" in text
    assert "; 1 test or validation scan that the starting model was trained on" in text
    assert "copy a test scan" not in text


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ("imagenet", "ImageNet weights"),
        ("none", "random weights"),
        ("mobilenetv2", "the model or weights “mobilenetv2”"),  # which knew more scans than these
        (7, None),
    ],
)
def test_it_says_what_the_training_started_from(tiny_pack, text_of, weights, said):
    text = text_of(replace(tiny_pack.card, training={"request": {"weights": weights}}))
    assert ("Started from" in text) == (said is not None)
    assert said is None or said in text


@pytest.mark.parametrize(
    "training",
    [{}, {"scans": "many", "request": None, "seconds": "long"}, {"scans": {"train": "x"}}],
)
def test_a_card_that_says_little_or_nonsense_of_its_training_is_shown(tiny_pack, text_of, training):
    assert tiny_pack.card.id in text_of(replace(tiny_pack.card, training=training))


def test_it_cannot_bring_its_own_markup(tiny_pack):
    page = card_page(replace(tiny_pack.card, name="<img src=x>"))
    assert "<img" not in page
    assert "&lt;img" in page


def test_a_model_without_a_test_says_so(tiny_pack):
    assert "not been tested" in card_page(replace(tiny_pack.card, results=()))


@pytest.mark.parametrize(
    ("absent", "said"),
    [
        (
            ["meningioma", "pituitary"],
            "Meningioma, Pituitary tumour: the starting model's knowledge",
        ),
        ([], None),
        (None, None),
        ([{}], None),
    ],
)
def test_it_says_what_it_was_trained_without(tiny_pack, text_of, absent, said):
    text = text_of(replace(tiny_pack.card, training={"without_scans": absent}))
    assert ("Without scans of" in text) == (said is not None)
    assert said is None or said in text
