"""Ask where to, write, tell: the one way in which a view saves what it shows."""

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
    "What is being saved or printed takes long: it may not be whole yet. Wait and look for it, or "
    "close the window again to end without it."
)


class Saving(Background):
    """Writes or prints one thing on a thread of its own, tells what came of it, and is gone.

    Parameters
    ----------
    parent
        A part of the window, which waits for it as it closes: :func:`await_savings`.
    save
        Returns what to tell; raises a :class:`~btgui.engine.errors.BtguiError` where it cannot be
        done.
    """

    def __init__(self, parent: QObject, save: Callable[[], str]) -> None:
        super().__init__(parent)
        self.has_failed = False
        self.succeeded.connect(lambda told: self._end("info", told))
        self.failed.connect(lambda why: self._end("error", why))
        self.start(lambda _stopped: save())

    def finish_or_give_up(self) -> None:
        """Wait a moment for it, then no more; whether it has failed is known then."""
        self.finish()
        if self.is_busy():
            self.cancel()
            self.failed.emit(_NOT_WRITTEN)

    def _end(self, level: Level, told: str) -> None:
        self.has_failed = level == "error"
        self.deleteLater()
        notify(Notification(level, told))


def await_savings(window: QObject) -> bool:
    """Wait, at most a moment for each, for all that a window saves; whether nothing has failed.

    What has, or takes longer, is told: a window that closes stays for it to be read.
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
    """Ask for a file, write it by ``write(file, *snapshot)`` and tell what came of it.

    The window goes on while the dialog is open and while the file is written, on a thread: a slice
    is played, a model becomes ready. What is written must be what the user asked to save, so it is
    taken before, and is nothing that can change.

    Parameters
    ----------
    name
        The file's name that is proposed.
    kind
        The files' kind in words, and their ending: ``CSV_TABLE``.
    write
        Raises :class:`~btgui.engine.errors.ExportError` where the file cannot be written.
    snapshot
        Tuples, frozen values, arrays that nobody else writes to.
    """
    file = ask_where_to_save(parent, title, name, *kind)
    if file is None:
        return

    def save() -> str:
        write(file, *snapshot, **more)
        return f"Saved {file.name}."

    Saving(parent, save)
