"""The findings of an audit in plain words, with choices and their effect on the draft; no Qt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from btgui.engine.counting import all_of
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
    """Return the findings of the draft's finished audit, the most serious first."""
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
    """Apply the safe choice of every finding to the draft, and leave out unreadable files."""
    for finding in findings_of(draft):
        if finding.choices:
            finding.choices[0].apply(draft)
    draft.left_out |= {Path(one["path"]) for one in draft.audit["unreadable"]}


def obstacle(draft: Draft) -> Finding | None:
    """Return the finding that prevents training on a checked draft, or None.

    The user's choices may change the answer.
    """
    reason, advice = way_out(draft.scans, draft.request(), draft.audit)
    if not reason:
        return None
    return Finding("stop", "This data set cannot be trained on yet", reason, advice)


def nothing_readable(reasons: Sequence[str]) -> Finding:
    """Return the finding for a data set of which no file can be read."""
    return Finding(
        "stop",
        "No scan can be read",
        f"None of the {len(reasons):,} files in this data set can be read.",
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
            f"also in the {_PARTS[second].lower()} part: the same file, or the same picture "
            f"mirrored, rotated or saved again."
        )
    among = "scans in more than one of training, validation and test."
    if patients:
        what.append(f"{counted(patients, 'patient')} {one_or(patients, 'has', 'have')} {among}")
    if heads:
        have = one_or(heads, "has", "have")
        what.append(
            f"{counted(heads, 'patient')}, inferred from the order of the files, {have} {among}"
        )
    # Mirrored and rotated copies first: file names do not give them away.
    shown = sorted(best.values(), key=lambda pair: pair["transform"] == "as it is")
    labels = _labels(draft)
    return Finding(
        "alarm",
        _sharing(copies),
        " ".join(what),
        "A network remembers the scans that it was trained on. Measured on copies of them, its "
        "results look better than they will be on new patients.",
        choices=(
            Choice(
                "Leave the training copies out (recommended): the test stays honest",
                lambda draft: setattr(draft, "protocol", "honest"),
                lambda draft: draft.protocol == "honest",
            ),
            Choice(
                "Keep them: comparable with the literature, but too optimistic",
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
    return f"{all_of(words).capitalize()} share scans"


def _conflicts(draft: Draft) -> Finding | None:
    # Near copies may be of different patients: none is left out. The report shows them.
    conflicts = [pair for pair in draft.audit["label_conflicts"] if pair["kind"] != "near"]
    if not conflicts:
        return None
    both = {Path(pair[end]) for pair in conflicts for end in ("first", "second")}
    unreadable = {Path(one["path"]) for one in draft.audit["unreadable"]}
    labels = _labels(draft)
    return Finding(
        "alarm",
        "The same scan in two classes",
        "Two scans look alike but are in different classes. At least one of them is labelled wrongly."
        if len(conflicts) == 1
        else f"{len(conflicts):,} pairs of scans look alike but are in different classes. In each "
        f"pair, at least one scan is labelled wrongly.",
        "The network would be given contradictory labels for the same picture.",
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
        f"{counted(count, 'file')} {one_or(count, 'contains', 'contain')} several pictures, such as all "
        f"slices of a series. Only the first picture of each file is used.",
        "The first slice of a series seldom shows what the file is labelled as, yet the network would "
        "learn that it does. Save the slices that show it as separate files, then choose the data set "
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
        # Balanced sampling shows scans of small classes more often: the same effect as weights.
        draft.recipe = replace(draft.recipe, class_weights=False, balance=0.0)

    return Finding(
        "alarm",
        "Classes of very different size",
        f"“{draft.shown_as(many)}” has {totals[many]:,} scans, {audit['imbalance']:.1f} times as many "
        f"as “{draft.shown_as(few)}” with {totals[few]:,}.",
        "Without a correction, the network tends to overlook the rare class.",
        choices=(
            Choice(
                "Give scans of rare classes more weight (recommended)",
                weigh,
                lambda draft: draft.recipe.class_weights,
            ),
            Choice(
                "Give every scan the same weight",
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
        "No action is needed: copies and neighbouring slices are kept together, so that none of them "
        "is trained on while another one chooses the best epoch. Only if shared scans are "
        "kept for comparison with the literature are they split like any other scans.",
    )


def _within(draft: Draft, path: str, sentence: str) -> str:
    """Return a sentence about a file, prefixed with its folder: file names are often alike."""
    folder, place = Path(path).parent, draft.place or Path()
    for base in (place, place.parent):  # a table's files are beside the table
        if folder.is_relative_to(base):
            folder = folder.relative_to(base)
            break
    return f"{folder}: {sentence}" if folder.parts else sentence


def _labels(draft: Draft) -> dict[str, str]:
    return {str(scan.path): draft.shown_as(scan.label) for scan in draft.scans}


def _shown(pair: dict[str, Any], ends: Sequence[str], labels: dict[str, str]) -> ShownPair:
    """Return a pair to show, each scan captioned with its class and, in a leak, its part."""
    first, second = (pair[end] for end in ends)
    left, right = (
        "\n".join(filter(None, (_PARTS.get(end), labels.get(pair[end])))) for end in ends
    )
    relation = "the same file" if pair["kind"] == "identical" else pair["transform"]
    if relation == "as it is":
        relation = "saved again"
    return ShownPair(Path(first), Path(second), (left, right), relation)
