from dataclasses import replace

import numpy as np
import pytest

from btgui.engine.exports import heat_pictures
from btgui.engine.exports.heat_pictures import (
    HeatStyle,
    SmallPictures,
    reduced_heat,
    reduced_scan,
    scan_picture,
    stage_picture,
)
from btgui.engine.exports.picture import heatmap_overlay

COLOURS = HeatStyle("inferno", 0.5, contours=False)
LINES = replace(COLOURS, contours=True)


def enlarged(analysis, factor: int):
    """Return an analysis of the same scan enlarged by a factor."""

    def larger(pixels):
        return np.repeat(np.repeat(pixels, factor, 0), factor, 1)

    stages = tuple(replace(one, on_scan=larger(one.on_scan)) for one in analysis.explanation.stages)
    return replace(
        analysis,
        scan=replace(analysis.scan, grey=larger(analysis.scan.grey)),
        explanation=replace(analysis.explanation, stages=stages),
    )


def test_a_stage_is_the_scan_with_its_heat_or_lines_over_it(analysis):
    grey, heat = analysis.scan.grey, analysis.explanation.stages[4].on_scan
    assert np.array_equal(stage_picture(grey, heat, COLOURS), heatmap_overlay(grey, heat))
    lines = stage_picture(grey, heat, LINES)
    changed = (lines != scan_picture(grey)).any(axis=2)
    assert 0 < changed.mean() < 0.2


def test_lines_are_drawn_within_a_ring_of_evidence_too():
    heat = np.zeros((60, 60), np.float32)
    heat[5:55, 5:55], heat[15:45, 15:45], heat[28:32, 28:32] = 1, 0, 0.6
    drawn = stage_picture(np.zeros((60, 60), np.uint8), heat, LINES).any(axis=2)
    assert drawn[30, [5, 14, 28]].all()
    assert not drawn[30, [10, 20, 40]].any()


def test_of_a_small_scan_the_strip_shows_every_pixel(analysis):
    small = SmallPictures().draw(analysis, COLOURS)
    grey, stages = analysis.scan.grey, analysis.explanation.stages
    assert np.array_equal(small[0], scan_picture(grey))
    for picture, stage in zip(small[1:], stages, strict=True):
        assert np.array_equal(picture, stage_picture(grey, stage.on_scan, COLOURS))


@pytest.mark.parametrize("style", [COLOURS, LINES])
def test_of_a_large_scan_it_shows_the_same_smaller(analysis, style):
    factor = 2 * heat_pictures._SMALL // max(analysis.scan.grey.shape)
    large = enlarged(analysis, factor)
    small = SmallPictures().draw(large, style)
    assert {max(one.shape[:2]) for one in small} == {heat_pictures._SMALL}
    assert small[0].shape[0] / small[0].shape[1] == pytest.approx(
        large.scan.grey.shape[0] / large.scan.grey.shape[1], abs=0.01
    )
    as_large = SmallPictures().draw(enlarged(analysis, factor // 2), style)
    for one, other in zip(small, as_large, strict=True):
        assert np.abs(one.astype(float) - other).mean() < 1


def test_it_is_drawn_again_only_where_it_has_changed(analysis):
    small = SmallPictures()
    first = small.draw(analysis, COLOURS)
    assert small.draw(analysis, COLOURS) is first
    assert small.draw(analysis, replace(COLOURS, opacity=0.9)) is not first
    again = small.draw(replace(analysis, explanation=replace(analysis.explanation)), COLOURS)
    assert all(np.array_equal(one, other) for one, other in zip(again, first, strict=True))


def test_without_heatmaps_there_is_nothing(analysis):
    assert SmallPictures().draw(replace(analysis, explanation=None), COLOURS) == []


def test_a_large_picture_is_reduced_and_a_small_one_left():
    grey = np.full((40, 20), 7, np.uint8)
    assert reduced_scan(grey, 40) is grey
    assert reduced_scan(grey, 10).shape == (10, 5)
    heat = np.full((40, 20), np.nan, np.float32)
    heat[:20] = 0.5
    small = reduced_heat(heat, 10)
    assert small.shape == (10, 5)
    assert np.isnan(small[5:]).all()
    assert (small[:5] == 0.5).all()
