"""Messages from all parts: each is shown where it will be read, for as long as it matters."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from btgui.engine.notifications import Notification, subscribe
from btgui.views.dialogs.error_dialog import ErrorDialog
from btgui.views.status_bar import StatusBar
from btgui.views.widgets.problem_bar import ProblemBar


class MessageDesk(QObject):
    """Shows messages in the status bar, problems in a bar, and unexpected errors in a dialog.

    Signals
    -------
    message_arrived(Notification)
        A message from any thread, delivered on the GUI thread.
    """

    message_arrived = Signal(object)

    def __init__(self, status: StatusBar, parent: QWidget) -> None:
        super().__init__(parent)
        self._status, self._parent = status, parent
        self._dialog: ErrorDialog | None = None  # while it is open
        self.bar = ProblemBar()
        self.message_arrived.connect(self._show)
        self._unsubscribe = subscribe(self.message_arrived.emit)

    def withdraw(self, problem: str) -> None:
        """Remove an error or a warning that no longer holds."""
        self.bar.withdraw(Notification("error", problem))
        self.bar.withdraw(Notification("warning", problem))

    def close(self) -> None:
        """Stop receiving messages."""
        self._unsubscribe()

    def _show(self, message: Notification) -> None:
        if message.level == "info":
            self._status.say(message.text)
        elif message.level == "error" and message.details:
            self._show_unexpected(message)
        else:
            self.bar.show_problem(message)

    def _show_unexpected(self, message: Notification) -> None:
        """Show an unexpected error in the open dialog or, if there is none, in a new one."""
        if self._dialog is not None:
            self._dialog.add(message.text, message.details)
            return
        self._dialog = ErrorDialog(message.text, message.details, self._parent)
        self._dialog.finished.connect(self._forget_dialog)
        self._dialog.open()

    def _forget_dialog(self) -> None:
        self._dialog = None
