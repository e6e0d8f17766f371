import numpy as np
import pytest

from btgui.engine.errors import Cancelled
from training.fitting.prediction import predict_batches


class Doubling:
    """A network in place of a trained one."""

    def predict_on_batch(self, inputs):
        return 2 * inputs


BATCHES = [(np.arange(3.0), None, None), (np.arange(3.0, 5.0), None, None)]


def test_every_batch_is_predicted_in_order_and_counted():
    counted = []
    outputs = predict_batches(Doubling(), BATCHES, counted.append)
    assert np.concatenate(outputs).tolist() == [0, 2, 4, 6, 8]
    assert counted == [3, 5]


def test_a_stop_ends_it_after_the_batch():
    def stop(_count):
        raise Cancelled

    with pytest.raises(Cancelled):
        predict_batches(Doubling(), BATCHES, stop)
