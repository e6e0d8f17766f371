"""What every page of the training wizard has in common."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from btgui.views.training_wizard.draft import Draft


class Page(QWidget):
    """One step of the wizard: reads the draft when it is entered, writes it when it is left.

    Signals
    -------
    complete_changed()
        Whether one may go on may have changed.
    """

    complete_changed = Signal()
    title = ""
    hint = ""

    def enter(self, draft: Draft) -> None:
        """Show the draft."""
        raise NotImplementedError

    def leave(self, draft: Draft) -> None:
        """Write into the draft what was chosen."""
        raise NotImplementedError

    def is_complete(self) -> bool:
        """Whether one may go on."""
        return True

    def busy(self) -> bool:
        """Whether something is at work that leaving would stop."""
        return False

    def cancel(self) -> None:
        """Stop what is at work."""

    def close_down(self) -> None:
        """Stop for good: the window goes away."""
        self.cancel()
