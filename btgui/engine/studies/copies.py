"""Copies of files told from files whose numbers were made equal by mistake."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from pathlib import Path

from btgui.engine.dicom.headers import Header
from btgui.engine.disk.files import sha256_of


class Copies:
    """The files that were seen; a copy has the number (SOPInstanceUID) of one of them.

    The number alone does not make a copy: programs that take names out of files, and bad
    exports, give one number to all slices of a series.
    """

    def __init__(self) -> None:
        self._originals: dict[Path, Header] = {}
        self._seen: dict[Hashable, Header] = {}
        self._digests: dict[Path, str] = {}
        self._by_number: Counter[str] = Counter()

    @property
    def originals(self) -> list[Header]:
        """The files that are no copies."""
        return [*self._originals.values()]

    def take(self, header: Header) -> tuple[Header, Header] | None:
        """Remember a file; where it makes one of two a copy, return that one and the other.

        Series, InstanceNumber, size, place, echo and time point have to agree too; where the
        place is unknown, all bytes. Of two, the larger file is the original: a copy that broke
        off is shorter.
        """
        key = _key(header)
        first = self._seen.get(key) if header.instance else None
        if first is not None and header.places[0][0] is None:
            self._seen.setdefault((key, self._digest(first)), first)
            key = (key, self._digest(header))
            first = self._seen.get(key)
        if first is not None and header.bytes <= first.bytes:
            return header, first
        self._seen[key] = header
        self._originals[header.path] = header
        if first is not None:
            del self._originals[first.path]
            return first, header
        self._by_number[header.instance] += 1
        return None

    def shares_its_number(self, header: Header) -> bool:
        """Whether a file that is no copy of it has its number."""
        return bool(header.instance) and self._by_number[header.instance] > 1

    def _digest(self, header: Header) -> str:
        if header.path not in self._digests:
            try:
                self._digests[header.path] = sha256_of(header.path)
            except OSError:  # reading it will say why; it is like no other
                self._digests[header.path] = str(header.path)
        return self._digests[header.path]


def _key(header: Header) -> Hashable:
    return (
        header.instance,
        (header.patient, header.study, header.series),
        header.number,
        header.size,
        header.frames,
        header.places,
        # Not all traits: archives leave private elements out of some copies.
        tuple((one.echo, one.echo_ms, one.time, one.acquisition) for one in header.traits),
    )
