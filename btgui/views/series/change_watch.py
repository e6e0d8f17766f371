"""Whether the open series' files are still those that were listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication

from btgui.engine.studies.changes import has_changed
from btgui.workers.background import Background

if TYPE_CHECKING:
    from btgui.engine.studies.series import Series


class ChangeWatch(QObject):
    """Looks in the background, where asked to and whenever the user comes back.

    Attributes
    ----------
    has_changed
        Whether files of the series were found to have been written anew.

    Signals
    -------
    changed()
        They were found so just now; the series is not looked at any more.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.has_changed = False
        self._series: Series | None = None
        self._looking = Background(self)
        self._looking.succeeded.connect(self._take)
        QApplication.instance().applicationStateChanged.connect(self._look_after_return)

    def follow(self, series: Series | None) -> None:
        """Look after this series from now on, or after none."""
        self._looking.cancel()
        self._series, self.has_changed = series, False
        self.look()

    def look(self) -> None:
        """See whether its files are still those that were listed."""
        series = self._series
        if series is not None and not self.has_changed:
            self._looking.start(lambda stopped: has_changed(series, stopped))

    def close(self) -> None:
        """Look no more; a drive that does not answer is not waited for."""
        self._looking.close(0)

    def _look_after_return(self, state: Qt.ApplicationState) -> None:
        if state is Qt.ApplicationState.ApplicationActive:
            self.look()

    def _take(self, changed: bool) -> None:  # noqa: FBT001  (a slot)
        if changed:
            self.has_changed = True
            self.changed.emit()
