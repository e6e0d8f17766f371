"""The initial size of windows, and the main window's geometry from one start to the next."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QSettings, QSize, Qt
from PySide6.QtWidgets import QMainWindow, QSplitter, QWidget

from btgui.engine.paths import user_data_folder

_FILE = "window.ini"
_FRAME = QSize(16, 40)  # pixels that the window frame takes


def open_at(window: QWidget, width: int, height: int) -> None:
    """Give a window its initial size, limited to the available screen."""
    window.resize(QSize(width, height).boundedTo(window.screen().availableSize() - _FRAME))


def bring_up(window: QWidget) -> None:
    """Show a window, raise it and activate it; a minimised one is restored."""
    window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    window.show()
    window.raise_()
    window.activateWindow()


def save_state(window: QMainWindow, columns: QSplitter) -> None:
    """Save the geometry of the window and the widths of its columns."""
    state = _settings()
    state.setValue("geometry", window.saveGeometry())
    state.setValue("columns", columns.saveState())


def restore_state(window: QMainWindow, columns: QSplitter) -> None:
    """Restore geometry and column widths; without saved ones, nothing changes."""
    state = _settings()
    geometry, widths = state.value("geometry"), state.value("columns")
    if isinstance(geometry, QByteArray) and isinstance(widths, QByteArray):
        window.restoreGeometry(geometry)
        columns.restoreState(widths)


def _settings() -> QSettings:
    return QSettings(str(user_data_folder() / _FILE), QSettings.Format.IniFormat)
