"""The base class of the wizard's pages."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from btgui.views.training_wizard.draft import Draft


class Page(QWidget):
    """One page of the wizard.

    Attributes
    ----------
    title, hint
        The page's subject, and one helpful sentence.
    lets_one_back
        Whether the user can go back while the page is busy: leaving then loses only time.
    shows_run
        Whether the page shows a run, and so needs no data set in the draft.

    Signals
    -------
    complete_changed()
        The return value of :meth:`is_complete` or :meth:`busy` may have changed.
    """

    complete_changed = Signal()
    title = ""
    hint = ""
    lets_one_back = False
    shows_run = False

    def enter(self, draft: Draft) -> None:
        """Show the draft; called before the page becomes visible."""

    def leave(self, draft: Draft) -> None:
        """Write the choices made here into the draft; called on Back and on Next."""

    def is_complete(self) -> bool:
        """Whether the user can proceed to the next page."""
        return True

    def busy(self) -> bool:
        """Whether work is in progress that leaving the page would interrupt."""
        return False

    def close_down(self) -> None:
        """Stop all threads and processes for good: the window is about to be destroyed."""
