"""The head alone is trained first, then all layers that are not frozen."""

from dataclasses import replace

import numpy as np
import pytest

from btgui.engine.training_runs.events import Command, EpochDone, StepDone
from tests.training.conftest import RECIPE, Teller
from training.control import Control
from training.fitting.checkpoints import Checkpoints
from training.fitting.loop import FittingLoop
from training.fitting.network_fit import compile_model
from training.fitting.run import fit
from training.networks.architectures import build_network

pytestmark = [
    pytest.mark.usefixtures("every_step_is_told", "eagerly"),
    pytest.mark.filterwarnings("ignore:Even though the `tf.config"),
]


def test_the_head_alone_is_trained_first_where_asked(request_for, tmp_path):
    recipe = replace(RECIPE, head_epochs=1, weight_average_momentum=None)
    work, seen = tmp_path / "work", []

    def look(event):
        if isinstance(event, EpochDone):
            seen.append(Checkpoints(work).load().weights)

    fit(request_for(recipe=recipe), work, Teller(look))
    import keras

    keras.utils.set_random_seed(1)
    start = build_network("tiny", 4, weights="none", dropout=0.0, batch_norm_momentum=0.9)
    names = [weight.path for weight in start.weights]
    for name, before, head_only, after in zip(names, start.get_weights(), *seen, strict=True):
        assert np.array_equal(before, head_only) == ("logits" not in name), name
        assert not np.array_equal(head_only, after), name


def judged_worse(monkeypatch, losses):
    """Make validation return the given losses, one per epoch."""
    given = iter(losses)
    monkeypatch.setattr(FittingLoop, "_measure", lambda _loop: (next(given), 0.5))


def test_patience_begins_when_the_head_has_had_its_epochs(
    request_for, tmp_path, teller, monkeypatch
):
    recipe = replace(RECIPE, epochs=9, head_epochs=3, patience=2)
    # The best epoch of all is the head's first; the fourth and fifth are not better.
    judged_worse(monkeypatch, [1.0, 1.1, 1.2, 1.3, 1.4, 1.5])
    iterations, compiled = [], compile_model

    def look(model, *arguments, head_only, **named):
        compiled(model, *arguments, head_only=head_only, **named)
        iterations.append((head_only, model))

    monkeypatch.setattr("training.fitting.network_fit.compile_model", look)
    pack = fit(request_for(recipe=recipe), tmp_path / "work", teller)
    assert [head_only for head_only, _ in iterations] == [True, False]
    assert int(iterations[1][1].optimizer.iterations) == 2 * 3  # two epochs of three steps
    assert len(pack.card.training["history"]["loss"]) == 3 + 2
    assert teller.said.count("No improvement for 2 epochs: the training ends early.") == 1
    assert [event.best for event in teller.of(EpochDone)] == [True, False, False, False, False]


def test_the_head_has_no_more_epochs_than_the_whole_fit(request_for, tmp_path, teller):
    recipe = replace(RECIPE, epochs=1, head_epochs=3)
    fit(request_for(recipe=recipe), tmp_path / "work", teller)
    assert [(event.epoch, event.epochs) for event in teller.of(EpochDone)] == [(1, 1)]


def test_told_to_finish_while_the_head_is_trained_it_begins_no_second_stage(
    request_for, tmp_path, monkeypatch
):
    control, stages, compiled = Control(), [], compile_model

    def look(model, *arguments, head_only, **named):
        stages.append(head_only)
        compiled(model, *arguments, head_only=head_only, **named)

    monkeypatch.setattr("training.fitting.network_fit.compile_model", look)
    teller = Teller(lambda event: isinstance(event, StepDone) and control.tell(Command.FINISH))
    recipe = replace(RECIPE, epochs=4, head_epochs=3)
    fit(request_for(recipe=recipe), tmp_path / "work", teller, control)
    assert stages == [True]
    assert len(teller.of(EpochDone)) == 1
