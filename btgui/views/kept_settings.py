"""The settings in force, saved at every change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from btgui.engine.disk.file_lock import LockHeldError
from btgui.engine.errors import BtguiError
from btgui.engine.notifications import Notification, notify
from btgui.engine.paths import user_data_folder
from btgui.engine.settings import SETTINGS_FILE, Settings, update_settings, written_settings

_PAUSE_MILLISECONDS = 500


class KeptSettings(QObject):
    """Holds the settings and saves them at every change, or after the last of a quick sequence.

    Another window may change the settings too: its changes are adopted when it saves them, and
    each change made here is applied to what the file holds by then.

    Attributes
    ----------
    now
        The settings in force.

    Signals
    -------
    changed(Settings)
        The settings are different now.
    """

    changed = Signal(object)

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.now = settings
        self._unsaved: dict[str, Any] = {}  # in force, but not saved yet
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MILLISECONDS)
        self._pause.timeout.connect(self._write_down)
        self._watcher = QFileSystemWatcher(self)
        self._watcher.fileChanged.connect(self._take_written)
        if not self._watch():  # only a file that exists can be watched
            self._write_down()

    def apply(self, change: Callable[[Settings], Settings]) -> None:
        """Replace the settings by what a function returns for the current ones, and save them."""
        if change(self.now) != self.now:
            self._write_down(change)

    def change(self, **values: Any) -> None:  # noqa: ANN401  (each setting has its own type)
        """Change individual settings by name, and save them."""
        self.apply(lambda before: replace(before, **values))

    def change_often(self, **values: Any) -> None:  # noqa: ANN401  (each setting has its own type)
        """Change settings that change at every tick of a slider; only the last state is saved."""
        if self._take(replace(self.now, **values)):
            self._unsaved |= values
            self._pause.start()

    def close(self) -> None:
        """Save what has not been saved yet."""
        if self._pause.isActive():
            self._write_down()

    def _watch(self) -> bool:
        """Watch the current file, which every save replaces; return whether there is one."""
        return self._watcher.addPath(str(user_data_folder() / SETTINGS_FILE))

    def _take_written(self) -> None:
        self._watch()
        if (written := written_settings(user_data_folder())) is not None:
            self._take(replace(written, **self._unsaved))

    def _take(self, settings: Settings) -> bool:
        """Put these settings in force; return whether they differ from the previous ones."""
        if settings == self.now:
            return False
        self.now = settings
        self.changed.emit(settings)
        return True

    def _write_down(self, change: Callable[[Settings], Settings] = lambda same: same) -> None:
        self._pause.stop()
        unsaved, before = self._unsaved, self.now
        try:
            kept = update_settings(
                user_data_folder(), lambda written: change(replace(written, **unsaved)), before
            )
        except (OSError, LockHeldError, BtguiError) as error:
            kept = change(before)
            self._unsaved = unsaved | _differences(before, kept)
            notify(Notification("warning", _failure(error)))
        else:
            self._unsaved = {}
            self._watch()
        self._take(kept)


def _differences(before: Settings, after: Settings) -> dict[str, Any]:
    names = (one.name for one in fields(Settings))
    return {
        name: getattr(after, name)
        for name in names
        if getattr(before, name) != getattr(after, name)
    }


def _failure(error: OSError | LockHeldError | BtguiError) -> str:
    if isinstance(error, LockHeldError):
        return (
            "The settings could not be saved: another btgui window is writing them. Change a "
            "setting again to retry."
        )
    if isinstance(error, OSError):
        return (
            f"The settings could not be saved ({error.strerror}). Check that there is free disk space and "
            f"that their folder is writable, and change a setting again to retry."
        )
    return str(error)
