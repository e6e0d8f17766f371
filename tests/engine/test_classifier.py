from dataclasses import replace

import numpy as np
import pytest

from btgui.engine.classifier import predict
from btgui.engine.errors import ModelPackError
from btgui.engine.novelty import NoveltyDetector
from btgui.engine.runtimes import Outputs

INPUT = np.zeros((1, 4, 4, 3), np.float32)


@pytest.fixture
def answer(tiny_pack, stand_in):
    """Return a function from logits and values of the card to predictions."""

    def classify(*rows, **changes):
        logits = np.array(rows, np.float32)
        runtime = stand_in(lambda _: logits)
        return predict(replace(tiny_pack.card, **changes), runtime, INPUT.repeat(len(rows), 0))

    return classify


def test_probabilities_by_hand(answer):
    # e^0, e^0, e^ln 2, e^ln 4: shares of 8.
    (prediction,) = answer([0, 0, np.log(2), np.log(4)], temperature=1.0)
    assert prediction.probabilities == pytest.approx((1 / 8, 1 / 8, 2 / 8, 4 / 8))


def test_the_temperature_flattens_by_hand(answer):
    # Halved logits: e^0, e^0, e^ln 2, e^ln 4 again.
    (prediction,) = answer([0, 0, 2 * np.log(2), 2 * np.log(4)], temperature=2.0)
    assert prediction.probabilities == pytest.approx((1 / 8, 1 / 8, 2 / 8, 4 / 8))
    assert prediction.logits == pytest.approx((0, 0, 2 * np.log(2), 2 * np.log(4)))


@pytest.mark.parametrize("temperature", [0.05, 1.0, 1.5, 20.0])
def test_the_temperature_never_changes_the_verdict(answer, temperature):
    rows = np.random.default_rng(2).normal(0, 3, (50, 4))
    for row, prediction in zip(rows, answer(*rows, temperature=temperature), strict=True):
        assert prediction.verdict_index == row.argmax()
        assert sum(prediction.probabilities) == pytest.approx(1)


def test_enormous_logits_do_not_overflow(answer):
    (prediction,) = answer([-1e30, 1e30, 0, 1e4])
    assert prediction.probabilities == (0, 1, 0, 0)


def test_verdict_and_runner_up_are_named_as_the_card_names_them(answer, tiny_pack):
    first, second = answer([0, 3, 1, 2], [9, 0, 8, 0])
    assert (first.verdict, first.verdict_index, first.runner_up_index) == ("meningioma", 1, 3)
    assert (second.verdict, second.verdict_index, second.runner_up_index) == ("glioma", 0, 2)
    assert first.display_names == tiny_pack.card.display_names
    assert first.display_names[first.verdict_index] == "Meningioma"


def test_what_a_prediction_holds_are_plain_numbers_that_json_can_write(answer):
    (prediction,) = answer([0, 3, 1, 2])
    assert {type(value) for value in prediction.probabilities + prediction.logits} == {float}


@pytest.mark.parametrize(("logit", "temperature"), [(np.nan, 1.0), (np.inf, 1.0), (3.0, 1e-320)])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_what_is_no_number_is_no_verdict(answer, logit, temperature):
    with pytest.raises(ModelPackError, match="not numbers"):
        answer([1, 0, 0, 0], [logit, 0, 0, 0], temperature=temperature)


@pytest.mark.parametrize("mean", [np.nan, np.inf])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_where_the_novelty_is_no_number_there_is_no_verdict(tiny_pack, stand_in, mean):
    runtime = stand_in(lambda _: np.zeros((1, 4), np.float32))
    detector = NoveltyDetector(np.eye(1, 2, dtype=np.float32), limit=1.0)
    runtime.outputs = lambda _: Outputs(np.zeros((1, 4)), (np.array([[3.0, 4.0]]),))
    (prediction,) = predict(tiny_pack.card, runtime, INPUT, detector)
    assert prediction.novelty == pytest.approx(np.hypot(0.4, 0.8))
    runtime.outputs = lambda _: Outputs(np.zeros((1, 4)), (np.array([[1.0, mean]]),))
    with pytest.raises(ModelPackError, match="not numbers"):
        predict(tiny_pack.card, runtime, INPUT, detector)
