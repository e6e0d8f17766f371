"""The report of an audit: one HTML file with pictures of the pairs, readable offline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from btgui.engine.counting import counted, one_or
from btgui.engine.datasets.dataset import LabelledScan
from btgui.engine.disk.files import replacing
from training.auditing.audit import SPLIT_WORDS, Audit
from training.auditing.pairs import Group, Pair, in_turn, spoilt
from training.reports import page
from training.turns import alternating

_SHOWN = 24
_SHOWN_GROUPS, _SHOWN_OF_GROUP = 12, 6
_SHOWN_SIZES = 12
_NAMED_FILES = 200


def write_report(audit: Audit, file: Path, title: str) -> None:
    """Write the report as an HTML page, replacing ``file``.

    Raises
    ------
    OSError
        The file cannot be written.
    """
    sizes = {f"{width} x {height}": count for (width, height), count in audit.sizes.items()}
    parts = [
        page.title(f"Audit of {title}"),
        _alarms(audit),
        page.heading("Scans"),
        _counts(audit),
        page.heading("Leaks: scans with a copy in another split"),
        *_leaks(audit),
        page.heading("Similar scans with different labels"),
        *_conflicts(audit),
        page.heading("Shortcuts that give a class away"),
        *_shortcuts(audit),
        page.heading("Copies within a class and split"),
        *_repeats(audit),
        page.heading("Sizes, depths and file formats"),
        *(page.paragraph(f"{one.words}.") for of in audit.uneven.values() for one in of),
        _numbers("size", dict([*sizes.items()][:_SHOWN_SIZES])),
        _numbers("depth and colour", audit.modes),
        _numbers("format", audit.formats),
        page.heading("Files with several pictures"),
        *_files("remark", audit.several),
        page.heading("Files that cannot be read"),
        *_files("reason", audit.unreadable),
    ]
    with replacing(file) as temporary:
        temporary.write_text(page.page(title, parts), encoding="utf-8")


def _alarms(audit: Audit) -> str:
    alarms = [alarm.text for alarm in audit.alarms()]
    if not alarms:
        return page.paragraph("Nothing suspicious was found.")
    return page.cautions("Look at this first", alarms)


def _numbers(heading: str, counts: Mapping[str, int]) -> str:
    rows = [(name, f"{count:,}") for name, count in counts.items()]
    return page.table([heading, "scans"], rows, words=1)


def _files(why: str, files: list[tuple[str, str]]) -> list[str]:
    if not files:
        return [page.paragraph("None.")]
    more = len(files) - _NAMED_FILES
    return [
        page.table(["file", why], files[:_NAMED_FILES], words=2),
        page.paragraph(f"… and {more:,} more.") if more > 0 else "",
    ]


def _leaks(audit: Audit) -> list[str]:
    parts = []
    for between in dict.fromkeys(pair.between for pair in audit.leaks):
        copied, near = spoilt(audit.leaks, between)
        first, second = (SPLIT_WORDS[split] for split in between)
        text = (
            f"{counted(copied, f'{first} scan')} {one_or(copied, 'has', 'have')} an identical scan or a "
            f"copy in {second}; {near:,} more {one_or(near, 'has', 'have')} a near copy, probably "
            f"a neighbouring slice."
        )
        mine = [pair for pair in audit.leaks if pair.between == between]
        parts += [page.paragraph(text), *_pairs(in_turn(mine))]
    return parts or [page.paragraph("None.")]


def _conflicts(audit: Audit) -> list[str]:
    near = [pair for pair in audit.conflicts if pair.kind == "near"]
    surely = [pair for pair in audit.conflicts if pair.kind != "near"]
    parts = _pairs(in_turn(surely)) or [page.paragraph("No copies.")]
    if near:
        text = (
            f"{counted(len(near), 'pair')} of near copies. These may be neighbouring slices with "
            f"different labels, or similar slices of different patients: check them."
        )
        parts += [page.paragraph(text), *_pairs(in_turn(near))]
    return parts


def _repeats(audit: Audit) -> list[str]:
    if not (audit.copies or audit.near_copies):
        return [page.paragraph("None.")]
    repeats, nearly = audit.repeats, audit.nearly
    rows = [
        (label, f"{repeats.get(label, 0):,}", f"{nearly.get(label, 0):,}")
        for label in sorted(repeats.keys() | nearly.keys())
    ]
    return [
        page.table(["class", "scans with a copy", "others with a near copy"], rows, words=1),
        *_groups("Copies", audit.copies),
        *_groups("Near copies", audit.near_copies),
    ]


def _groups(title: str, groups: list[Group]) -> list[str]:
    if not groups:
        return []
    by_class: dict[tuple[str, str], list[Group]] = {}
    for group in groups:
        by_class.setdefault((group.split, group.label), []).append(group)
    shown = alternating([*by_class.values()])[:_SHOWN_GROUPS]
    rest = len(groups) - len(shown)
    several = f"{len(groups):,} groups, the largest of each class first"
    return [
        page.heading(f"{title}: {several if len(groups) > 1 else '1 group'}", 3),
        f"<div class='scans groups'>{''.join(map(_group, shown))}</div>",
        page.paragraph(f"… and {counted(rest, 'more group')}.") if rest else "",
    ]


def _group(group: Group) -> str:
    shown = group.scans[:_SHOWN_OF_GROUP]
    names = ", ".join(scan.path.name for scan in shown)
    rest = len(group.scans) - len(shown)
    where = f"{group.split}: " if group.split else ""
    return _tile(
        shown,
        f"{where}{group.label}, {len(group.scans):,} scans: {names}"
        f"{f' and {rest:,} more' if rest else ''}",
        f"{group.kind}, lowest correlation {group.similarity:.3f}",
    )


def _counts(audit: Audit) -> str:
    labels = sorted({label for by_class in audit.counts.values() for label in by_class})
    rows = [
        (split or "not split", *(f"{by_class.get(label, 0):,}" for label in labels))
        for split, by_class in sorted(audit.counts.items())
    ]
    return page.table(["split", *labels], rows, words=1)


def _shortcuts(audit: Audit) -> list[str]:
    rows = [(one.label, f"{one.auc:.3f}", ", ".join(one.strongest)) for one in audit.shortcuts]
    text = (
        "How well each class is distinguished from the others by simple image properties alone "
        "(area under the ROC curve, cross-validated; 0.5: chance, 1: perfectly)."
    )
    return [
        page.paragraph(text),
        page.table(["class", "AUC", "by"], rows, words=1) if rows else "",
        page.paragraph(audit.unmeasured) if audit.unmeasured else "",
    ]


def _pairs(pairs: list[Pair]) -> list[str]:
    if not pairs:
        return []
    more = f"… and {len(pairs) - _SHOWN:,} more." if len(pairs) > _SHOWN else ""
    tiles = "".join(map(_pair, pairs[:_SHOWN]))
    return [f"<div class='scans broad'>{tiles}</div>", page.paragraph(more) if more else ""]


def _pair(pair: Pair) -> str:
    scans = (pair.first, pair.second)
    names = " and ".join(f"{one.split or 'scan'}: {one.label}/{one.path.name}" for one in scans)
    return _tile(scans, names, f"{pair.kind}, {pair.transform}, correlation {pair.similarity:.3f}")


def _tile(scans: Sequence[LabelledScan], *lines: str) -> str:
    pictures = "".join(page.embedded(scan) for scan in scans)
    return f"<div class='scan'>{pictures}<div>{'<br>'.join(map(escape, lines))}</div></div>"
