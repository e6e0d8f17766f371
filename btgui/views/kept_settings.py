"""The settings in force: whoever changes them has them kept."""

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
    """Holds the settings and writes them down at every change, or after the last of many.

    Another window may change them too: its changes are taken over as they are written down, and
    each of this one's is made to what is written down by then.

    Attributes
    ----------
    now
        The settings in force.

    Signals
    -------
    changed(Settings)
        They are different now.
    """

    changed = Signal(object)

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.now = settings
        self._unsaved: dict[str, Any] = {}  # what is in force and not written down
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MILLISECONDS)
        self._pause.timeout.connect(self._write_down)
        self._watcher = QFileSystemWatcher(self)
        self._watcher.fileChanged.connect(self._take_written)
        if not self._watch():  # there is no file yet, and only what is there can be watched
            self._write_down()

    def apply(self, change: Callable[[Settings], Settings]) -> None:
        """Change the settings by a function from those before, and keep what comes of it."""
        if change(self.now) != self.now:
            self._write_down(change)

    def change(self, **values: Any) -> None:  # noqa: ANN401  (each setting has its own type)
        """Change single settings by name."""
        self.apply(lambda before: replace(before, **values))

    def change_often(self, **values: Any) -> None:  # noqa: ANN401  (each setting has its own type)
        """Change what changes at every tick of a slider; the last state is written down."""
        if self._take(replace(self.now, **values)):
            self._unsaved |= values
            self._pause.start()

    def close(self) -> None:
        """Write down what is not written yet."""
        if self._pause.isActive():
            self._write_down()

    def _watch(self) -> bool:
        """Watch the file that is there now, if one is: each change replaces it."""
        return self._watcher.addPath(str(user_data_folder() / SETTINGS_FILE))

    def _take_written(self) -> None:
        self._watch()
        if (written := written_settings(user_data_folder())) is not None:
            self._take(replace(written, **self._unsaved))

    def _take(self, settings: Settings) -> bool:
        """Have these in force; whether they differ from those before."""
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
            "The settings could not be saved: another window of btgui holds them. Change one again."
        )
    if isinstance(error, OSError):
        return f"The settings could not be saved ({error.strerror})."
    return str(error)
