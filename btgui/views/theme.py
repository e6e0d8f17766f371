"""The look: dark and calm, for a reading room."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QApplication

from btgui.engine.paths import resource_folder

# Okabe and Ito's colours, distinguishable with any colour vision; one per class.
_CLASS_COLOURS = ("#e69f00", "#56b4e9", "#2fbf8f", "#cc79a7", "#f0e442", "#d55e00", "#7a9cc6")

_ICON_SIDES = (16, 24, 32, 48, 64)  # pixels, for screens of any resolution
BACKGROUND = QColor("#16181c")
SURFACE = QColor("#1d2025")
RAISED = QColor("#272b32")
LINE = QColor("#343942")
OUTLINE = QColor("#757f8c")  # of widgets that can be pressed or typed into
TEXT = QColor("#d7dbe0")
QUIET_TEXT = QColor("#98a1ad")
FAINT_TEXT = QColor("#6a727d")  # of disabled widgets
ACCENT = QColor("#4f9dd0")
SELECTION = QColor("#2c4a60")
WARNING = QColor("#e6b450")
# The colours that style.qss refers to as @background@ and so on.
_IN_SHEET = {
    "background": BACKGROUND,
    "surface": SURFACE,
    "raised": RAISED,
    "line": LINE,
    "outline": OUTLINE,
    "text": TEXT,
    "quiet": QUIET_TEXT,
    "faint": FAINT_TEXT,
    "accent": ACCENT,
    "selection": SELECTION,
    "warning": WARNING,
    "stop": QColor(_CLASS_COLOURS[5]),
}


def class_colour(index: int) -> QColor:
    """Return the colour of the class with this index, the same everywhere in the application."""
    return QColor(_CLASS_COLOURS[index % len(_CLASS_COLOURS)])


def tool_icon(name: str) -> QIcon:
    """Return the icon of a tool, as faint as disabled text while the tool is disabled.

    Qt's own disabled icons suit light themes: in this dark one they would look almost enabled.
    """
    drawn, icon = QIcon(str(resource_folder() / "icons" / f"{name}.svg")), QIcon()
    for side in _ICON_SIDES:
        pixmap = drawn.pixmap(QSize(side, side), 1.0)
        icon.addPixmap(pixmap)
        icon.addPixmap(_faint(pixmap), QIcon.Mode.Disabled)
    return icon


def apply_theme(app: QApplication) -> None:
    """Set the application's palette and style sheet, unless they are set already."""
    sheet = _style_sheet()
    if app.styleSheet() == sheet:
        return  # setting it again would repolish every widget, which can crash Qt
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: BACKGROUND,
        QPalette.ColorRole.Base: SURFACE,
        QPalette.ColorRole.AlternateBase: RAISED,
        QPalette.ColorRole.Button: RAISED,
        QPalette.ColorRole.ToolTipBase: RAISED,
        QPalette.ColorRole.WindowText: TEXT,
        QPalette.ColorRole.Text: TEXT,
        QPalette.ColorRole.ButtonText: TEXT,
        QPalette.ColorRole.ToolTipText: TEXT,
        QPalette.ColorRole.PlaceholderText: QUIET_TEXT,
        QPalette.ColorRole.Highlight: SELECTION,
        QPalette.ColorRole.HighlightedText: TEXT,
        QPalette.ColorRole.Link: ACCENT,
    }
    for role, colour in roles.items():
        palette.setColor(role, colour)
    for role in (
        QPalette.ColorRole.WindowText,
        QPalette.ColorRole.Text,
        QPalette.ColorRole.ButtonText,
    ):
        palette.setColor(QPalette.ColorGroup.Disabled, role, FAINT_TEXT)
    app.setPalette(palette)
    app.setStyleSheet(sheet)


def _faint(pixmap: QPixmap) -> QPixmap:
    faint = QPixmap(pixmap)
    painter = QPainter(faint)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    painter.fillRect(faint.rect(), FAINT_TEXT)
    painter.end()
    return faint


def _style_sheet() -> str:
    resources = resource_folder()
    sheet = (resources / "style.qss").read_text(encoding="utf-8")
    for name, colour in _IN_SHEET.items():
        sheet = sheet.replace(f"@{name}@", colour.name())
    return sheet.replace("@icons@", (resources / "icons").as_posix())
