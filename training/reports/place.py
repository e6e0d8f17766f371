"""Where a report goes: a new folder, or one web page that holds its pictures, to pass on."""

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
    f"write a report to read here: a name that ends in {PAGE_SUFFIX} becomes one web page with its "
    "pictures in it, any other a new folder with the page, its pictures and all numbers"
)
_PICTURE = re.compile(r"(?<=<img src=')(?!data:)([^']+)(?=')")


def check_place(place: Path | None) -> None:
    """Refuse a place where no report can be written, or something is already; None is none.

    Raises
    ------
    DatasetError
        It says why.
    """
    if is_one_page(place):
        check_new_file(place)
    else:
        check_new_folder(place)


def is_one_page(place: Path | None) -> bool:
    """Whether a report there is one web page."""
    return place is not None and place.suffix.lower() == PAGE_SUFFIX


def write_to(place: Path, write: Callable[[Path], Path]) -> Path:
    """Write a report; it appears when all of it is written.

    Parameters
    ----------
    write
        Writes the page, its pictures and its numbers into an empty folder; returns the page.

    Returns
    -------
    Path
        The page at its place.

    Raises
    ------
    OSError
        The place cannot be written.
    """
    place = place.resolve()
    # Not after the place's own name, which may be as long as names can be.
    unfinished = place.with_name(f".{secrets.token_hex(8)}")
    unfinished.mkdir(parents=True)
    try:
        page = write(unfinished)
        if is_one_page(place):
            with replacing(place) as temporary:
                temporary.write_text(_in_one(page), encoding="utf-8")
            return place
        if place.exists():
            place.rmdir()  # empty: Windows lets nothing take its name
        put_in_place(unfinished, place)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return place / page.name


def _in_one(page: Path) -> str:
    """Return a page with every picture that lies beside it written into it."""

    def within(found: re.Match[str]) -> str:
        file = page.parent / unescape(found[1])
        kind, _ = mimetypes.guess_type(file.name)
        return f"data:{kind};base64,{base64.b64encode(file.read_bytes()).decode('ascii')}"

    return _PICTURE.sub(within, page.read_text(encoding="utf-8"))
