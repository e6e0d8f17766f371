import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from btgui.engine.exports.heat_pictures import HeatStyle
from btgui.views.heatmaps.heat_look import HeatLook


@pytest.fixture
def look(qtbot) -> HeatLook:
    look = HeatLook()
    qtbot.addWidget(look)
    look.show()
    return look


def test_every_choice_is_told_by_the_names_of_the_settings(look, qtbot):
    look.choose("inferno", 50, contours=False)
    for widget, key, option in (
        (look.opacity, Qt.Key.Key_PageUp, {"heatmap_opacity": 60}),
        (look.colours, Qt.Key.Key_Down, {"colour_map": look.colours.itemData(1)}),
        (look.contours, Qt.Key.Key_Space, {"heatmap_contours": True}),
    ):
        with qtbot.waitSignal(look.changed) as changed:
            qtbot.keyClick(widget, key)
        assert changed.args == [option]
    assert look.heat_style() == HeatStyle(look.colours.itemData(1), 0.6, True)


def test_there_is_no_opacity_to_choose_for_lines(look):
    for contours in (True, False):
        look.choose("inferno", 50, contours=contours)
        assert look.opacity.isEnabled() is not contours


def test_the_legend_shows_the_colours_that_are_chosen(look, qtbot):
    def drawn() -> bytes:
        image = look.legend.grab().toImage()  # held while its bytes are copied
        return bytes(image.constBits())

    before = drawn()
    qtbot.keyClick(look.colours, Qt.Key.Key_Down)
    chosen = drawn()
    assert chosen != before
    look.choose("inferno", 50, contours=False)
    assert drawn() == before


def test_a_colour_map_that_is_no_longer_known_gives_the_first(look):
    look.choose("no such colours", 50, contours=False)
    assert look.colours.currentIndex() == 0


def test_in_a_wide_view_the_opacity_s_name_stays_beside_its_slider(look):
    look.resize(1400, 80)
    name = next(label for label in look.findChildren(QLabel) if label.text() == "Opacity")
    QApplication.processEvents()
    written = name.geometry().left() + name.sizeHint().width()
    assert look.opacity.geometry().left() - written < 20
