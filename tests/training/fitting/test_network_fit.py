"""What training compiles, and how steps are counted after a batch is halved."""

import weakref
from dataclasses import replace

import numpy as np
import pytest

from btgui.engine.errors import Cancelled
from btgui.engine.feature_grid import FeatureGrid, GridAxis
from btgui.engine.training_runs.events import Command, EpochDone
from tests.training.conftest import RECIPE, Teller
from training.control import Control
from training.fitting.loop import FittingLoop
from training.fitting.mask_loss import training_network
from training.fitting.network_fit import compile_model
from training.fitting.run import fit
from training.networks.architectures import build_network

pytestmark = [
    pytest.mark.usefixtures("eagerly"),
    pytest.mark.filterwarnings("ignore:Even though the `tf.config"),
]


@pytest.mark.parametrize("weight", [0.0, 0.3, 2.0])
def test_the_mask_loss_counts_by_its_weight(tiny_pack, weight):
    import keras

    model = training_network(keras.saving.load_model(tiny_pack.model_file, compile=False))
    compile_model(model, replace(RECIPE, mask_loss_weight=weight), 10)
    mask = np.zeros((1, 2, 2, 4), np.float32)
    mask[0, 0, 0, 1] = 1
    one, one_hot = np.ones(1, np.float32), np.eye(4, dtype=np.float32)[[1]]
    figures = model.test_on_batch(
        np.random.default_rng(0).uniform(-1, 1, (1, 64, 64, 3)).astype(np.float32),
        {"logits": one_hot, "activation": mask},
        {"logits": one, "activation": one},
        return_dict=True,
    )
    assert figures["activation_loss"] > 0.1
    expected = figures["logits_loss"] + weight * figures["activation_loss"]
    assert figures["loss"] == pytest.approx(expected, rel=1e-5)


def test_a_halved_batch_counts_its_steps_anew_in_the_memory_of_the_first(
    request_for, tmp_path, monkeypatch
):
    """The learning rate follows the optimiser's count: 3 steps per epoch have become 6."""
    work, control = tmp_path / "work", Control()
    first_epoch = Teller(lambda event: isinstance(event, EpochDone) and control.tell(Command.STOP))
    with pytest.raises(Cancelled):
        fit(request_for(), work, first_epoch, control)
    step, counts, too_large = FittingLoop._step, [], []

    def small_memory(loop, batch):
        if len(batch[0]) > 4:
            too_large.append(weakref.ref(loop._fit.model))
            raise MemoryError
        counts.append(int(loop._fit.model.optimizer.iterations))
        step(loop, batch)

    def building(*arguments, **named):
        assert not too_large or too_large[0]() is None
        return build_network(*arguments, **named)

    monkeypatch.setattr(FittingLoop, "_step", small_memory)
    monkeypatch.setattr("training.fitting.network_fit.build_network", building)
    fit(request_for(), work, Teller(), resume=True)
    assert counts == list(range(6, 12))


@pytest.mark.parametrize("even", [False, True])
def test_outlines_are_placed_where_cells_look_unless_those_of_the_start_are_even(
    request_for, tmp_path, monkeypatch, even
):
    found = []

    def step(loop, _batch):
        found.extend((loop._fit.train.grid, loop._fit.choosing.grid))
        raise Cancelled

    monkeypatch.setattr(FittingLoop, "_step", step)
    monkeypatch.setattr("training.fitting.material.has_even_cells", lambda _weights: even)
    with pytest.raises(Cancelled):
        fit(request_for(), tmp_path / "work", Teller())
    # The tiny network's five strides of 2 pad below and at the right only.
    looking = FeatureGrid(*[GridAxis(31.5 / 64, 0.5, 2)] * 2)
    assert found == [FeatureGrid.even((2, 2)) if even else looking] * 2
