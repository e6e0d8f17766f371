import numpy as np
import pytest

from training.fitting.weight_average import WeightAverage


@pytest.fixture
def model():
    import keras

    made = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    made.set_weights([np.array([[8.0]], np.float32)])
    return made


def value(weights):
    return weights[0].item()


def test_it_moves_by_its_share_towards_the_weights(model):
    average = WeightAverage(model, 0.75, updates=1000)
    model.set_weights([np.array([[4.0]], np.float32)])
    average.update()
    assert value(average.values) == 7  # 0.75 * 8 + 0.25 * 4
    average.update()
    assert value(average.values) == 6.25


def test_of_the_weights_at_the_start_little_is_left_after_a_few_steps(model):
    average = WeightAverage(model, 0.99)
    model.set_weights([np.array([[0.0]], np.float32)])
    left = []
    for _ in range(4):
        average.update()
        left.append(value(average.values) / 8)
    # The shares that are kept: 1/10, 2/11, 3/12, 4/13.
    assert left == pytest.approx([0.1, 0.018182, 0.0045455, 0.0013986], rel=1e-4)


def test_the_share_grows_to_what_is_asked_for_and_no_further(model):
    def kept(updates):
        average = WeightAverage(model, 0.99, [np.array([[1.0]], np.float64)], updates)
        model.set_weights([np.array([[0.0]], np.float32)])
        average.update()
        return value(average.values)

    assert kept(90) == pytest.approx(0.91)  # 91 / 100
    assert kept(890) == pytest.approx(0.99)  # 891 / 900
    assert kept(5000) == pytest.approx(0.99)


def test_it_goes_on_from_where_it_was(model):
    through = WeightAverage(model, 0.9)
    weights = [8.0, 2.0, 5.0, 3.0]
    for weight in weights:
        model.set_weights([np.array([[weight]], np.float32)])
        through.update()
    model.set_weights([np.array([[8.0]], np.float32)])
    before = WeightAverage(model, 0.9)
    for weight in weights[:2]:
        model.set_weights([np.array([[weight]], np.float32)])
        before.update()
    after = WeightAverage(model, 0.9, before.values, updates=2)
    for weight in weights[2:]:
        model.set_weights([np.array([[weight]], np.float32)])
        after.update()
    assert value(after.values) == value(through.values)
