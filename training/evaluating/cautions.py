"""Cautions about the test of one model: what its reader must know first, in sentences."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from btgui.engine.datasets.dataset import LabelledScan
from btgui.engine.models.card import ModelCard, TestResult
from btgui.engine.models.pack import ModelPack
from training.cautions import (
    chosen_by_these,
    fitted_to_these,
    no_test_part,
    other_split,
    partly_known,
    partly_read,
    trained_elsewhere,
    trained_on_copies,
    trained_on_these,
    untested,
)
from training.fitting.material import PartOfRun
from training.scans.scan_record import trained_by
from training.tested_scans import Tested, as_read


def cautions_of(
    pack: ModelPack,
    tested: Tested,
    read: list[LabelledScan],
    result: TestResult,
    leaked: NDArray[np.bool_] | None,
    other: ModelPack | None,
) -> list[str]:
    """Return the cautions, the most serious first.

    Parameters
    ----------
    tested
        The scans chosen for the test.
    read
        Those of them that could be read.
    leaked
        (n,) whether a scan has a copy in a training part; None if not known.
    other
        The model to compare with, if any.
    """
    card, tested = pack.card, as_read(tested, read)
    named = [(card.name, card)]
    names = dict(zip(card.classes, card.display_names, strict=True))
    memory = trained_on_these(card.name, pack, read)
    chosen = chosen_by_these(card.name, pack, read)
    if (part := tested.part) is None:
        # Names of data sets matter only if the model's own record lists none of the scans.
        elsewhere = trained_elsewhere([] if memory or chosen else named, tested)
        unrecorded = named if trained_by(pack) is None else []
        provenance = [no_test_part(unrecorded, tested), elsewhere]
    else:
        by_card = "" if chosen else _chose(card, part)
        provenance = [other_split(card, part.fingerprint), by_card]
    found = [
        untested([names[name] for name in result.untested]),
        memory,
        chosen,
        fitted_to_these(card.name, pack, read),
        trained_on_copies(card.name, card, tested, leaked, result.leak_free),
        *provenance,
        partly_known(tested),
        partly_read(read),
    ]
    if other is not None:
        # A calibrated copy has the same name as its original.
        who = other.card.name if other.card.name != card.name else other.card.id
        of_record = (trained_on_these, chosen_by_these, fitted_to_these)
        found += [caution(who, other, read) for caution in of_record]
    return [sentence for sentence in found if sentence]


def _chose(card: ModelCard, part: PartOfRun) -> str:
    """Return a sentence on scans that, by the card, chose the model's best epoch; "" for test scans."""
    if part.is_test or other_split(card, part.fingerprint):
        return ""
    return (
        f"These scans chose the best epoch and the temperature of {card.name}: on new scans its "
        f"accuracy is likely to be lower and its calibration worse."
    )
