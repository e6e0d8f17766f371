"""Destination of a report: a new folder, or a single web page with embedded pictures."""

from __future__ import annotations

import base64
import mimetypes
import re
import secrets
import shutil
from collections.abc import Callable
from html import unescape
from pathlib import Path

from btgui.engine.disk.files import put_in_place, replacing
from training.destinations import check_new_file, check_new_folder

PAGE_SUFFIX = ".html"
PLACE_HELP = (
    f"write a report: a name ending in {PAGE_SUFFIX} makes one web page with embedded pictures, any "
    "other name a new folder with the page, its pictures and all figures"
)
_PICTURE = re.compile(r"(?<=<img src=')(?!data:)([^']+)(?=')")


def check_place(place: Path | None) -> None:
    """Check that a report can be written and replaces nothing; None means no report.

    Raises
    ------
    DatasetError
        The place is taken or cannot be written.
    """
    if is_one_page(place):
        check_new_file(place)
    else:
        check_new_folder(place)


def is_one_page(place: Path | None) -> bool:
    """Whether the place stands for a single web page."""
    return place is not None and place.suffix.lower() == PAGE_SUFFIX


def write_to(place: Path, write: Callable[[Path], Path]) -> Path:
    """Write a report, which appears at its place only once it is complete.

    Parameters
    ----------
    write
        Writes the page, its pictures and its figures into an empty folder; returns the page.

    Returns
    -------
    Path
        The page at its final place.

    Raises
    ------
    OSError
        The place cannot be written.
    """
    place = place.resolve()
    # A name of its own: the final one may have the greatest length possible already.
    unfinished = place.with_name(f".{secrets.token_hex(8)}")
    unfinished.mkdir(parents=True)
    try:
        page = write(unfinished)
        if is_one_page(place):
            with replacing(place) as temporary:
                temporary.write_text(_in_one(page), encoding="utf-8")
            return place
        if place.exists():
            place.rmdir()  # empty; on Windows nothing can be renamed to an existing folder
        put_in_place(unfinished, place)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return place / page.name


def _in_one(page: Path) -> str:
    """Return a page with the picture files beside it embedded."""

    def within(found: re.Match[str]) -> str:
        file = page.parent / unescape(found[1])
        kind, _ = mimetypes.guess_type(file.name)
        return f"data:{kind};base64,{base64.b64encode(file.read_bytes()).decode('ascii')}"

    return _PICTURE.sub(within, page.read_text(encoding="utf-8"))
