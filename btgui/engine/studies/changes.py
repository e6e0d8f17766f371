"""Whether a series' files are still those that were sorted."""

from __future__ import annotations

from collections.abc import Callable

from btgui.engine.studies.series import Series


def has_changed(series: Series, is_cancelled: Callable[[], bool] = lambda: False) -> bool:
    """Whether a file was written anew since its header was read; one that has gone was not.

    ``is_cancelled`` is asked before every file; where it says so, what is returned is of no use.
    """
    written = {one.address.path: one.modified_ns for one in series.slices}
    for path, modified_ns in written.items():
        if is_cancelled():
            return False
        try:
            if path.stat().st_mtime_ns != modified_ns:
                return True
        except OSError:  # the disc was taken out, perhaps: what was read of it holds
            continue
    return False
