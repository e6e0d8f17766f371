import numpy as np
import pytest

from training.fitting.judged_weights import JudgedWeights


def of(number):
    return [np.array([[number]], np.float32)]


@pytest.fixture
def model():
    import keras

    made = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    made.set_weights(of(8.0))
    return made


def value(weights):
    return weights[0].item()


def judged(model, *arguments, **options):
    """The weight with which the model is validated."""
    with JudgedWeights(model, *arguments, **options).in_place():
        seen = value(model.get_weights())
    assert value(model.get_weights()) == 8
    return seen


def test_without_an_average_and_a_start_they_are_the_model_s_own(model):
    assert judged(model) == 8


def test_they_are_the_average_where_one_is_kept(model):
    assert judged(model, 0.5, of(1.0)) == 1


def test_the_start_has_its_share(model):
    assert judged(model, start=of(4.0), start_share=0.25) == 7  # 0.25 * 4 + 0.75 * 8
    assert judged(model, 0.5, of(2.0), start=of(4.0), start_share=0.75) == 3.5


def test_the_model_has_its_own_again_after_a_failure(model):
    weights = JudgedWeights(model, start=of(4.0), start_share=0.5)

    def validate():
        with weights.in_place():
            raise RuntimeError("validation broke")

    with pytest.raises(RuntimeError, match="validation"):
        validate()
    assert value(model.get_weights()) == 8


def test_the_average_moves_by_its_share_towards_the_weights(model):
    weights = JudgedWeights(model, 0.75, updates=1000)
    model.set_weights(of(4.0))
    weights.update()
    assert value(weights.average) == 7  # 0.75 * 8 + 0.25 * 4
    weights.update()
    assert value(weights.average) == 6.25


def test_where_no_average_is_asked_for_none_is_kept(model):
    weights = JudgedWeights(model)
    weights.update()
    assert weights.average == []


def test_of_the_weights_at_the_start_little_is_left_after_a_few_steps(model):
    weights = JudgedWeights(model, 0.99)
    model.set_weights(of(0.0))
    left = []
    for _ in range(4):
        weights.update()
        left.append(value(weights.average) / 8)
    # The shares that are kept: 1/10, 2/11, 3/12, 4/13.
    assert left == pytest.approx([0.1, 0.018182, 0.0045455, 0.0013986], rel=1e-4)


def test_the_share_grows_to_what_is_asked_for_and_no_further(model):
    def kept(updates):
        weights = JudgedWeights(model, 0.99, [np.array([[1.0]], np.float32)], updates)
        model.set_weights(of(0.0))
        weights.update()
        return value(weights.average)

    assert kept(90) == pytest.approx(0.91)  # 91 / 100
    assert kept(890) == pytest.approx(0.99)  # 891 / 900
    assert kept(5000) == pytest.approx(0.99)


def test_the_average_goes_on_from_where_it_was(model):
    def moved(weights, through):
        for number in through:
            model.set_weights(of(number))
            weights.update()
        return weights.average

    whole = moved(JudgedWeights(model, 0.9), [8.0, 2.0, 5.0, 3.0])
    model.set_weights(of(8.0))
    half = moved(JudgedWeights(model, 0.9), [8.0, 2.0])
    assert moved(JudgedWeights(model, 0.9, half, updates=2), [5.0, 3.0]) == whole
