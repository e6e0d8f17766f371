import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QIcon, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialogButtonBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QProxyStyle,
    QPushButton,
    QScrollArea,
    QSlider,
    QStyle,
    QTabBar,
    QTableWidget,
    QTextBrowser,
    QToolBar,
    QToolButton,
    QWidget,
)

from btgui.engine.paths import resource_folder
from btgui.views.theme import (
    ACCENT,
    BACKGROUND,
    FAINT_TEXT,
    OUTLINE,
    QUIET_TEXT,
    RAISED,
    SELECTION,
    SURFACE,
    TEXT,
    WARNING,
    apply_theme,
    class_colour,
    tool_icon,
)
from btgui.views.widgets.curves_plot import dark_plot


def luminance(colour) -> float:
    """Relative luminance (WCAG 2.1)."""
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour.getRgbF()]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one, other) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_text_stands_out_from_the_background():
    assert contrast(TEXT, BACKGROUND) > 7  # WCAG level AAA


@pytest.mark.parametrize("text", [TEXT, QUIET_TEXT, WARNING])
@pytest.mark.parametrize("ground", [BACKGROUND, SURFACE, RAISED])
def test_every_text_stands_out_from_every_ground(text, ground):
    assert contrast(text, ground) > 4.5  # WCAG level AA


def test_chosen_rows_and_words_can_be_read(qapp):
    apply_theme(qapp)
    for group in (QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive):
        chosen = QApplication.palette().color(group, QPalette.ColorRole.Highlight)
        words = QApplication.palette().color(group, QPalette.ColorRole.HighlightedText)
        assert contrast(words, chosen) > 4.5
    assert contrast(TEXT, SELECTION) > 4.5
    assert contrast(WARNING, SELECTION) > 4.5


@pytest.mark.parametrize("ground", [BACKGROUND, SURFACE, RAISED, QColor("#30353e")])
def test_the_outline_of_what_can_be_pressed_is_seen(ground):
    assert contrast(OUTLINE, ground) >= 3  # WCAG 1.4.11


@pytest.mark.parametrize(
    "what",
    ["QPushButton", "QComboBox", "QLineEdit", "QCheckBox::indicator", "QListView::indicator"],
)
def test_what_can_be_pressed_or_typed_into_has_that_outline(qapp, what):
    apply_theme(qapp)
    rules = re.findall(rf"{re.escape(what)}[^{{}}]*{{([^}}]*)}}", qapp.styleSheet())
    assert any(f"border: 1px solid {OUTLINE.name()}" in rule for rule in rules)


def _tool() -> QToolButton:
    button = QToolButton()
    button.setProperty("tool", True)
    return button


def _chosen_tool() -> QToolButton:
    button = _tool()
    button.setCheckable(True)
    button.setChecked(True)
    return button


def _tabs() -> QTabBar:
    tabs = QTabBar()
    tabs.addTab("Scan")
    return tabs


def _plot() -> QWidget:
    return dark_plot("Epoch", "Accuracy (%)")


def _colours_at_the_top(widget) -> list[QColor]:
    picture = widget.grab().toImage()
    return [picture.pixelColor(picture.width() // 2, row) for row in range(3)]


_PRESSED = (QPushButton, QComboBox, QToolButton, _tool, _tabs, QSlider)
_SCROLLED = (QTextBrowser, QPlainTextEdit, QScrollArea, _plot)


@pytest.mark.parametrize(
    ("make", "colour"),
    [*((make, ACCENT) for make in (*_PRESSED, *_SCROLLED)), (_chosen_tool, TEXT)],
)
def test_what_has_the_focus_is_outlined_and_as_large_as_before(qtbot, qapp, make, colour):
    apply_theme(qapp)
    window = QWidget()
    qtbot.addWidget(window)
    widget, other = make(), QPushButton()
    row = QHBoxLayout(window)
    row.addWidget(other)
    row.addWidget(widget)
    widget.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    other.setFocus()
    assert colour not in _colours_at_the_top(widget)
    size, inside = widget.sizeHint(), widget.contentsRect()
    widget.setFocus()
    assert colour in _colours_at_the_top(widget)
    assert widget.sizeHint() == size
    assert widget.contentsRect() == inside


def test_the_sheet_repeats_no_colour_of_the_theme():
    sheet = (resource_folder() / "style.qss").read_text(encoding="utf-8")
    own = (BACKGROUND, SURFACE, RAISED, OUTLINE, TEXT, QUIET_TEXT, SELECTION, WARNING)
    assert not {colour.name() for colour in own} & set(re.findall(r"#[0-9a-f]{6}", sheet))


def test_class_colours_differ_and_stand_out():
    colours = [class_colour(index) for index in range(4)]
    assert len({colour.name() for colour in colours}) == 4
    assert all(contrast(colour, BACKGROUND) > 4.5 for colour in colours)


def test_more_classes_than_colours_start_again():
    assert class_colour(0) == class_colour(7)


def test_a_tool_that_cannot_be_used_has_an_icon_as_faint_as_its_words(qapp):
    icon = tool_icon("ruler")
    for mode, colour in ((QIcon.Mode.Normal, TEXT), (QIcon.Mode.Disabled, FAINT_TEXT)):
        drawn = icon.pixmap(16, mode=mode).toImage()
        pixels = [drawn.pixelColor(x, y) for x in range(16) for y in range(16)]
        assert max(pixels, key=QColor.alpha).name() == colour.name()


def test_the_application_becomes_dark_and_its_icons_are_found(qapp):
    apply_theme(qapp)
    window = QApplication.palette().color(QPalette.ColorRole.Window)
    assert luminance(window) < 0.02
    assert "@" not in qapp.styleSheet()  # nothing is left to be filled in


def _shows_its_icon(button: QToolButton) -> bool:
    picture = button.grab(button.rect().adjusted(3, 4, -3, -4)).toImage()
    places = ((x, y) for x in range(picture.width()) for y in range(picture.height()))
    return max(contrast(picture.pixelColor(*at), RAISED) for at in places) > 3  # WCAG 1.4.11


def test_the_buttons_of_qts_own_file_dialog_show_their_icons(qtbot, qapp, tmp_path):
    apply_theme(qapp)
    dialog = QFileDialog(None, "Open scans", str(tmp_path))
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    qtbot.addWidget(dialog)
    dialog.show()
    buttons = [one for one in dialog.findChildren(QToolButton) if one.isVisible()]
    assert buttons
    assert all(_shows_its_icon(one) for one in buttons if one.isEnabled())


def test_what_leads_to_the_tools_without_room_shows_its_icon(qtbot, qapp):
    apply_theme(qapp)
    bar = QToolBar()
    qtbot.addWidget(bar)
    for _ in range(9):
        bar.addAction(tool_icon("ruler"), "Ruler")
    bar.resize(120, 40)
    bar.show()
    extension = bar.findChild(QToolButton, "qt_toolbar_ext_button")
    qtbot.waitUntil(extension.isVisible)
    assert _shows_its_icon(extension)


class _OfDesktopsWithIcons(QProxyStyle):
    def styleHint(self, hint, option=None, widget=None, answer=None) -> int:  # noqa: N802  (Qt's name)
        if hint == QStyle.StyleHint.SH_DialogButtonBox_ButtonsHaveIcons:
            return 1
        return super().styleHint(hint, option, widget, answer)


def test_buttons_of_dialogs_have_words_alone(qtbot, qapp):
    apply_theme(qapp)
    box, style = QDialogButtonBox(), _OfDesktopsWithIcons("Fusion")
    qtbot.addWidget(box)
    box.setStyle(style)
    box.show()
    assert box.addButton(QDialogButtonBox.StandardButton.Close).icon().isNull()


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_the_list_of_a_box_that_has_the_keys_shows_all_its_entries(qtbot, qapp):
    apply_theme(qapp)
    box = QComboBox()
    qtbot.addWidget(box)
    box.addItems(["Inferno", "Viridis", "Turbo", "Grey"])
    box.show()
    box.activateWindow()
    box.setFocus()
    qtbot.waitUntil(box.hasFocus)
    box.showPopup()
    view = box.view()
    last = view.model().index(box.count() - 1, 0)
    qapp.processEvents()
    assert view.visualRect(last).bottom() < view.viewport().height()
    box.hidePopup()


def test_the_corner_between_headings_is_as_plain_as_they_are(qtbot, qapp):
    apply_theme(qapp)
    table = QTableWidget(2, 2)
    qtbot.addWidget(table)
    table.show()
    corner = table.grab().toImage().copy(2, 2, 8, 12)
    shown = {corner.pixelColor(x, y).name() for x in range(8) for y in range(12)}
    assert shown == {RAISED.name()}


def test_a_table_is_alike_below_its_row_headings_and_beside_them(qtbot, qapp):
    apply_theme(qapp)
    table = QTableWidget(1, 2)
    qtbot.addWidget(table)
    table.resize(400, 300)
    table.show()
    picture = table.grab().toImage()
    assert {picture.pixelColor(x, 200).name() for x in (8, 200)} == {SURFACE.name()}


def test_the_coloured_edge_of_a_finding_is_straight(qtbot, qapp):
    apply_theme(qapp)
    frame = QFrame()
    qtbot.addWidget(frame)
    frame.setProperty("finding", "alarm")
    frame.resize(200, 80)
    frame.show()
    picture = frame.grab().toImage()
    edge = [picture.pixelColor(x, 40).name() for x in range(6)]
    assert edge[:4] == [WARNING.name()] * 4
    for y in range(1, 79):
        assert [picture.pixelColor(x, y).name() for x in range(6)] == edge
