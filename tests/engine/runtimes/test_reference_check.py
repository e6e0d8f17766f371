from dataclasses import replace

import numpy as np
import pytest

from btgui.engine.preprocessing import PreprocessingParameters
from btgui.engine.runtimes.reference_check import (
    RuntimeDiffersError,
    check_reference,
    reference_inputs,
)

EXPECTED = ((2.0, 1.0, 0.0, -1.0), (0.5, 0.0, 3.0, 0.0))


@pytest.fixture
def card(tiny_pack):
    return replace(tiny_pack.card, reference_logits=EXPECTED)


def answering(logits):
    rows = iter(np.array(logits, np.float32))
    return lambda _inputs: next(rows)[None]


def test_the_patterns_are_the_same_everywhere():
    inputs = reference_inputs(PreprocessingParameters(input_height=3, input_width=2))
    assert inputs.shape == (2, 3, 2, 3)
    assert inputs.dtype == np.float32
    # Row 0, column 0, channel 0 of every pattern: 127.5 + 63.75 (sin 0 + cos 0) = 191.25.
    assert inputs[:, 0, 0, 0] == pytest.approx(191 / 127.5 - 1)
    # And some more: models that were made with these would be refused under any others.
    greys = np.rint((inputs + 1) * 127.5)
    assert greys[0, 1].tolist() == [[146, 176, 161], [131, 202, 205]]
    assert greys[1, 2].tolist() == [[191, 108, 43], [136, 131, 124]]


def test_the_same_values_pass(card):
    check_reference(card, answering(EXPECTED))


def test_rounding_of_another_processor_passes(card):
    check_reference(card, answering(np.array(EXPECTED) + 1e-5))


@pytest.mark.parametrize("wrong", [5e-3, -5e-3, np.nan])
def test_other_values_are_told(card, wrong):
    other = np.array(EXPECTED)
    other[1, 2] += wrong
    with pytest.raises(RuntimeDiffersError, match=r"allowed: 0\.0001 and 0\.001"):
        check_reference(card, answering(other))


def test_logits_that_only_their_softmax_hides_are_told(card):
    with pytest.raises(RuntimeDiffersError):
        check_reference(card, answering(np.array(EXPECTED) + 0.1))


def test_a_card_of_before_has_nothing_to_be_held_against(tiny_pack):
    check_reference(tiny_pack.card, answering([]))
