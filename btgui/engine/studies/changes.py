"""Detecting changes to the files of a series since they were indexed."""

from __future__ import annotations

from collections.abc import Callable

from btgui.engine.studies.series import Series


def has_changed(series: Series, is_cancelled: Callable[[], bool] = lambda: False) -> bool:
    """Whether a file of the series was modified since its header was read; missing ones are ignored.

    ``is_cancelled`` is called before every file; once it returns True, the result is meaningless.
    """
    written = {one.address.path: one.modified_ns for one in series.slices}
    for path, modified_ns in written.items():
        if is_cancelled():
            return False
        try:
            if path.stat().st_mtime_ns != modified_ns:
                return True
        except OSError:  # perhaps the disc was ejected: what was read from it remains valid
            continue
    return False
