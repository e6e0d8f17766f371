"""Ask where to, write, tell: the one way in which a view saves what it shows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Concatenate, ParamSpec

from PySide6.QtWidgets import QWidget

from btgui.engine.errors import ExportError
from btgui.engine.notifications import Notification, notify
from btgui.views.dialogs.file_dialogs import ask_where_to_save

P = ParamSpec("P")
PNG_PICTURE = ("PNG picture", ".png")
CSV_TABLE = ("CSV table", ".csv")


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

    The window goes on while the dialog is open: a slice is played, a model becomes ready. What
    is written must be what the user asked to save, so it is taken before, and is nothing that
    can change.

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
    try:
        write(file, *snapshot, **more)
    except ExportError as error:
        notify(Notification("error", str(error)))
    else:
        notify(Notification("info", f"Saved {file.name}."))
