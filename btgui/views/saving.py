"""Ask for a file, write it, report the outcome: the one way in which views save what they show."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Concatenate, ParamSpec

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from btgui.engine.notifications import Level, Notification, notify
from btgui.views.dialogs.file_dialogs import ask_where_to_save
from btgui.workers.background import Background

P = ParamSpec("P")
PNG_PICTURE = ("PNG picture", ".png")
CSV_TABLE = ("CSV table", ".csv")
_NOT_WRITTEN = (
    "Saving or printing is taking a long time and may be incomplete. Wait and check the result, or "
    "close the window again to quit without it."
)


class Saving(Background):
    """Writes or prints something on a thread, reports the outcome and deletes itself.

    Parameters
    ----------
    parent
        A part of the window, which waits for the saving when it closes: :func:`await_savings`.
    save
        Returns the message of success; raises a :class:`~btgui.engine.errors.BtguiError` on
        failure.
    """

    def __init__(self, parent: QObject, save: Callable[[], str]) -> None:
        super().__init__(parent)
        self.has_failed = False
        self.succeeded.connect(lambda message: self._end("info", message))
        self.failed.connect(lambda why: self._end("error", why))
        self.start(lambda _stopped: save())

    def finish_or_give_up(self) -> None:
        """Wait a moment for the end, then cancel and report a failure; sets ``has_failed``."""
        self.finish()
        if self.is_busy():
            self.cancel()
            self.failed.emit(_NOT_WRITTEN)

    def _end(self, level: Level, message: str) -> None:
        self.has_failed = level == "error"
        self.deleteLater()
        notify(Notification(level, message))


def await_savings(window: QObject) -> bool:
    """Wait for all savings of a window, a moment for each; return whether none has failed.

    A failure, or a saving that takes longer, is reported: a window that is closing should then stay
    open, so that the message can be read.
    """
    savings = [saving for saving in window.findChildren(Saving) if saving.is_busy()]
    for saving in savings:
        saving.finish_or_give_up()
    return not any(saving.has_failed for saving in savings)


def ask_and_save(
    parent: QWidget,
    title: str,
    name: str,
    kind: tuple[str, str],
    write: Callable[Concatenate[Path, P], None],
    *snapshot: P.args,
    **more: P.kwargs,
) -> None:
    """Ask for a file, write it with ``write(file, *snapshot, **more)`` and report the outcome.

    The window stays live while the dialog is open and while a thread writes the file: slices are
    played, a model becomes ready. What is written must be what the user asked to save, so it is
    captured beforehand and must be immutable.

    Parameters
    ----------
    name
        The proposed file name.
    kind
        The file type in words and its suffix, such as ``CSV_TABLE``.
    write
        Raises :class:`~btgui.engine.errors.ExportError` where the file cannot be written.
    snapshot
        Tuples, frozen values, or arrays that nothing else writes to.
    """
    file = ask_where_to_save(parent, title, name, *kind)
    if file is None:
        return

    def save() -> str:
        write(file, *snapshot, **more)
        return f"Saved {file.name}."

    Saving(parent, save)
