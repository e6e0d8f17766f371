import pytest
from PySide6.QtCore import Qt

from btgui.views.widgets.elided_label import ElidedLabel
from tests.views.conftest import shown_plainly

NAME = "a very long name of a scan, which differs from others at its end 0017.dcm"


@pytest.fixture
def label(qtbot):
    label = ElidedLabel(Qt.TextElideMode.ElideMiddle)
    qtbot.addWidget(label)
    label.setText(NAME)
    label.show()
    return label


def test_what_does_not_fit_is_cut_and_the_text_stays_whole(label):
    label.resize(label.fontMetrics().averageCharWidth() * 30, label.sizeHint().height())
    shown = label.shown_text()
    assert "…" in shown
    assert shown.endswith("7.dcm")
    assert label.fontMetrics().horizontalAdvance(shown) <= label.width()
    assert label.text() == NAME
    label.resize(label.sizeHint())
    assert label.shown_text() == NAME


def test_within_a_border_too_nothing_is_cut_without_an_ellipsis(label):
    label.setStyleSheet("border: 1px solid red; padding: 2px 10px")
    label.ensurePolished()
    label.resize(label.sizeHint())
    assert label.shown_text() == NAME
    label.resize(label.width() - 1, label.height())
    assert "…" in label.shown_text()


def test_it_never_widens_its_window(label):
    assert label.minimumSizeHint().width() < label.sizeHint().width() / 4
    label.setText("7")
    assert label.minimumSizeHint().width() <= label.sizeHint().width()


def test_both_the_whole_and_the_cut_text_are_drawn_in_the_label_s_colour(label):
    label.setStyleSheet("color: #ff0000; background: #000000")
    for width in (label.sizeHint().width(), 80):
        label.resize(width, label.sizeHint().height())
        picture = label.grab().toImage()
        reds = [
            picture.pixelColor(x, y).red()
            for x in range(picture.width())
            for y in range(picture.height())
        ]
        assert max(reds) > 150


def test_markup_is_shown_as_it_is_written(label):
    label.setText("<b>1.jpg")
    assert shown_plainly(label)
