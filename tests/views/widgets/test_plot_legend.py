from PySide6.QtGui import QColor, QTextDocument

from btgui.views.widgets.plot_legend import PlotLegend


def said(legend):
    document = QTextDocument()
    document.setHtml(legend.text())
    return document.toPlainText().replace("\N{NO-BREAK SPACE}", " ")


def test_every_name_has_its_colour_and_brings_no_markup(qtbot):
    legend = PlotLegend()
    qtbot.addWidget(legend)
    legend.show_entries([("One <b>", QColor("#56b4e9")), ("Two", QColor("red"))], "A < B")
    assert all(words in said(legend) for words in ("One <b>", "Two", "A < B"))
    assert "#56b4e9" in legend.text()


def test_without_anything_to_say_it_takes_no_room(qtbot):
    legend = PlotLegend()
    qtbot.addWidget(legend)
    legend.show()
    legend.show_entries([])
    assert not legend.isVisible()


def test_a_long_name_does_not_widen_the_window(qtbot):
    legend = PlotLegend()
    qtbot.addWidget(legend)
    legend.show_entries(
        [("The model of our department, trained again on its scans", QColor("red"))]
    )
    assert legend.minimumSizeHint().width() < 200
