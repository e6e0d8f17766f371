from PySide6.QtWidgets import QLabel

from btgui.views.evaluation_view.reliability_plot import ReliabilityPlot


def test_it_says_how_to_read_it(qtbot):
    plot = ReliabilityPlot()
    qtbot.addWidget(plot)
    (words,) = plot.findChildren(QLabel)
    assert "of verdicts with 80 %, 80 % are correct" in words.text()
