import pytest
from PySide6.QtGui import QColor

from btgui.views.theme import class_colour
from btgui.views.widgets.verdict_label import VERDICT_TIMES, VerdictLabel
from tests.views.conftest import heard


@pytest.fixture
def label(qtbot):
    label = VerdictLabel("Verdict")
    label.setWordWrap(True)
    qtbot.addWidget(label)
    return label


@pytest.fixture
def size(label, qapp):
    return lambda: label.font().pointSizeF() / qapp.font().pointSizeF()


def test_a_verdict_is_large_in_its_colour_and_heard_with_its_name(label, size):
    label.show_verdict("Glioma", class_colour(0))
    assert size() == pytest.approx(VERDICT_TIMES)
    assert label.font().bold()
    assert class_colour(0).name() in label.styleSheet()
    assert heard(label)[0] == "Verdict: Glioma"


def test_a_long_word_makes_it_smaller_but_never_smaller_than_ordinary_text(label, size):
    for word in ("Craniopharyngioma", "Oligo" * 20):
        label.show_verdict(word, QColor("#ffffff"))
        assert 1 <= size() < VERDICT_TIMES
    label.show_verdict("Many short words one after the other", QColor("#ffffff"))
    assert size() == pytest.approx(VERDICT_TIMES)


def test_with_large_letters_the_longest_verdict_takes_no_more_room(large_letters, label):
    label.show_verdict("Meningioma", QColor("#ffffff"))
    assert label.minimumSizeHint().width() <= 240
