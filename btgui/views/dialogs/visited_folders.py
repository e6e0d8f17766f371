"""Qt's file dialog remembers folders by itself; their names may be patients'. Here it forgets."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from PySide6.QtCore import QSettings

_ParametersT = ParamSpec("_ParametersT")
_AnswerT = TypeVar("_AnswerT")
# Where Qt's programs keep such things together, and which of them name folders. The width of the
# dialog's columns and the folders that the user has put beside its list stay.
_QT = "QtProject"
_NAMING = ("FileDialog/history", "FileDialog/lastVisited")


def forget_visited_folders() -> None:
    """Remove what file dialogs wrote down of the folders they were in.

    The list is one for all of the user's programs that use Qt: theirs goes too, as whose
    folders are in it cannot be told.
    """
    kept = QSettings(QSettings.Scope.UserScope, _QT)
    for name in _NAMING:
        kept.remove(name)
    kept.sync()


def forgetting(ask: Callable[_ParametersT, _AnswerT]) -> Callable[_ParametersT, _AnswerT]:
    """Return a function that asks by a file dialog and leaves nothing of it behind."""

    @wraps(ask)
    def asked(*arguments: _ParametersT.args, **named: _ParametersT.kwargs) -> _AnswerT:
        try:
            return ask(*arguments, **named)
        finally:
            forget_visited_folders()  # it is written down as the dialog goes

    return asked
