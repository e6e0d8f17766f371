"""An audit as a page that a person can read, with pictures of the pairs; one file, no network."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from html import escape
from pathlib import Path

import cv2

from btgui.engine.files import replacing
from btgui.engine.scan_source import read_thumbnail
from training.audit import Audit, Pair

_SHOWN = 24
_SIDE = 128
_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 1000px; color: #222; }
table { border-collapse: collapse; margin: 0.5rem 0 1.5rem; }
th, td { border: 1px solid #ccc; padding: 4px 12px; text-align: right; }
th:first-child, td:first-child { text-align: left; }
.alarm { background: #fff3d6; border-left: 4px solid #d98e04; padding: 8px 14px; margin: 6px 0; }
.fine { background: #e6f4ea; border-left: 4px solid #2e8b57; padding: 8px 14px; }
.pairs { display: grid; grid-template-columns: repeat(auto-fill, minmax(300px, 1fr)); gap: 14px; }
figure { margin: 0; background: #f5f5f5; padding: 8px; }
figure img { width: 128px; height: 128px; object-fit: contain; background: black; }
figcaption { font-size: 12px; overflow-wrap: anywhere; }
"""


def write_report(audit: Audit, file: Path, title: str) -> None:
    """Write the page; replaces ``file``.

    Raises
    ------
    OSError
        The file cannot be written.
    """
    parts = [
        f"<h1>Audit of {escape(title)}</h1>",
        _alarms(audit),
        "<h2>Scans</h2>",
        _counts(audit),
        "<h2>Leaks: test scans with a copy in training</h2>",
        _leak_sentence(audit),
        _pairs(_first_of_each(audit.leaks)),
        "<h2>Alike, but of different classes</h2>",
        _pairs(audit.conflicts) or "<p>None.</p>",
        "<h2>What gives a class away</h2>",
        _shortcuts(audit),
        "<h2>Copies within a class and split</h2>",
        _table(["class", "scans with a copy"], sorted(audit.repeats.items())),
        "<h2>Sizes and formats</h2>",
        _table(["size", "scans"], [(f"{w} x {h}", n) for (w, h), n in audit.sizes.items()][:12]),
        _table(["format", "scans"], list(audit.formats.items())),
        "<h2>Files that cannot be read</h2>",
        _table(["file", "reason"], audit.unreadable[:200]) if audit.unreadable else "<p>None.</p>",
    ]
    page = (
        f"<!doctype html><html lang='en'><meta charset='utf-8'><title>{escape(title)}</title>"
        f"<style>{_STYLE}</style><body>{''.join(parts)}</body></html>"
    )
    with replacing(file) as temporary:
        temporary.write_text(page, encoding="utf-8")


def _alarms(audit: Audit) -> str:
    alarms = audit.alarms()
    if not alarms:
        return "<p class='fine'>Nothing suspicious was found.</p>"
    return "".join(f"<p class='alarm'>{escape(alarm.text)}</p>" for alarm in alarms)


def _leak_sentence(audit: Audit) -> str:
    return (
        f"<p>{audit.leaked_tests:,} test scans have an identical or copied scan in training; "
        f"{audit.near_tests:,} more have a near one, probably the next slice.</p>"
    )


def _counts(audit: Audit) -> str:
    labels = sorted({label for by_class in audit.counts.values() for label in by_class})
    rows = [
        (split or "not split", *(by_class.get(label, 0) for label in labels))
        for split, by_class in sorted(audit.counts.items())
    ]
    return _table(["split", *labels], rows)


def _shortcuts(audit: Audit) -> str:
    rows = [(one.label, f"{one.auc:.3f}", ", ".join(one.strongest)) for one in audit.shortcuts]
    return (
        "<p>How well each class is told from the others by cheap properties alone (area under the "
        "ROC curve, cross-validated; 0.5 is chance, 1 is always).</p>"
        + _table(["class", "AUC", "by"], rows)
    )


def _first_of_each(pairs: list[Pair]) -> list[Pair]:
    """Keep each test scan's most similar partner, and show mirrored and turned ones first."""
    best: dict[Path, Pair] = {}
    for pair in pairs:
        best.setdefault(pair.first.path, pair)
    return sorted(best.values(), key=lambda pair: (pair.kind, pair.transform == "as it is"))


def _pairs(pairs: list[Pair]) -> str:
    if not pairs:
        return ""
    figures = "".join(_figure(pair) for pair in pairs[:_SHOWN])
    more = f"<p>… and {len(pairs) - _SHOWN:,} more.</p>" if len(pairs) > _SHOWN else ""
    return f"<div class='pairs'>{figures}</div>{more}"


def _figure(pair: Pair) -> str:
    names = " and ".join(
        escape(f"{scan.split or 'scan'}: {scan.label}/{scan.path.name}")
        for scan in (pair.first, pair.second)
    )
    pictures = "".join(_picture(scan.path) for scan in (pair.first, pair.second))
    return (
        f"<figure>{pictures}<figcaption>{names}<br>{pair.kind}, {pair.transform}, correlation "
        f"{pair.similarity:.3f}</figcaption></figure>"
    )


def _picture(path: Path) -> str:
    _, content = cv2.imencode(".png", read_thumbnail(path, _SIDE))
    text = base64.b64encode(content.tobytes()).decode()
    return f"<img alt='{escape(path.name)}' src='data:image/png;base64,{text}'>"


def _table(headings: list[str], rows: Sequence[Sequence[object]]) -> str:
    head = "".join(f"<th>{escape(heading)}</th>" for heading in headings)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f"<table><tr>{head}</tr>{body}</table>"
