"""Recording of readings, which ends with the first failure."""

from __future__ import annotations

from btgui.engine.notifications import Notification, notify
from btgui.engine.record_store import RecordStore
from btgui.engine.results import Reading


class Recording:
    """Records readings; after a failure, it notifies the user and records no more."""

    def __init__(self, records: RecordStore | None) -> None:
        self.records = records

    def keep(self, reading: Reading) -> None:
        """Record a reading; a failure must not affect the verdict."""
        # Only a file's first scan is recorded: the list of files shows that one.
        if self.records is None or reading.frame:
            return
        try:
            self.records.add(reading)
        except Exception as error:  # noqa: BLE001  (the verdict stands; the user is notified)
            self.records = None
            notify(Notification("warning", f"Readings are no longer recorded. {error}"))
