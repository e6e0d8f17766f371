"""How large windows are at first, how they come up, and the main one from start to start."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QSettings, QSize
from PySide6.QtWidgets import QMainWindow, QSplitter, QWidget

from btgui.engine.paths import user_data_folder

_FILE = "window.ini"
_FRAME = QSize(16, 40)  # pixels that a window's title and edges take


def open_at(window: QWidget, width: int, height: int) -> None:
    """Give a window its first size, or what of it a small screen has room for."""
    window.resize(QSize(width, height).boundedTo(window.screen().availableSize() - _FRAME))


def bring_up(window: QWidget) -> None:
    """Show a window, or bring it before the others."""
    window.show()
    window.raise_()
    window.activateWindow()


def save_state(window: QMainWindow, columns: QSplitter) -> None:
    """Write down how the window lies."""
    state = _settings()
    state.setValue("geometry", window.saveGeometry())
    state.setValue("columns", columns.saveState())


def restore_state(window: QMainWindow, columns: QSplitter) -> None:
    """Bring the window to where it lay; what is not known stays as it is."""
    state = _settings()
    geometry, widths = state.value("geometry"), state.value("columns")
    if isinstance(geometry, QByteArray) and isinstance(widths, QByteArray):
        window.restoreGeometry(geometry)
        columns.restoreState(widths)


def _settings() -> QSettings:
    return QSettings(str(user_data_folder() / _FILE), QSettings.Format.IniFormat)
