"""The look: dark and calm, for a reading room."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from btgui.engine.paths import resource_folder

# Okabe and Ito's colours, told apart by readers with any colour vision; one a class.
_CLASS_COLOURS = ("#e69f00", "#56b4e9", "#2fbf8f", "#cc79a7", "#f0e442", "#d55e00", "#7a9cc6")

BACKGROUND = QColor("#16181c")
SURFACE = QColor("#1d2025")
RAISED = QColor("#272b32")
LINE = QColor("#343942")
OUTLINE = QColor("#757f8c")  # of what can be pressed or typed into
TEXT = QColor("#d7dbe0")
QUIET_TEXT = QColor("#98a1ad")
FAINT_TEXT = QColor("#6a727d")  # of what cannot be used now
ACCENT = QColor("#4f9dd0")
SELECTION = QColor("#2c4a60")
WARNING = QColor("#e6b450")
# What style.qss writes as @background@ and so on.
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
    """Return the colour of the class with this index; the same everywhere in the window."""
    return QColor(_CLASS_COLOURS[index % len(_CLASS_COLOURS)])


def apply_theme(app: QApplication) -> None:
    """Give the application its palette and style sheet, unless it has them."""
    sheet = _style_sheet()
    if app.styleSheet() == sheet:
        return  # every widget that there is would be polished anew, which Qt may not survive
    app.setStyle("Fusion")
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


def _style_sheet() -> str:
    resources = resource_folder()
    sheet = (resources / "style.qss").read_text(encoding="utf-8")
    for name, colour in _IN_SHEET.items():
        sheet = sheet.replace(f"@{name}@", colour.name())
    return sheet.replace("@icons@", (resources / "icons").as_posix())
