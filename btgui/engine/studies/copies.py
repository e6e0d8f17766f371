"""Distinguishing copies of files from different files that share a SOPInstanceUID by mistake."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from pathlib import Path

from btgui.engine.dicom.headers import Header
from btgui.engine.disk.files import sha256_of


class Copies:
    """The files seen so far, and which of them are originals.

    An equal SOPInstanceUID alone does not make a file a copy, because some de-identification
    programs and faulty exports give the same UID to all slices of a series.
    """

    def __init__(self) -> None:
        self._originals: dict[Path, Header] = {}
        self._seen: dict[Hashable, Header] = {}
        self._digests: dict[Path, str] = {}
        self._by_number: Counter[str] = Counter()

    @property
    def originals(self) -> list[Header]:
        """The files that are not copies."""
        return [*self._originals.values()]

    def take(self, header: Header) -> tuple[Header, Header] | None:
        """Add a file; if it duplicates an earlier file, return (copy, original), else None.

        Copies agree in SOPInstanceUID, series, InstanceNumber, size, position, echo and time point;
        where the position is unknown, in all bytes. The larger file is the original, because an
        interrupted copy is shorter.
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
        """Whether another file that is not a copy of this one has the same SOPInstanceUID."""
        return bool(header.instance) and self._by_number[header.instance] > 1

    def _digest(self, header: Header) -> str:
        if header.path not in self._digests:
            try:
                self._digests[header.path] = sha256_of(header.path)
            except OSError:  # equal to no other file; reading it later reports the reason
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
        # Not all traits, because archives drop private elements from some copies.
        tuple((one.echo, one.echo_ms, one.time, one.acquisition) for one in header.traits),
    )
