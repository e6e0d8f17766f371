"""Files, a scan and its verdict, or in words why there is none."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from btgui.engine.analysis import Analyser
from btgui.engine.errors import BtguiError, Cancelled
from btgui.engine.notifications import notify_exception
from btgui.engine.results import Analysis
from btgui.engine.scan import Scan
from btgui.engine.scan_source import find_scans, read_scan
from btgui.workers.answers import Unanalysed, Unread
from btgui.workers.recording import Recording
from btgui.workers.while_wanted import while_wanted


def read_or_why(
    asked: Path | Scan, is_wanted: Callable[[], bool]
) -> tuple[Scan | Unread | None, float]:
    """Return a file's scan and how many milliseconds reading took; None if it is not wanted.

    A scan that has been read is returned as it is.
    """
    if isinstance(asked, Scan):
        return asked, 0.0
    start = time.perf_counter()
    try:
        scan = while_wanted(asked, lambda: read_scan(asked), is_wanted)
    except Cancelled:
        return None, 0.0
    except Exception as error:  # noqa: BLE001  (the user must hear of it)
        return Unread(asked, _not_analysed(asked, error)), 0.0
    return scan, (time.perf_counter() - start) * 1000


def classified_or_why(
    analyser: Analyser, scan: Scan, took: float, recording: Recording
) -> Analysis | Unanalysed:
    """Return the verdict on a scan that took so many milliseconds to read, and record it."""
    try:
        analysis = analyser.classify(scan, took)
    except Exception as error:  # noqa: BLE001  (the user must hear of it)
        return Unanalysed(scan.path, _not_analysed(scan.path, error))
    recording.keep(analysis.reading)
    return analysis


def scans_among(paths: list[Path], is_wanted: Callable[[], bool]) -> list[Path]:
    """Return the scan files among files and folders; none where they are not wanted any more."""
    try:
        return while_wanted(paths[0], lambda: find_scans(paths), is_wanted) if paths else []
    except Cancelled:
        return []


def in_words(error: Exception, unexpected: str) -> str:
    """Return why in a sentence; the unexpected goes to the user with its traceback too."""
    if isinstance(error, BtguiError):
        return str(error)
    notify_exception(error, unexpected)
    return unexpected


def _not_analysed(path: Path, error: Exception) -> str:
    return in_words(error, f"{path.name} could not be analysed.")
