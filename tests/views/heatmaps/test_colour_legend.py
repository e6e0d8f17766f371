from btgui.engine.exports.picture import colour_table
from btgui.views.heatmaps.colour_legend import ColourLegend


def test_the_strip_runs_from_the_first_to_the_last_colour(qtbot):
    legend = ColourLegend()
    qtbot.addWidget(legend)
    legend.resize(600, 24)
    legend.show_colour_map("viridis")
    drawn = legend.grab().toImage()
    first, last = colour_table("viridis")[0], colour_table("viridis")[-1]
    row = [drawn.pixelColor(x, 12).getRgb()[:3] for x in range(600)]
    assert tuple(int(c) for c in first) in row
    assert tuple(int(c) for c in last) in row


def test_it_asks_for_room_for_its_words(qtbot):
    legend = ColourLegend()
    qtbot.addWidget(legend)
    words = legend.fontMetrics().horizontalAdvance("no evidence")
    assert legend.minimumSizeHint().width() > 2 * words
