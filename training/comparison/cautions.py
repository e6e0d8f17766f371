"""Cautions about a comparison: what its reader must know first, in sentences."""

from __future__ import annotations

from collections.abc import Iterable

from btgui.engine.counting import all_of, counted
from btgui.engine.models.published_networks import OFFICIAL_TEST_SCANS
from training.cautions import (
    chosen_by_these,
    fitted_to_these,
    no_test_part,
    partly_known,
    partly_read,
    trained_elsewhere,
    trained_on_copies,
    trained_on_these,
    unreadable,
    untested,
)
from training.comparison.contenders import Contender
from training.comparison.measuring import Comparison
from training.scans.scan_record import trained_by
from training.tested_scans import as_read


def cautions(comparison: Comparison) -> list[str]:
    """Return the cautions about the models' figures, the most serious first."""
    contenders = [model.contender for model in comparison.models]
    cards = [(one.mark, one.pack.card) for one in contenders]
    memories = {
        one.mark: trained_on_these(one.mark, one.pack, comparison.scans) for one in contenders
    }
    chosen = {one.mark: chosen_by_these(one.mark, one.pack, comparison.scans) for one in contenders}
    # Names of data sets matter only if the model's own record lists none of the scans.
    by_names = [(mark, card) for mark, card in cards if not (memories[mark] or chosen[mark])]
    unrecorded = [(one.mark, one.pack.card) for one in contenders if trained_by(one.pack) is None]
    found = [
        _mixed_protocols(contenders),
        untested(_untested_names(comparison)),
        *memories.values(),
        *chosen.values(),
        *(fitted_to_these(one.mark, one.pack, comparison.scans) for one in contenders),
        *(
            trained_on_copies(
                model.contender.mark,
                model.contender.pack.card,
                comparison.tested,
                comparison.leaked,
                model.result.leak_free,
            )
            for model in comparison.models
        ),
        no_test_part(unrecorded, as_read(comparison.tested, comparison.scans)),
        trained_elsewhere(by_names, comparison.tested),
        partly_known(comparison.tested),
        partly_read(comparison.scans),
        unreadable(len(comparison.unreadable)),
    ]
    return [sentence for sentence in found if sentence]


def _untested_names(comparison: Comparison) -> list[str]:
    labels = set(comparison.labels.tolist())
    return [name for place, name in enumerate(comparison.display_names) if place not in labels]


def _mixed_protocols(contenders: list[Contender]) -> str:
    honest = [one for one in contenders if one.protocol == "honest"]
    published = [one for one in contenders if one.protocol == "published"]
    if not (honest and published):
        return ""
    return (
        f"The models were trained under different protocols: {_marks(honest)} honest, "
        f"{_marks(published)} published. Their accuracies mean different things; do not rank one "
        f"kind against the other."
    )


def beside_published(comparison: Comparison) -> str:
    """Return a sentence on why the published figures are for orientation only; "" if comparable."""
    contenders = [model.contender for model in comparison.models]
    reasons = []
    if (count := len(comparison.scans)) != OFFICIAL_TEST_SCANS:
        reasons.append(
            f"they were measured on the {OFFICIAL_TEST_SCANS:,} official test images, and this test "
            f"has {counted(count, 'scan')}"
        )
    if honest := [one for one in contenders if one.protocol == "honest"]:
        reasons.append(
            f"they are from the published protocol, and {_marks(honest)} from the honest one, which "
            f"is harder"
        )
    if not reasons:
        return ""
    return f"The published figures are shown for orientation only: {'; '.join(reasons)}."


def _marks(contenders: Iterable[Contender]) -> str:
    return all_of([one.mark for one in contenders])
