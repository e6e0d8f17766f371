"""A cache of recently read scans, limited in bytes."""

from __future__ import annotations

import threading
from collections import OrderedDict

from btgui.engine.scan import Scan, ScanAddress


class SliceCache:
    """A thread-safe cache that keeps the most recently used scans.

    Parameters
    ----------
    maximum_bytes
        Limit of the pixel data in bytes. A single scan larger than this is not kept.
    """

    def __init__(self, maximum_bytes: int) -> None:
        self._maximum = maximum_bytes
        self._scans: OrderedDict[ScanAddress, Scan] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    @property
    def size_bytes(self) -> int:
        """Size of the cached pixel data in bytes."""
        return self._bytes

    def get(self, address: ScanAddress) -> Scan | None:
        """Return a scan and mark it as used; None where it is not in the cache."""
        with self._lock:
            scan = self._scans.get(address)
            if scan is not None:
                self._scans.move_to_end(address)
            return scan

    def __contains__(self, address: ScanAddress) -> bool:
        """Whether a scan is in the cache; this does not mark it as used."""
        with self._lock:
            return address in self._scans

    def put(self, address: ScanAddress, scan: Scan) -> None:
        """Add a scan, removing the least recently used scans where the limit is exceeded."""
        with self._lock:
            earlier = self._scans.pop(address, None)
            self._bytes += _size(scan) - (_size(earlier) if earlier else 0)
            self._scans[address] = scan
            while self._bytes > self._maximum:
                _, oldest = self._scans.popitem(last=False)
                self._bytes -= _size(oldest)

    def clear(self) -> None:
        """Remove all scans."""
        with self._lock:
            self._scans.clear()
            self._bytes = 0


def _size(scan: Scan) -> int:
    return scan.grey.nbytes + scan.values.nbytes
