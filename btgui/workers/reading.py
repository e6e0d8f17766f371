"""Steps of reading: files, a scan and its verdict, or a sentence on why there is none."""

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
    """Return a file's scan, or why it cannot be read, and the milliseconds that reading took.

    The scan is None if it is no longer wanted. A scan that has already been read is returned
    unchanged.
    """
    if isinstance(asked, Scan):
        return asked, 0.0
    start = time.perf_counter()
    try:
        scan = while_wanted(asked, lambda: read_scan(asked), is_wanted)
    except Cancelled:
        return None, 0.0
    except Exception as error:  # noqa: BLE001  (reported to the user)
        return Unread(asked, _not_analysed(asked, error)), 0.0
    return scan, (time.perf_counter() - start) * 1000


def classified_or_why(
    analyser: Analyser, scan: Scan, took: float, recording: Recording
) -> Analysis | Unanalysed:
    """Return and record the verdict on a scan that took ``took`` milliseconds to read."""
    try:
        analysis = analyser.classify(scan, took)
    except Exception as error:  # noqa: BLE001  (reported to the user)
        return Unanalysed(scan.path, _not_analysed(scan.path, error))
    recording.keep(analysis.reading)
    return analysis


def scans_among(paths: list[Path], is_wanted: Callable[[], bool]) -> list[Path]:
    """Return the scan files among files and folders; [] if they are no longer wanted."""
    try:
        return while_wanted(paths[0], lambda: find_scans(paths), is_wanted) if paths else []
    except Cancelled:
        return []


def in_words(error: Exception, unexpected: str) -> str:
    """Return the error's message, or ``unexpected`` after sending an unexpected error to the user."""
    if isinstance(error, BtguiError):
        return str(error)
    notify_exception(error, unexpected)
    return unexpected


def _not_analysed(path: Path, error: Exception) -> str:
    return in_words(error, f"{path.name} could not be analysed.")
