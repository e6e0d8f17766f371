"""The windows of the series that files belong to, wherever they lie: in a data set, for example.

What trains and measures networks reads single files; under these windows it sees the slices of a
series as the application shows and reads them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from btgui.engine.dicom.headers import Header, read_header
from btgui.engine.errors import ScanError
from btgui.engine.nifti.mark import is_nifti
from btgui.engine.scan import ScanAddress, Window
from btgui.engine.scan_source import IMAGE_SUFFIXES
from btgui.engine.studies.copies import Copies
from btgui.engine.studies.index import why_no_slice
from btgui.engine.studies.series import Series
from btgui.engine.studies.series_window import window_of_series
from btgui.engine.studies.sorting import sorted_into_series


def windows_of(
    files: Iterable[Path], go_on: Callable[[], None] = lambda: None
) -> dict[ScanAddress, Window]:
    """Return the window of its series for every picture of one whose headers give none.

    Series are told apart, taken apart into volumes, ordered and freed of copies as
    :mod:`btgui.engine.studies.index` does, and have the window of :func:`window_of_series`, each
    volume its own; a copy has its original's. Of a series that is among the files in part, this
    part decides.

    Files without SeriesInstanceUID have none. The index takes those of one folder for a series; in
    a data set that would be a class, and its window would tell the class.

    Headers are read of all files but those that are named as pictures or volumes, which are not
    opened; pixels, of some slices of a series without a window, and of one slice of another. A file
    that cannot be read is passed over: whoever reads it says why.

    Parameters
    ----------
    go_on
        Called before each file and each series, on several threads; it may raise to stop.
    """
    named = [file for file in dict.fromkeys(files) if _may_be_dicom(file)]
    if not named:
        return {}

    def header(file: Path) -> Header | None:
        go_on()
        try:
            return read_header(file)
        except ScanError:
            return None

    def window(series: Series) -> Window | None:
        go_on()
        return window_of_series([one.address for one in series.slices])

    copies = Copies()
    copied: list[tuple[Header, Header]] = []
    with ThreadPoolExecutor() as pool:
        for one in pool.map(header, named):
            if one is not None and one.series and not why_no_slice(one):
                copied += filter(None, [copies.take(one)])
        found = sorted_into_series(copies)
        windows = {
            one.address: shared
            for series, shared in zip(found, pool.map(window, found), strict=True)
            if shared is not None
            for one in series.slices
        }
    for copy, original in reversed(copied):  # an original may have become a copy later
        for frame in range(copy.frames):
            if shared := windows.get(ScanAddress(original.path, frame)):
                windows[ScanAddress(copy.path, frame)] = shared
    return windows


def _may_be_dicom(file: Path) -> bool:
    return file.suffix.casefold() not in IMAGE_SUFFIXES and not is_nifti(file)
