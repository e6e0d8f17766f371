"""A scan's name in the names of the files that are made of it."""

from __future__ import annotations

from btgui.engine.nifti.mark import volume_name
from btgui.engine.scan import Scan
from btgui.engine.scan_source import SCAN_SUFFIXES


def file_title(scan: Scan) -> str:
    """Return a scan's file name without its suffix, and its frame if not the first: "study-frame-12".

    Only known suffixes are removed: what follows the last dot of a name may be part of a UID.
    """
    path = scan.path
    known = path.suffix.casefold() in SCAN_SUFFIXES
    name = path.stem if known else volume_name(path)
    return f"{name}-frame-{scan.frame + 1}" if scan.frame else name
