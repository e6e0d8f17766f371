"""The window's size and columns from one start to the next."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QMainWindow, QSplitter

from btgui.engine.paths import user_data_folder

_FILE = "window.ini"


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
