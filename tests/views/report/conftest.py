"""Fixtures shared by the tests of reports: a report on a drawn head."""

from dataclasses import replace

import pytest

from btgui.engine.exports.heat_pictures import HeatStyle
from btgui.engine.exports.report import heatmap_words, scan_report
from btgui.engine.exports.shown_scan import ShownScan
from btgui.engine.pictures.greys import Greys
from btgui.engine.pictures.measurement import Measurement
from btgui.engine.pictures.turn import PictureTurn
from btgui.views.report.page import Content
from btgui.views.report.pictures import ReportedHeat


@pytest.fixture
def shown(analysis):
    """The drawn head as it opens, with a ruler."""
    scan = replace(analysis.scan, spacing_mm=(0.5, 0.5))
    ruler = Measurement(((40, 40), (80, 40)))
    return ShownScan(scan, Greys(), PictureTurn(), (ruler,), True)


@pytest.fixture
def heat(analysis):
    """The heatmap of the last stage, in its default style."""
    explanation = analysis.explanation
    words = heatmap_words(analysis, explanation, 4)
    return ReportedHeat(explanation.stages[4], HeatStyle("inferno", 0.5, contours=False), words)


@pytest.fixture
def content(analysis, tiny_pack, shown, heat):
    """The complete content of a report on the drawn head."""
    return Content(scan_report(analysis, tiny_pack.card, None, shown), shown, heat, "", None)
