"""What a reader must know before believing one model's test, in sentences."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from btgui.engine.model_card import ModelCard, TestResult
from training.cautions import no_test_part, trained_elsewhere, trained_on_copies
from training.tested import Tested


def cautions_of(
    card: ModelCard,
    tested: Tested | None,
    result: TestResult,
    leaked: NDArray[np.bool_] | None,
) -> list[str]:
    """Return the sentences, the gravest first.

    Parameters
    ----------
    tested
        What was chosen to test on; None where it is a part that a run kept for this.
    leaked
        (n,) whether a scan has a copy in a training part; None where not known.
    """
    if tested is None:
        return []
    named = [(card.name, card)]
    found = (
        trained_on_copies(card.name, card, tested, leaked, result.leak_free),
        no_test_part(named, tested),
        trained_elsewhere(named, tested),
    )
    return [sentence for sentence in found if sentence]
