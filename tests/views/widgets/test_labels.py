from btgui.views.widgets.labels import paragraph, plain_label, say_or_hide
from tests.views.conftest import shown_plainly


def test_a_text_is_shown_letter_by_letter(qtbot):
    for label in (plain_label("<b>Head</b>"), paragraph("<b>Head</b>")):
        qtbot.addWidget(label)
        assert shown_plainly(label)


def test_only_a_paragraph_goes_on_in_further_lines(qtbot):
    line, text = plain_label("of many words " * 9), paragraph("of many words " * 9)
    for label in (line, text):
        qtbot.addWidget(label)
    assert line.minimumSizeHint().width() > 3 * text.minimumSizeHint().width()


def test_a_label_that_says_nothing_takes_no_place(qtbot):
    label = paragraph()
    qtbot.addWidget(label)
    say_or_hide(label, "A sentence.")
    assert (label.isHidden(), label.text()) == (False, "A sentence.")
    say_or_hide(label, "")
    assert label.isHidden()
