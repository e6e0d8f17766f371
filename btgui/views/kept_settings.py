"""The settings in force: whoever changes them has them kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from btgui.engine.paths import user_data_folder
from btgui.engine.settings import Settings, save_settings


class KeptSettings(QObject):
    """Holds the settings and writes them down at every change.

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

    def take(self, settings: Settings) -> None:
        """Take over and keep settings."""
        if settings == self.now:
            return
        self.now = settings
        self.changed.emit(settings)
        try:
            save_settings(settings, user_data_folder())
        except OSError as error:
            self.message.emit(f"The settings could not be saved ({error.strerror}).")

    def change(self, **values: Any) -> None:  # noqa: ANN401  (each setting has its own type)
        """Change single settings by name."""
        self.take(replace(self.now, **values))
