"""An audit as a page that a person can read, with pictures of the pairs; one file, no network."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from html import escape
from pathlib import Path

import cv2

from btgui.engine.files import replacing
from btgui.engine.scan_source import read_thumbnail
from training.audit import SPLIT_WORDS, Audit
from training.audit_pairs import Group, Pair, alternating, in_turn, spoilt

_SHOWN = 24
_SHOWN_GROUPS, _SHOWN_OF_GROUP = 12, 6
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
.scans { display: flex; flex-wrap: wrap; gap: 8px; }
.scans img { width: 128px; height: 128px; object-fit: contain; background: black; display: block; }
.groups { display: grid; gap: 14px; }
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
        "<h2>Leaks: scans with a copy in another split</h2>",
        _leaks(audit),
        "<h2>Alike, but of different classes</h2>",
        _conflicts(audit),
        "<h2>What gives a class away</h2>",
        _shortcuts(audit),
        "<h2>Copies within a class and split</h2>",
        _repeats(audit),
        "<h2>Sizes, kinds and formats</h2>",
        _uneven(audit),
        _table(["size", "scans"], [(f"{w} x {h}", n) for (w, h), n in audit.sizes.items()][:12]),
        _table(["depth and colour", "scans"], list(audit.modes.items())),
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


def _leaks(audit: Audit) -> str:
    parts = []
    for between in dict.fromkeys(pair.between for pair in audit.leaks):
        copied, near = spoilt(audit.leaks, between)
        first, second = (SPLIT_WORDS[split] for split in between)
        parts.append(
            f"<p>{copied:,} {first} scans have an identical or copied scan in {second}; {near:,} "
            f"more have a near one, probably the next slice.</p>"
        )
        parts.append(_pairs(in_turn([pair for pair in audit.leaks if pair.between == between])))
    return "".join(parts) or "<p>None.</p>"


def _conflicts(audit: Audit) -> str:
    near = [pair for pair in audit.conflicts if pair.kind == "near"]
    surely = [pair for pair in audit.conflicts if pair.kind != "near"]
    parts = [_pairs(in_turn(surely)) or "<p>No copies.</p>"]
    if near:
        parts.append(
            f"<p>{len(near):,} pairs are near copies. They may be neighbouring slices that are "
            f"labelled differently, or different heads that look alike: look at them.</p>"
        )
        parts.append(_pairs(in_turn(near)))
    return "".join(parts)


def _repeats(audit: Audit) -> str:
    if not (audit.copies or audit.near_copies):
        return "<p>None.</p>"
    repeats, nearly = audit.repeats, audit.nearly
    rows = [
        (label, repeats.get(label, 0), nearly.get(label, 0))
        for label in sorted(repeats.keys() | nearly.keys())
    ]
    return (
        _table(["class", "scans with a copy", "others with a near copy"], rows)
        + _groups("Copies", audit.copies)
        + _groups("Near copies", audit.near_copies)
    )


def _groups(title: str, groups: list[Group]) -> str:
    if not groups:
        return ""
    by_class: dict[tuple[str, str], list[Group]] = {}
    for group in groups:
        by_class.setdefault((group.split, group.label), []).append(group)
    shown = alternating([*by_class.values()])[:_SHOWN_GROUPS]
    rest = len(groups) - len(shown)
    more = f"<p>… and {rest:,} more groups.</p>" if rest else ""
    return (
        f"<h3>{title}: {len(groups):,} groups, the largest of each class first</h3>"
        f"<div class='groups'>{''.join(_group_figure(group) for group in shown)}</div>{more}"
    )


def _group_figure(group: Group) -> str:
    shown = group.scans[:_SHOWN_OF_GROUP]
    names = ", ".join(escape(scan.path.name) for scan in shown)
    rest = len(group.scans) - len(shown)
    where = f"{group.split}: " if group.split else ""
    return (
        f"<figure><div class='scans'>{''.join(_picture(scan.path) for scan in shown)}</div>"
        f"<figcaption>{escape(where + group.label)}, {len(group.scans):,} scans: {names}"
        f"{f' and {rest:,} more' if rest else ''}<br>{group.kind}, lowest correlation "
        f"{group.similarity:.3f}</figcaption></figure>"
    )


def _uneven(audit: Audit) -> str:
    words = [one.words for classes in audit.uneven.values() for one in classes]
    return "".join(f"<p>{escape(text)}.</p>" for text in words)


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
        f"<figure><div class='scans'>{pictures}</div><figcaption>{names}<br>{pair.kind}, {pair.transform}, correlation "
        f"{pair.similarity:.3f}</figcaption></figure>"
    )


def _picture(path: Path) -> str:
    _, content = cv2.imencode(".png", read_thumbnail(path, _SIDE))
    text = base64.b64encode(content.tobytes()).decode()
    return f"<img alt='{escape(path.name)}' src='data:image/png;base64,{text}'>"


def _table(headings: list[str], rows: Sequence[Sequence[object]]) -> str:
    head = "".join(f"<th>{escape(heading)}</th>" for heading in headings)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(_shown(cell))}</td>" for cell in row) + "</tr>"
        for row in rows
    )
    return f"<table><tr>{head}</tr>{body}</table>"


def _shown(cell: object) -> str:
    return f"{cell:,}" if isinstance(cell, int) else str(cell)
