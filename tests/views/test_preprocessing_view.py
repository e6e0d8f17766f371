from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication, QLabel

from btgui.views.preprocessing_view import PreprocessingView


@pytest.fixture
def view(qtbot):
    view = PreprocessingView()
    qtbot.addWidget(view)
    view.show()
    return view


def note(view) -> str:
    return view.layout().itemAtPosition(4, 0).widget().text()


def test_all_six_steps_are_shown(view, analysis):
    view.show_steps(analysis.scan, analysis.preprocessed)
    assert len(view.pictures) == 6
    assert all(picture.has_picture() for picture in view.pictures)


def test_what_nobody_sees_is_drawn_once_it_is_seen(view, analysis):
    view.hide()
    view.show_steps(analysis.scan, analysis.preprocessed)
    assert not any(picture.has_picture() for picture in view.pictures)
    view.show()
    assert all(picture.has_picture() for picture in view.pictures)
    view.hide()
    view.show_steps(analysis.scan, analysis.preprocessed)
    view.clear()
    view.show()
    assert not any(picture.has_picture() for picture in view.pictures)


def test_it_says_what_was_kept(view, analysis):
    view.show_steps(analysis.scan, analysis.preprocessed)
    box = analysis.preprocessed.outline.box
    assert f"{box.width} x {box.height} pixels from ({box.left}, {box.top})" in note(view)
    assert "network input 64 x 64" in note(view)


def test_a_remark_of_the_crop_follows(view, analysis):
    outline = replace(analysis.preprocessed.outline, note="No head was found.")
    view.show_steps(analysis.scan, replace(analysis.preprocessed, outline=outline))
    assert note(view).endswith("network input 64 x 64. No head was found.")


def test_clearing_leaves_no_picture(view, analysis):
    view.show_steps(analysis.scan, analysis.preprocessed)
    view.clear()
    assert not any(picture.has_picture() for picture in view.pictures)


@pytest.mark.parametrize("width", [330, 700])
def test_all_pictures_are_of_one_width_and_no_caption_is_cut(view, width):
    view.resize(width, 420)
    view.show()
    widths = [picture.width() for picture in view.pictures]
    assert max(widths) - min(widths) <= 1
    for label in view.findChildren(QLabel):
        assert label.height() >= label.heightForWidth(label.width())


def test_a_caption_in_two_lines_makes_no_picture_smaller(view, analysis):
    view.show_steps(analysis.scan, analysis.preprocessed)
    captions = [label for label in view.findChildren(QLabel) if label.text()[:1].isdigit()]
    captions[-1].setText("6  " + "What the network sees. " * 20)
    view.resize(480, 600)
    QApplication.processEvents()
    assert captions[-1].height() > captions[0].height()
    assert len({picture.height() for picture in view.pictures[3:]}) == 1
