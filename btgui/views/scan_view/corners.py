"""The text over a scan: patient, scan facts, display settings and orientation letters."""

from __future__ import annotations

from dataclasses import dataclass

from btgui.engine.dicom.patient import patient_lines
from btgui.engine.geometry import Edges, location_words
from btgui.engine.pictures.greys import Greys
from btgui.engine.pictures.turn import PictureTurn
from btgui.engine.scan import LOOKUP_TABLE, Scan, Window
from btgui.views.text import window_numbers

# The scan's facts that a reader wants to see at a glance, in a short form.
_FACTS = {
    "Sequence": "{}",
    "Field strength (T)": "{} T",
    "Slice thickness (mm)": "{} mm thick",
    "Contrast agent": "contrast agent: {}",
}


@dataclass(frozen=True)
class Corners:
    """Lines for the four corners, from top to bottom, and the orientation letters, if known."""

    top_left: tuple[str, ...] = ()
    top_right: tuple[str, ...] = ()
    bottom_left: tuple[str, ...] = ()
    bottom_right: tuple[str, ...] = ()
    edges: Edges | None = None


def corner_texts(
    scan: Scan, greys: Greys, zoom: float, turn: PictureTurn, *, patient: bool
) -> Corners:
    """Return the text that is written over a scan.

    Parameters
    ----------
    zoom
        Screen pixels per pixel of the scan; 1.0 is one to one.
    patient
        Whether lines that identify the patient may be shown.
    """
    inverted = "inverted" if greys.inverted else ""
    # The zoom comes last because it is short: in a small view, the lowest line has half the width.
    how = (_window_text(greys.window, greys.curve(scan)), inverted, turn.words(), f"{zoom:.0%}")
    return Corners(
        top_left=patient_lines(scan.header) if patient else (),
        top_right=_facts(scan),
        bottom_left=tuple(filter(None, how)),
        bottom_right=_picture_facts(scan),
        edges=None if scan.edges is None else turn.edges(scan.edges),
    )


def _window_text(window: Window, curve: str) -> str:
    if curve == LOOKUP_TABLE:
        return curve  # a lookup table has no width and no centre
    width, centre = window_numbers(window)
    numbers = f"W {width}  C {centre}"
    return numbers + (f"  {curve}" if curve else "")


def _facts(scan: Scan) -> tuple[str, ...]:
    place = [scan.plane] if scan.plane else []
    if scan.slice_location_mm is not None:
        place.append(f"at {location_words(scan.slice_location_mm, scan.plane)}")
    facts = [
        words.format(_plain(scan.metadata[name]))
        for name, words in _FACTS.items()
        if name in scan.metadata
    ]
    return tuple(([" ".join(place)] if place else []) + facts)


def _picture_facts(scan: Scan) -> tuple[str, ...]:
    lines = [scan.lossy] if scan.lossy else []
    if scan.spacing_mm is None:
        lines.append("no pixel spacing")
    else:
        rows, columns = scan.spacing_mm
        lines.append(
            f"{columns:.2f} mm pixels"
            if rows == columns
            else f"{columns:.2f} x {rows:.2f} mm pixels"
        )
    return tuple(lines)


def _plain(text: str) -> str:
    """Return a number without padding zeros; other text is returned unchanged."""
    try:
        return f"{float(text):g}"
    except ValueError:
        return text
