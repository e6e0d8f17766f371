import numpy as np
import pytest

from training.fitting.judged_weights import JudgedWeights
from training.fitting.weight_average import WeightAverage


def of(number):
    return [np.array([[number]], np.float32)]


@pytest.fixture
def model():
    import keras

    made = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    made.set_weights(of(8.0))
    return made


def judged(model, *arguments):
    """The weight by which the model is judged."""
    with JudgedWeights(model, *arguments).in_place():
        seen = model.get_weights()[0].item()
    assert model.get_weights()[0].item() == 8
    return seen


def test_without_an_average_and_a_start_they_are_the_model_s_own(model):
    assert judged(model) == 8


def test_they_are_the_average_where_one_is_kept(model):
    assert judged(model, WeightAverage(model, 0.5, of(1.0))) == 1


def test_the_start_has_its_share(model):
    assert judged(model, None, of(4.0), 0.25) == 7  # 0.25 * 4 + 0.75 * 8
    assert judged(model, WeightAverage(model, 0.5, of(2.0)), of(4.0), 0.75) == 3.5


def test_the_model_has_its_own_again_after_a_failure(model):
    weights = JudgedWeights(model, None, of(4.0), 0.5)

    def validate():
        with weights.in_place():
            raise RuntimeError("validation broke")

    with pytest.raises(RuntimeError, match="validation"):
        validate()
    assert model.get_weights()[0].item() == 8
