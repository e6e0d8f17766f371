"""The settings in force: whoever changes them has them kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from btgui.engine.paths import user_data_folder
from btgui.engine.settings import Settings, save_settings

_PAUSE_MILLISECONDS = 500


class KeptSettings(QObject):
    """Holds the settings and writes them down at every change, or after the last of many.

    Attributes
    ----------
    now
        The settings in force.

    Signals
    -------
    changed(Settings)
        They are different now.
    message(str)
        They could not be written down, and why.
    """

    changed = Signal(object)
    message = Signal(str)

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.now = settings
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MILLISECONDS)
        self._pause.timeout.connect(self._write_down)

    def take(self, settings: Settings) -> None:
        """Take over and keep settings."""
        if self._is_new(settings):
            self._write_down()

    def change(self, **values: Any) -> None:  # noqa: ANN401  (each setting has its own type)
        """Change single settings by name."""
        self.take(replace(self.now, **values))

    def change_often(self, **values: Any) -> None:  # noqa: ANN401  (each setting has its own type)
        """Change what changes at every tick of a slider; the last state is written down."""
        if self._is_new(replace(self.now, **values)):
            self._pause.start()

    def close(self) -> None:
        """Write down what is not written yet."""
        if self._pause.isActive():
            self._write_down()

    def _is_new(self, settings: Settings) -> bool:
        """Take over settings; whether they differ from those before."""
        if settings == self.now:
            return False
        self.now = settings
        self.changed.emit(settings)
        return True

    def _write_down(self) -> None:
        self._pause.stop()
        try:
            save_settings(self.now, user_data_folder())
        except OSError as error:
            self.message.emit(f"The settings could not be saved ({error.strerror}).")
