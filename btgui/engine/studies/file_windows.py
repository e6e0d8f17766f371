"""Series windows of files in any folders, such as those of a data set.

Training and evaluation read single files. With these windows, they see the slices of a series as
the application displays and reads them.
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
    """Return the series window of every image in a series whose headers state no window.

    Files are sorted into series and volumes, ordered and freed of copies as in
    :mod:`btgui.engine.studies.index`. Each volume gets its window from :func:`window_of_series`;
    a copy gets that of its original. Where only part of a series is among the files, the window is
    computed from that part.

    Files without SeriesInstanceUID get no window. The index would treat those in one folder as a
    series, but in a data set such a folder is a class, and a common window would reveal the class.

    Headers are read of all files, except files named like pictures or NIfTI volumes, which are not
    opened. Pixels are read of some slices of each series without a window, and of one slice of
    any other series. Unreadable files are skipped; reading them later reports the reason.

    Parameters
    ----------
    go_on
        Called before each file and each series, on several threads; may raise to stop.
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
