"""Scans that were read lately, as many as fit into a number of bytes."""

from __future__ import annotations

import threading
from collections import OrderedDict

from btgui.engine.scan import Scan, ScanAddress


class SliceCache:
    """Keeps what was used last; threads may share it.

    Parameters
    ----------
    maximum_bytes
        Of pixels. A single scan larger than this is not kept.
    """

    def __init__(self, maximum_bytes: int) -> None:
        self._maximum = maximum_bytes
        self._scans: OrderedDict[ScanAddress, Scan] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    @property
    def size_bytes(self) -> int:
        """Bytes of the pixels that are kept."""
        return self._bytes

    def get(self, address: ScanAddress) -> Scan | None:
        """Return a scan and count it as used; None where it is not kept."""
        with self._lock:
            scan = self._scans.get(address)
            if scan is not None:
                self._scans.move_to_end(address)
            return scan

    def __contains__(self, address: ScanAddress) -> bool:
        """Whether a scan is kept; this is no use of it."""
        with self._lock:
            return address in self._scans

    def put(self, address: ScanAddress, scan: Scan) -> None:
        """Keep a scan; what was not used for longest goes where room is needed."""
        with self._lock:
            earlier = self._scans.pop(address, None)
            self._bytes += _size(scan) - (_size(earlier) if earlier else 0)
            self._scans[address] = scan
            while self._bytes > self._maximum:
                _, oldest = self._scans.popitem(last=False)
                self._bytes -= _size(oldest)

    def clear(self) -> None:
        """Keep nothing."""
        with self._lock:
            self._scans.clear()
            self._bytes = 0


def _size(scan: Scan) -> int:
    return scan.grey.nbytes + scan.values.nbytes
