from dataclasses import replace

import pytest

from btgui.views.preprocessing_view import PreprocessingView


@pytest.fixture
def view(qtbot):
    view = PreprocessingView()
    qtbot.addWidget(view)
    return view


def note(view) -> str:
    return view.layout().itemAtPosition(2, 0).widget().text()


def test_all_six_steps_are_shown(view, analysis):
    view.show_steps(analysis.scan, analysis.preprocessed)
    assert len(view.pictures) == 6
    assert all(picture.has_picture() for picture in view.pictures)


def test_it_says_what_was_kept(view, analysis):
    view.show_steps(analysis.scan, analysis.preprocessed)
    box = analysis.preprocessed.outline.box
    assert f"{box.width} x {box.height} pixels from ({box.left}, {box.top})" in note(view)
    assert "network input 64 x 64" in note(view)


def test_a_remark_of_the_crop_is_shown_instead(view, analysis):
    outline = replace(analysis.preprocessed.outline, note="No head was found.")
    view.show_steps(analysis.scan, replace(analysis.preprocessed, outline=outline))
    assert note(view) == "No head was found."


def test_clearing_leaves_no_picture(view, analysis):
    view.show_steps(analysis.scan, analysis.preprocessed)
    view.clear()
    assert not any(picture.has_picture() for picture in view.pictures)
