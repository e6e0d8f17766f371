"""What every page of the wizard can do."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from btgui.views.training_wizard.draft import Draft


class Page(QWidget):
    """One idea of the wizard.

    Attributes
    ----------
    title, hint
        What it is about, and one sentence that helps.
    lets_one_back
        Whether one can go back while it is busy: leaving then loses nothing but time.
    shows_run
        Whether it shows a run, and so needs no data set in the draft.

    Signals
    -------
    complete_changed()
        What :meth:`is_complete` or :meth:`busy` says may have changed.
    """

    complete_changed = Signal()
    title = ""
    hint = ""
    lets_one_back = False
    shows_run = False

    def enter(self, draft: Draft) -> None:
        """Show the draft; the page is about to be seen."""

    def leave(self, draft: Draft) -> None:
        """Write what was decided here into the draft; in either direction."""

    def is_complete(self) -> bool:
        """Whether one can go on to the next page."""
        return True

    def busy(self) -> bool:
        """Whether something runs that leaving would cut short."""
        return False

    def close_down(self) -> None:
        """Stop for good, threads and processes too: the window goes away."""
