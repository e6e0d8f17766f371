from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

from btgui.views.theme import BACKGROUND, TEXT, apply_theme, class_colour


def luminance(colour) -> float:
    """Relative luminance (WCAG 2.1)."""
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour.getRgbF()]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one, other) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_text_stands_out_from_the_background():
    assert contrast(TEXT, BACKGROUND) > 7  # WCAG level AAA


def test_class_colours_differ_and_stand_out():
    colours = [class_colour(index) for index in range(4)]
    assert len({colour.name() for colour in colours}) == 4
    assert all(contrast(colour, BACKGROUND) > 4.5 for colour in colours)


def test_more_classes_than_colours_start_again():
    assert class_colour(0) == class_colour(7)


def test_the_application_becomes_dark_and_its_icons_are_found(qapp):
    apply_theme(qapp)
    window = QApplication.palette().color(QPalette.ColorRole.Window)
    assert luminance(window) < 0.02
    assert "@icons@" not in qapp.styleSheet()
