"""Readings kept in the record store, for as long as it takes them."""

from __future__ import annotations

from btgui.engine.notifications import Notification, notify
from btgui.engine.record_store import RecordStore
from btgui.engine.results import Reading


class Recording:
    """Keeps readings; once that has failed it says so and keeps no more."""

    def __init__(self, records: RecordStore | None) -> None:
        self.records = records

    def keep(self, reading: Reading) -> None:
        """Keep a reading; a verdict must not be lost for its record."""
        # A file's record is its first picture's: the list of files shows that one.
        if self.records is None or reading.frame:
            return
        try:
            self.records.add(reading)
        except Exception as error:  # noqa: BLE001  (the verdict stands; the user hears of it)
            self.records = None
            notify(Notification("warning", f"Readings are not recorded any more ({error})."))
