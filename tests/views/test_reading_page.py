from dataclasses import replace

import pytest

from btgui.engine.pictures.contrast import Contrast
from btgui.engine.pictures.turn import PictureTurn
from btgui.views.reading_page import ReadingPage
from btgui.views.widgets.picture_place import Place
from tests.views.conftest import shown_plainly, turn_wheel


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
    assert page.name.toolTip() == "head.png\nModality: MR"


def test_a_failure_leaves_the_name_and_no_picture(page, analysis):
    page.show_scan(analysis.scan)
    page.show_failure("broken.jpg")
    assert page.name.text() == "broken.jpg"
    assert page.scan_view._image.image is None


def test_a_file_s_name_is_shown_as_it_is_written(page):
    page.show_failure("<b>1.jpg")
    assert shown_plainly(page.name)


def test_scan_and_heatmap_have_equal_room_and_the_strip_spans_both(page, analysis):
    page.show_scan(analysis.scan)
    assert abs(page.scan_view.width() - page.gradcam.width()) <= 2
    assert page.gradcam.strip.width() == page.width()


def test_a_slice_that_cannot_be_read_does_not_lose_how_the_others_are_shown(page, analysis):
    view, scan = page.scan_view, analysis.scan
    page.show_slice(scan, "T1", keep_display=False)
    view.invert()
    view.set_turn(view.turn.rotated())
    view.set_contrast(Contrast(0.2, 2.0))
    turn, contrast = view.turn, view.contrast()
    page.show_failure("T1")
    page.show_failure("T1")
    page.show_slice(replace(scan, sha256="another"), "T1", keep_display=True)
    assert view.greys.inverted
    assert (view.turn, view.contrast()) == (turn, contrast)
    page.show_failure("T1")
    page.show_slice(scan, "T2", keep_display=False)
    assert not view.greys.inverted


def test_the_heatmap_shows_the_part_of_the_scan_that_is_seen_and_goes_back_with_it(page, analysis):
    page.show_scan(analysis.scan)
    page.gradcam.show_analysis(analysis)
    page.gradcam.select_stage(0)
    whole = page.gradcam.large.grab().toImage()
    page.scan_view.set_place(Place(0.3, 0.4, 3.0))
    assert shown_part(page) == pytest.approx((0.3, 0.4, 3.0))
    assert page.gradcam.large.grab().toImage() != whole
    page.scan_view.set_turn(PictureTurn(quarters=1))
    assert shown_part(page) == pytest.approx((0.6, 0.3, 3.0))  # of the turned heatmap
    page.scan_view.reset_view()
    assert shown_part(page) == pytest.approx((0.5, 0.5, 1.0))
    assert page.gradcam.large.grab().toImage() == whole


def test_the_heatmap_and_the_stages_lie_as_the_scan_does(page, analysis):
    page.show_scan(analysis.scan)
    page.gradcam.show_analysis(analysis)
    page.gradcam.show_explanation(analysis)
    pictures = [page.gradcam.large, page.gradcam.strip.pictures[5]]
    before = [picture.grab().toImage() for picture in pictures]
    page.scan_view.set_turn(PictureTurn().flipped_across())
    after = [picture.grab().toImage() for picture in pictures]
    assert all(seen != was for seen, was in zip(after, before, strict=True))
    page.scan_view.set_turn(PictureTurn())
    assert [picture.grab().toImage() for picture in pictures] == before


def test_the_wheel_over_the_heatmap_zooms_both(page, analysis):
    page.show_scan(analysis.scan)
    page.gradcam.show_analysis(analysis)
    turn_wheel(page.gradcam.large, 2)
    assert page.scan_view.place().zoom == pytest.approx(1.25**2)
    assert shown_part(page) == pytest.approx((0.5, 0.5, 1.25**2))
    turn_wheel(page.gradcam.large, -2)
    assert shown_part(page) == pytest.approx((0.5, 0.5, 1.0))


def shown_part(page):
    place = page.gradcam.large._place
    return place.x, place.y, place.zoom


def test_the_strip_gives_way_while_a_series_is_open(page, qtbot):
    high = page.gradcam.strip.height()
    page.set_series_open(is_open=True)
    assert page.gradcam.strip.height() < high
    page.set_series_open(is_open=False)
    qtbot.waitUntil(lambda: page.gradcam.strip.height() == high)


def test_in_a_low_window_the_scan_keeps_the_larger_part_and_all_else_gives_way(page, qtbot):
    page.set_series_open(is_open=True)
    page.series_bar.open(12, 6)
    page.curve.start(12, ("Glioma", "No tumour"))
    strip = page.gradcam.strip
    page.resize(760, 560)
    qtbot.waitUntil(lambda: strip.geometry().bottom() == 559)
    assert strip.isVisible()
    assert strip.height() < strip.maximumHeight()
    assert page.curve.height() < page.curve.maximumHeight()
    page.resize(760, 430)
    qtbot.waitUntil(lambda: strip.isHidden() and page.curve.geometry().bottom() == 429)
    assert page.gradcam.height() > page.height() / 2
    page.series_bar.close_series()
    page.curve.hide()
    qtbot.waitUntil(lambda: strip.isVisible() and strip.geometry().bottom() == 429)
    assert page.gradcam.height() > page.height() / 2


def test_scan_and_heatmap_have_equal_room_in_the_smallest_window_too(page, analysis, qtbot):
    page.show_scan(analysis.scan)
    page.resize(616, 557)
    qtbot.waitUntil(lambda: page.width() == 616)
    assert abs(page.scan_view.width() - page.gradcam.width()) <= 2
