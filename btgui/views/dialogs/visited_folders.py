"""Removal of the folders that Qt's file dialog remembers: they may be named after patients."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from PySide6.QtCore import QSettings

_ParametersT = ParamSpec("_ParametersT")
_AnswerT = TypeVar("_AnswerT")
# The settings that all Qt programs share, and their entries that name visited folders. The widths of
# the dialog's columns and the folders in its sidebar, which the user chose, are kept.
_QT = "QtProject"
_NAMING = ("FileDialog/history", "FileDialog/lastVisited")


def forget_visited_folders() -> None:
    """Remove the visited folders that Qt's file dialogs stored.

    All of the user's Qt programs share one list, which does not say whose folders it holds: the
    other programs' folders are removed too.
    """
    kept = QSettings(QSettings.Scope.UserScope, _QT)
    for name in _NAMING:
        kept.remove(name)
    kept.sync()


def forgetting(ask: Callable[_ParametersT, _AnswerT]) -> Callable[_ParametersT, _AnswerT]:
    """Wrap a function that opens a file dialog, so that no visited folder stays stored."""

    @wraps(ask)
    def asked(*arguments: _ParametersT.args, **named: _ParametersT.kwargs) -> _AnswerT:
        try:
            return ask(*arguments, **named)
        finally:
            forget_visited_folders()  # Qt stores them as the dialog closes

    return asked
