"""What a reader must know before believing a comparison, in sentences."""

from __future__ import annotations

from collections.abc import Iterable

from btgui.engine.published_networks import OFFICIAL_TEST_SCANS
from training.comparison.contenders import Contender
from training.comparison.measuring import Comparison, Measured
from training.reports.page import percent


def cautions(comparison: Comparison) -> list[str]:
    """Return the sentences, the gravest first; marks stand for models."""
    contenders = [model.contender for model in comparison.models]
    found = [
        _mixed_protocols(contenders),
        *(_trained_on_copies(comparison, model) for model in comparison.models),
        _tested_on_training(comparison, contenders),
        _trained_elsewhere(comparison, contenders),
        _beside_published(comparison, contenders),
    ]
    if count := len(comparison.unreadable):
        found.append(f"{_scans(count)} could not be read and count for no model.")
    return [sentence for sentence in found if sentence]


def _mixed_protocols(contenders: list[Contender]) -> str:
    honest = [one for one in contenders if one.protocol == "honest"]
    published = [one for one in contenders if one.protocol == "published"]
    if not (honest and published):
        return ""
    return (
        f"Models of different protocols are compared: honest {_marks(honest)}, published "
        f"{_marks(published)}. Their accuracies mean different things; do not rank one kind "
        f"against the other."
    )


def _trained_on_copies(comparison: Comparison, model: Measured) -> str:
    contender, leaked, free = model.contender, comparison.leaked, model.result.leak_free
    if contender.protocol == "honest" or leaked is None or free is None or not leaked.any():
        return ""
    here = bool(set(contender.trained_on) & set(comparison.data))
    where = (
        f" on {', '.join(contender.trained_on)}, this data set,"
        if here
        else "; it may have been on this data set,"
    )
    others = f": on the {free['count']} others it is {percent(free['accuracy'])}"
    return (
        f"{contender.mark} was trained under the published protocol{where} and "
        f"{int(leaked.sum()):,} of {_scans(len(leaked))} tested have a copy in the data set's training "
        f"folder. Its accuracy measures memory as well as skill{others if free['count'] else ''}."
    )


def _tested_on_training(comparison: Comparison, contenders: list[Contender]) -> str:
    if comparison.split_given:
        return ""
    text = "The data set names no test scans, so all of its scans were tested."
    theirs = [one for one in contenders if set(one.trained_on) & set(comparison.data)]
    if theirs:
        text += (
            f" {_marks(theirs)} trained on a data set of this name: on many of these very scans. "
            f"Those accuracies say nothing of new scans."
        )
    return text


def _trained_elsewhere(comparison: Comparison, contenders: list[Contender]) -> str:
    others = [one for one in contenders if not set(one.trained_on) & set(comparison.data)]
    if not others:
        return ""
    return (
        f"By their cards, {_marks(others)} trained on other data sets than this one. Whether those "
        f"hold copies of the scans tested here is not known."
    )


def _beside_published(comparison: Comparison, contenders: list[Contender]) -> str:
    reasons = []
    if (count := len(comparison.scans)) != OFFICIAL_TEST_SCANS:
        reasons.append(
            f"they are of the {OFFICIAL_TEST_SCANS:,} official test images, and this test has "
            f"{_scans(count)}"
        )
    if honest := [one for one in contenders if one.protocol == "honest"]:
        reasons.append(
            f"they are of the published protocol, and {_marks(honest)} of the honest one, which is "
            f"harder"
        )
    if not reasons:
        return ""
    return f"The published figures stand beside for orientation only: {'; '.join(reasons)}."


def _marks(contenders: Iterable[Contender]) -> str:
    return ", ".join(one.mark for one in contenders)


def _scans(count: int) -> str:
    return "1 scan" if count == 1 else f"{count:,} scans"
