"""Pieces of a report's HTML page; all text from outside is escaped here."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from html import escape
from math import isnan

import cv2

from btgui.engine import percentages
from btgui.engine.datasets.dataset import LabelledScan
from btgui.engine.errors import ScanError
from btgui.engine.scan_source import read_thumbnail

_SMALLEST_P = 0.001
_SIDE = 128  # pixels of a scan's picture, as in the style below
_STYLE = """
:root { color-scheme: light; }
body { font: 15px/1.55 system-ui, "Segoe UI", sans-serif; color: #222; margin: 2.2rem auto;
  max-width: 1060px; padding: 0 24px; }
h1 { font-size: 26px; line-height: 1.25; margin-bottom: 0.2rem; }
h2 { font-size: 19px; margin: 2.6rem 0 0.4rem; padding-top: 0.9rem; border-top: 1px solid #ddd; }
h3 { font-size: 15px; margin: 1.6rem 0 0.2rem; }
p { margin: 0.4rem 0 0.8rem; max-width: 48rem; }
.quiet, .quiet td { color: #6a6a6a; }
.caution { background: #fff6e0; border-left: 4px solid #d98e04; padding: 10px 18px; margin: 1rem 0; }
.caution ul { margin: 0.3rem 0; padding-left: 1.2rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; margin: 0.6rem 0 1.2rem; font-size: 14px;
  font-variant-numeric: tabular-nums; }
th, td { padding: 5px 12px; text-align: right; vertical-align: top; border-bottom: 1px solid #e6e6e6; }
th { font-weight: 600; border-bottom: 2px solid #bbb; vertical-align: bottom; }
.words { text-align: left; overflow-wrap: anywhere; min-width: 7em; }
.words:first-child { min-width: 4em; }
th.words { overflow-wrap: normal; }
td:not(.words) { white-space: nowrap; }
td small { display: block; color: #6a6a6a; white-space: nowrap; }
td.words small { white-space: normal; }
figure { margin: 1rem 0 1.6rem; }
figure > img { width: 100%; max-width: 960px; height: auto; display: block; }
figcaption { font-size: 13.5px; color: #555; max-width: 48rem; margin-top: 0.4rem; }
.scans { display: grid; grid-template-columns: repeat(auto-fill, minmax(225px, 1fr)); gap: 12px; }
.scan { background: #f6f6f6; padding: 10px; font-size: 12.5px; line-height: 1.4;
  overflow-wrap: anywhere; break-inside: avoid; }
.scan img { width: 128px; height: 128px; object-fit: contain; background: black; margin: 0 6px 6px 0; }
.broad { grid-template-columns: repeat(auto-fill, minmax(320px, 1fr)); }
.groups { grid-template-columns: 1fr; }
.strip img { width: 100%; height: auto; margin: 0 0 6px; }
code { display: block; background: #f3f3f3; padding: 7px 12px; margin: 4px 0; font-size: 13px;
  overflow-wrap: anywhere; }
@media print {
  body { margin: 0; padding: 0; font-size: 11px; max-width: none; }
  h2, h3 { break-after: avoid; }
  figure, tr { break-inside: avoid; }
  table, figcaption, .scan, code { font-size: 10px; }
  th, td { padding: 3px 6px; }
  .wide { overflow: visible; }
  .caution, .scan, code { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
"""
NONE = "\N{EN DASH}"

Cell = str | tuple[str, str]


def page(name: str, parts: Sequence[str]) -> str:
    """Return a page made of HTML parts; undecodable bytes of file names are shown as escapes."""
    whole = (
        "<!doctype html>\n<html lang='en'>\n<head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width'>"
        f"<title>{escape(name)}</title><style>{_STYLE}</style></head>\n<body>\n"
        + "\n".join(part for part in parts if part)
        + "\n</body>\n</html>\n"
    )
    return whole.encode(errors="backslashreplace").decode()


def title(text: str) -> str:
    """Return the page's title."""
    return f"<h1>{escape(text)}</h1>"


def heading(text: str, level: int = 2) -> str:
    """Return a heading."""
    return f"<h{level}>{escape(text)}</h{level}>"


def paragraph(text: str, kind: str = "") -> str:
    """Return a paragraph."""
    return f"<p class='{kind}'>{escape(text)}</p>" if kind else f"<p>{escape(text)}</p>"


def table(
    headers: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    *,
    words: int,
    quiet_from: int | None = None,
) -> str:
    """Return a table.

    Parameters
    ----------
    rows
        Cells; of a pair, the second text is shown small below the first.
    words
        Number of leading columns that hold words, not numbers.
    quiet_from
        Index of the first row to show in grey, such as one of published figures.
    """
    head = "".join(
        f"<th{_class(column < words)}>{escape(text)}</th>" for column, text in enumerate(headers)
    )
    body = "".join(
        f"<tr{' class=quiet' if quiet_from is not None and number >= quiet_from else ''}>"
        + "".join(f"<td{_class(column < words)}>{_cell(c)}</td>" for column, c in enumerate(row))
        + "</tr>"
        for number, row in enumerate(rows)
    )
    return f"<div class='wide'><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"


def figure(file: str, caption: str, description: str) -> str:
    """Return a figure: a picture file beside the page with a caption and alternative text."""
    return (
        f"<figure><img src='{escape(file)}' alt='{escape(description)}'>"
        f"<figcaption>{escape(caption)}</figcaption></figure>"
    )


def scans(pictures: Sequence[tuple[str, str]]) -> str:
    """Return a grid of scans, each given by a picture file beside the page and its text."""
    tiles = "".join(
        f"<div class='scan strip'><img src='{escape(file)}' alt=''>{escape(text)}</div>"
        for file, text in pictures
    )
    return f"<div class='scans broad'>{tiles}</div>"


def embedded(scan: LabelledScan) -> str:
    """Return a scan's picture, embedded in the page; "" if the scan cannot be read any more."""
    try:
        _, content = cv2.imencode(".png", read_thumbnail(scan.path, _SIDE, scan.window))
    except ScanError:
        return ""
    text = base64.b64encode(content.tobytes()).decode()
    return f"<img alt='' src='data:image/png;base64,{text}'>"


def cautions(first: str, sentences: Sequence[str]) -> str:
    """Return a titled box that lists the sentences; "" without sentences."""
    if not sentences:
        return ""
    lines = "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences)
    return f"<div class='caution'><b>{escape(first)}</b><ul>{lines}</ul></div>"


def commands(lines: Sequence[str]) -> str:
    """Return command lines, one per block."""
    return "".join(f"<code>{escape(line)}</code>" for line in lines)


def percent(share: float, decimals: int = 1) -> str:
    """Return a share in percent, the sign attached by a no-break space."""
    return f"{100 * share:.{decimals}f}\N{NO-BREAK SPACE}%"


def probability(share: float) -> str:
    """Return a verdict's probability as the window shows it, at most ">99 %"."""
    return percentages.percent(share).replace(" ", "\N{NO-BREAK SPACE}")


def with_interval(share: float | None, interval: tuple[float, float]) -> Cell:
    """Return a share and, below it, its 95 % interval; a dash for either that is NaN or None."""
    if share is None:
        return NONE
    return _cells(share, interval, percent, lambda bound: f"{100 * bound:.1f}")


def area_with_interval(area: float, interval: tuple[float, float]) -> Cell:
    """Return an area under a curve, 0 to 1, and its interval, as decimals instead of percentages."""
    return _cells(area, interval, "{:.3f}".format, "{:.3f}".format)


# What a reader may conclude from a p-value, and what not.
SIGNIFICANCE = (
    "Below 0.05, a difference counts as significant; a larger p does not show that the models are "
    "equally good."
)


def p_value(value: float) -> str:
    """Return a p-value with three decimals, or "below 0.001"."""
    return f"below {_SMALLEST_P}" if value < _SMALLEST_P else f"{value:.3f}"


def duration(seconds: float | None) -> str:
    """Return the duration of a training run: "2 h 5 min", or "not recorded" for None."""
    if seconds is None:
        return "not recorded"
    minutes = round(seconds / 60)
    if minutes < 1:
        return f"{seconds:.0f} s"
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if hours else f"{minutes} min"


def signed(points: float) -> str:
    """Return a difference with its sign, a true minus where it is negative."""
    return f"{points:+.1f}".replace("-", "\N{MINUS SIGN}")


def _cells(
    value: float,
    interval: tuple[float, float],
    shown: Callable[[float], str],
    bound: Callable[[float], str],
) -> Cell:
    if isnan(value):
        return NONE
    if any(isnan(one) for one in interval):
        return shown(value), NONE
    return shown(value), f"{bound(interval[0])} to {bound(interval[1])}"


def _class(wordy: bool) -> str:  # noqa: FBT001  (read where it is called, on the line above)
    return " class=words" if wordy else ""


def _cell(cell: Cell) -> str:
    if isinstance(cell, str):
        return escape(cell)
    return f"{escape(cell[0])}<small>{escape(cell[1])}</small>"
