"""Detection of series whose files have changed since they were listed."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication

from btgui.engine.studies.changes import has_changed
from btgui.workers.background import Background

if TYPE_CHECKING:
    from btgui.engine.studies.series import Series


class ChangeWatch(QObject):
    """Checks in the background, on request and whenever the user returns to the application.

    Parameters
    ----------
    watched
        Returns the series to check.

    Signals
    -------
    changed(Series)
        Files of this series have been written again since they were listed.
    """

    changed = Signal(object)

    def __init__(
        self, watched: Callable[[], Collection[Series]], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._watched = watched
        self._looking = Background(self)
        self._looking.succeeded.connect(self._take)
        QApplication.instance().applicationStateChanged.connect(self._look_after_return)

    def look(self) -> None:
        """Check in the background whether files of the watched series have changed."""
        series = tuple(self._watched())
        self._looking.start(lambda stopped: [one for one in series if has_changed(one, stopped)])

    def close(self) -> None:
        """Stop checking, without waiting for a drive that does not answer."""
        self._looking.close(0)

    def _look_after_return(self, state: Qt.ApplicationState) -> None:
        if state is Qt.ApplicationState.ApplicationActive:
            self.look()

    def _take(self, changed: list[Series]) -> None:
        for series in changed:
            if series in self._watched():
                self.changed.emit(series)
