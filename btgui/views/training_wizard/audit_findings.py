"""What an audit found, in plain words, with choices and what they do to the draft; no Qt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from btgui.engine.datasets.shares import way_out
from btgui.engine.training_request import PRESETS
from btgui.views.text import counted, one_or
from btgui.views.training_wizard.draft import Draft
from btgui.views.training_wizard.finding import Choice, Finding, ShownPair
from btgui.views.training_wizard.given_away import shortcuts, uneven

_PARTS = {"train": "Training", "validation": "Validation", "test": "Test"}
_SHOWN_PAIRS = 12
_MANY_TIMES = 3.0


def findings_of(draft: Draft) -> list[Finding]:
    """Return what the draft's audit, which has run, found; the gravest first."""
    found = (
        _shared(draft),
        _conflicts(draft),
        *shortcuts(draft),
        *uneven(draft),
        _several(draft),
        _unreadable(draft),
        _imbalance(draft),
        _repeats(draft),
    )
    return [finding for finding in found if finding is not None]


def choose_safely(draft: Draft) -> None:
    """Take the safe default of every finding."""
    for finding in findings_of(draft):
        if finding.choices:
            finding.choices[0].apply(draft)
    draft.left_out |= {Path(one["path"]) for one in draft.audit["unreadable"]}


def obstacle(draft: Draft) -> Finding | None:
    """Return why a checked draft cannot be trained on, or None; choices may change it."""
    reason, advice = way_out(draft.scans, draft.request(), draft.audit)
    if not reason:
        return None
    return Finding("stop", "This data set cannot be trained on yet", reason, advice)


def nothing_readable(reasons: Sequence[str]) -> Finding:
    """Return why a data set of which no file can be read stops the training."""
    return Finding(
        "stop",
        "No scan can be read",
        f"None of the {len(reasons):,} files of this data set can be read.",
        "Go back and choose another folder, or export the scans again as DICOM, PNG or JPEG.",
        problems=tuple(reasons),
    )


def _shared(draft: Draft) -> Finding | None:
    audit = draft.audit
    copies = [pair for pair in audit["leaks"] if pair["kind"] != "near"]
    patients, heads = (audit.get(f"shared_{who}", 0) for who in ("patients", "heads"))
    if not copies and not patients and not heads:
        return None
    what = []
    best: dict[str, dict[str, Any]] = {}
    for between in dict.fromkeys(tuple(pair["between"]) for pair in copies):
        first, second = between
        mine = [pair for pair in copies if tuple(pair["between"]) == between]
        for pair in mine:
            best.setdefault(pair[first], pair)
        count = len({pair[first] for pair in mine})
        total = sum(audit["counts"].get(first, {}).values())
        what.append(
            f"{count:,} of {total:,} {_PARTS[first].lower()} scans {one_or(count, 'is', 'are')} "
            f"in the {_PARTS[second].lower()} part too: the same file, or the same picture "
            f"mirrored, turned or saved anew."
        )
    among = "scans in more than one of training, validation and test."
    if patients:
        what.append(f"{counted(patients, 'patient')} {one_or(patients, 'has', 'have')} {among}")
    if heads:
        seem = one_or(heads, "seems", "seem")
        what.append(f"{counted(heads, 'head')} {seem}, by the order of the files, to have {among}")
    # Mirrored and turned ones first: they cannot be seen by looking at file names.
    shown = sorted(best.values(), key=lambda pair: pair["transform"] == "as it is")
    labels = _labels(draft)
    return Finding(
        "alarm",
        _sharing(copies),
        " ".join(what),
        "A network that has seen a scan remembers it. What is measured on its copies then looks "
        "better than it will be on new patients.",
        choices=(
            Choice(
                "Leave the training copies out (recommended): the test stays honest",
                lambda draft: setattr(draft, "protocol", "honest"),
                lambda draft: draft.protocol == "honest",
            ),
            Choice(
                "Keep them: figures comparable with the literature, but too good",
                lambda draft: setattr(draft, "protocol", "published"),
                lambda draft: draft.protocol == "published",
            ),
        ),
        pairs=tuple(_shown(pair, pair["between"], labels) for pair in shown[:_SHOWN_PAIRS]),
        pair_count=len(best),
    )


def _sharing(copies: list[dict[str, Any]]) -> str:
    if not copies:
        return "Training and test share patients"
    parts = {part for pair in copies for part in pair["between"]}
    words = [word for part, word in _PARTS.items() if part in parts]
    return f"{words[0]} and {' and '.join(words[1:]).lower()} share scans"


def _conflicts(draft: Draft) -> Finding | None:
    # Near copies may be different heads: nothing is left out for them. The report shows them.
    conflicts = [pair for pair in draft.audit["label_conflicts"] if pair["kind"] != "near"]
    if not conflicts:
        return None
    both = {Path(pair[end]) for pair in conflicts for end in ("first", "second")}
    unreadable = {Path(one["path"]) for one in draft.audit["unreadable"]}
    labels = _labels(draft)
    return Finding(
        "alarm",
        "The same scan in two classes",
        "Two scans look alike but lie in different classes. At least one of them is labelled wrongly."
        if len(conflicts) == 1
        else f"{len(conflicts):,} pairs of scans look alike but lie in different classes. At least one "
        f"of each two is labelled wrongly.",
        "The network would be told two different things about the same picture.",
        choices=(
            Choice(
                "Leave both scans out (recommended)",
                lambda draft: draft.left_out.update(both),
                lambda draft: both <= draft.left_out,
            ),
            Choice(
                "Keep them",
                lambda draft: draft.left_out.difference_update(both - unreadable),
                lambda draft: not both <= draft.left_out,
            ),
        ),
        pairs=tuple(_shown(pair, ("first", "second"), labels) for pair in conflicts[:_SHOWN_PAIRS]),
        pair_count=len(conflicts),
    )


def _several(draft: Draft) -> Finding | None:
    files = draft.audit.get("several", ())
    if not files:
        return None
    count = len(files)
    return Finding(
        "alarm",
        "Files with several pictures",
        f"{counted(count, 'file')} {one_or(count, 'holds', 'hold')} several pictures, such as all slices "
        f"of a head. Only the first of each file is used.",
        "The first slice of a head seldom shows what the file's class says, and the network would learn it "
        "as if it did. Save the slices that show the class as files of their own, and choose the data set "
        "again.",
        problems=tuple(_within(draft, one["path"], one["remark"]) for one in files),
    )


def _unreadable(draft: Draft) -> Finding | None:
    files = draft.audit["unreadable"]
    if not files:
        return None
    one = len(files) == 1
    return Finding(
        "note",
        "Files that cannot be read",
        f"{len(files):,} {'file is' if one else 'files are'} left out.",
        "The other scans are not affected. Export a damaged file again to use it.",
        problems=tuple(_within(draft, one["path"], one["reason"]) for one in files),
    )


def _imbalance(draft: Draft) -> Finding | None:
    audit = draft.audit
    if audit["imbalance"] <= _MANY_TIMES:
        return None
    totals: Counter[str] = Counter()
    for by_class in audit["counts"].values():
        totals.update(by_class)
    few, many = min(totals, key=totals.__getitem__), max(totals, key=totals.__getitem__)

    def weigh(draft: Draft) -> None:
        balance = draft.recipe.balance or PRESETS[draft.preset].balance
        draft.recipe = replace(draft.recipe, class_weights=True, balance=balance)

    def count_alike(draft: Draft) -> None:
        # Balance shows scans of small classes more often, which is the same by other means.
        draft.recipe = replace(draft.recipe, class_weights=False, balance=0.0)

    return Finding(
        "alarm",
        "Classes of very different size",
        f"There are {totals[many]:,} scans of “{draft.shown_as(many)}” and {totals[few]:,} of "
        f"“{draft.shown_as(few)}”: {audit['imbalance']:.1f} times as many.",
        "Left alone, the network tends to overlook the rare class.",
        choices=(
            Choice(
                "Let a scan of a rare class count for more (recommended)",
                weigh,
                lambda draft: draft.recipe.class_weights,
            ),
            Choice(
                "Let every scan count alike",
                count_alike,
                lambda draft: not draft.recipe.class_weights and not draft.recipe.balance,
            ),
        ),
    )


def _repeats(draft: Draft) -> Finding | None:
    repeats = draft.audit["repeats"]
    if not repeats:
        return None
    by_class = ", ".join(f"{draft.shown_as(label)} {n:,}" for label, n in repeats.items())
    count = sum(repeats.values())
    return Finding(
        "note",
        "Copies within a class",
        f"{counted(count, 'scan')} {one_or(count, 'has', 'have')} a copy in the same class and "
        f"part ({by_class}).",
        "Nothing need be done: copies and neighbouring slices stay together, so that none of them "
        "trains the network while another chooses the best moment to stop. Only if shared scans are "
        "kept for comparison with the literature are they split like any other.",
    )


def _within(draft: Draft, path: str, sentence: str) -> str:
    """Return a sentence of a file after its folder within the data set: names are often alike."""
    folder, place = Path(path).parent, draft.place or Path()
    for base in (place, place.parent):  # a table's files lie beside it
        if folder.is_relative_to(base):
            folder = folder.relative_to(base)
            break
    return f"{folder}: {sentence}" if folder.parts else sentence


def _labels(draft: Draft) -> dict[str, str]:
    return {str(scan.path): draft.shown_as(scan.label) for scan in draft.scans}


def _shown(pair: dict[str, Any], ends: Sequence[str], labels: dict[str, str]) -> ShownPair:
    """Return a pair to show; its scans go by these names, those of a leak by their parts'."""
    first, second = (pair[end] for end in ends)
    left, right = (
        "\n".join(filter(None, (_PARTS.get(end), labels.get(pair[end])))) for end in ends
    )
    relation = "the same file" if pair["kind"] == "identical" else pair["transform"]
    if relation == "as it is":
        relation = "saved anew"
    return ShownPair(Path(first), Path(second), (left, right), relation)
