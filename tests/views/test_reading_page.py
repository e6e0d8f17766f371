from dataclasses import replace
from pathlib import Path

import pytest

from btgui.views.reading_page import ReadingPage
from tests.views.conftest import shown_plainly


@pytest.fixture
def page(qtbot):
    page = ReadingPage()
    qtbot.addWidget(page)
    page.resize(1000, 700)
    page.show()
    return page


def test_a_scan_is_named_and_its_facts_are_a_tooltip(page, analysis):
    page.show_scan(replace(analysis.scan, metadata={"Modality": "MR"}))
    assert page.name.text() == "head.png"
    assert page.name.toolTip() == "Modality: MR"


def test_a_failure_leaves_the_name_and_no_picture(page, analysis):
    page.show_scan(analysis.scan)
    page.show_failure(Path("broken.jpg"))
    assert page.name.text() == "broken.jpg"
    assert page.scan_view._image.image is None


def test_a_file_s_name_is_shown_as_it_is_written(page):
    page.show_failure(Path("<b>1.jpg"))
    assert shown_plainly(page.name)


def test_scan_and_heatmap_have_equal_room_and_the_strip_spans_both(page, analysis):
    page.show_scan(analysis.scan)
    assert abs(page.scan_view.width() - page.gradcam.width()) <= 2
    assert page.gradcam.strip.width() == page.width()
