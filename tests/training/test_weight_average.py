import numpy as np
import pytest

from training.weight_average import WeightAverage


@pytest.fixture
def model():
    import keras

    made = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    made.set_weights([np.array([[8.0]], np.float32)])
    return made


def value(weights):
    return weights[0].item()


def test_it_moves_by_its_share_towards_the_weights(model):
    average = WeightAverage(model, 0.75)
    model.set_weights([np.array([[4.0]], np.float32)])
    average.update()
    assert value(average.values) == 7  # 0.75 * 8 + 0.25 * 4
    average.update()
    assert value(average.values) == 6.25


def test_it_goes_on_from_where_it_was(model):
    average = WeightAverage(model, 0.5, [np.array([[0.0]], np.float32)])
    average.update()
    assert value(average.values) == 4


def test_the_model_has_it_for_a_while_and_then_its_own_weights_again(model):
    average = WeightAverage(model, 0.5, [np.array([[1.0]], np.float32)])
    seen = []

    def validate():
        with average.in_place():
            seen.append(value(model.get_weights()))
            raise RuntimeError("validation broke")

    with pytest.raises(RuntimeError, match="validation"):
        validate()
    assert seen == [1]
    assert value(model.get_weights()) == 8
