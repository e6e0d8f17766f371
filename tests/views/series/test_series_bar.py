from btgui.views.series.series_bar import SeriesBar


def test_what_is_remarkable_stands_under_the_slider_only_where_there_is_something(qtbot):
    bar = SeriesBar()
    qtbot.addWidget(bar)
    bar.open(5, 2, ["Gaps: 1.", "Slices may be missing."])
    assert bar.findings.text() == "Gaps: 1. Slices may be missing."
    assert bar.findings.isVisible()
    bar.open(5, 2)
    assert bar.findings.isHidden()
