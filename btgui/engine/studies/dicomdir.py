"""Finding files that a DICOMDIR lists (DICOM PS3.3 F.5) but that are missing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from btgui.engine.dicom.header_values import listed_in
from btgui.engine.disk.ordinary_file import check_ordinary

_MAXIMUM_BYTES = 100_000_000


def missing_files(dicomdir: Path) -> tuple[str, ...]:
    """Return the listed files that are missing, as "FOLDER/FILE", in the order of the DICOMDIR.

    A path that leads outside the folder counts as missing. An unreadable DICOMDIR is treated as
    empty, because the files beside it are found without it.
    """
    try:
        check_ordinary(dicomdir)
        if dicomdir.stat().st_size > _MAXIMUM_BYTES:
            return ()
        # Imported late: without a DICOMDIR, pydicom is not needed here.
        from btgui.engine.dicom.compression import plain_stream
        from btgui.engine.dicom.parsing import parse_header

        with dicomdir.open("rb") as stream:
            directory = parse_header(dicomdir, plain_stream(dicomdir, stream))
            records = directory.get("DirectoryRecordSequence") or []
            listed = [[*map(str, listed_in(one, "ReferencedFileID"))] for one in records]
    except Exception:  # noqa: BLE001  (pydicom raises many kinds on damaged bytes)
        return ()
    named = [parts for parts in listed if any(parts)]
    return tuple("/".join(parts) for parts in named if not _is_there(dicomdir.parent, parts))


def _is_there(folder: Path, parts: Sequence[str]) -> bool:
    name = PurePosixPath(*parts)
    if name.is_absolute() or ".." in name.parts:
        return False
    try:
        # Discs are often copied with file names in lower case.
        return (folder / name).is_file() or (folder / str(name).lower()).is_file()
    except (OSError, ValueError):
        return False
