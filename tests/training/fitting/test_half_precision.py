"""Half precision is used only during training."""

from dataclasses import replace

import numpy as np
import pytest

from btgui.engine.errors import Cancelled
from btgui.engine.training_runs.events import Command, DeviceKnown, EpochDone, StepDone
from tests.training.conftest import RECIPE, Teller
from training.__main__ import main
from training.control import Control
from training.fitting.checkpoints import Checkpoints
from training.fitting.network_fit import compile_model
from training.fitting.probe import probe
from training.fitting.run import fit

pytestmark = [
    pytest.mark.usefixtures("eagerly", "every_step_is_told"),
    pytest.mark.filterwarnings("ignore:Even though the `tf.config"),
]


@pytest.fixture
def computed_in(monkeypatch):
    """Pretend that there is a GPU; the list receives the dtypes of each compiled model."""
    import keras

    found = []

    def look(model, *arguments, **named):
        found.append({layer.dtype_policy.compute_dtype for layer in model.layers})
        compile_model(model, *arguments, **named)

    for module in ("network_fit", "probe"):
        monkeypatch.setattr(f"training.fitting.{module}.compile_model", look)
    monkeypatch.setattr(
        "training.fitting.network_fit.device", lambda: DeviceKnown("gpu", "some GPU")
    )
    yield found
    assert keras.config.dtype_policy().name == "float32"


@pytest.mark.parametrize("half", [True, False])
def test_a_network_fitted_in_half_precision_is_saved_in_single(
    request_for, tmp_path, computed_in, half
):
    import keras

    pack = fit(request_for(recipe=replace(RECIPE, mixed_precision=half)), tmp_path / "w", Teller())
    (fitted,) = computed_in
    assert ("float16" in fitted) == half
    loaded = keras.saving.load_model(pack.model_file, compile=False)
    assert {layer.dtype_policy.compute_dtype for layer in loaded.layers} == {"float32"}


@pytest.mark.parametrize("half", [True, False])
def test_the_time_of_a_step_is_measured_in_the_precision_that_is_asked_for(
    tiny_architecture, computed_in, half
):
    recipe = replace(RECIPE, mixed_precision=half, batch_size=2)
    assert probe(tiny_architecture, recipe, 2, Control()).training > 0
    (timed,) = computed_in
    assert ("float16" in timed) == half


@pytest.mark.parametrize("half", [True, False])
def test_probe_measures_half_precision_where_it_is_asked_for(tiny_architecture, computed_in, half):
    options = ["--half-precision"] if half else []
    assert main(["probe", "--architecture", "tiny", "--batch-size", "2", *options]) == 0
    assert ("float16" in computed_in[-1]) == half


def test_probe_says_that_half_precision_takes_a_gpu(tiny_architecture, capsys):
    options = ["--architecture", "tiny", "--batch-size", "2", "--half-precision"]
    assert main(["probe", *options]) == 0
    assert "needs a GPU; these steps ran in full precision" in capsys.readouterr().err


def test_a_resumed_run_goes_on_with_the_optimiser_s_own_count(request_for, tmp_path, monkeypatch):
    """Steps that overflow in half precision change nothing, and do not count."""
    optimizers = []

    def overflowing(model, *arguments, **named):
        compile_model(model, *arguments, **named)
        model.optimizer.initial_scale = 2.0**60
        optimizers.append(model.optimizer)

    monkeypatch.setattr("training.fitting.network_fit.compile_model", overflowing)
    monkeypatch.setattr(
        "training.fitting.network_fit.device", lambda: DeviceKnown("gpu", "some GPU")
    )
    control = Control()
    teller = Teller(lambda event: isinstance(event, EpochDone) and control.tell(Command.STOP))
    request = request_for(recipe=replace(RECIPE, mixed_precision=True))
    with pytest.raises(Cancelled):
        fit(request, tmp_path / "work", teller, control)
    fit(request, tmp_path / "work", Teller(), resume=True)
    assert [int(one.iterations) for one in optimizers] == [0, 0]
    assert float(optimizers[1].dynamic_scale) < float(optimizers[0].dynamic_scale) < 2.0**60


@pytest.mark.parametrize("first", ["gpu", "cpu"])
def test_a_run_goes_on_where_there_is_no_gpu_any_more_or_there_is_one_now(
    request_for, tmp_path, monkeypatch, first
):
    def trains_on(kind):
        monkeypatch.setattr(
            "training.fitting.network_fit.device", lambda: DeviceKnown(kind, "pretended")
        )

    control = Control()
    teller = Teller(lambda event: isinstance(event, EpochDone) and control.tell(Command.STOP))
    request = request_for(recipe=replace(RECIPE, mixed_precision=True))
    trains_on(first)
    with pytest.raises(Cancelled):
        fit(request, tmp_path / "work", teller, control)
    checkpoints = Checkpoints(tmp_path / "work")
    before = checkpoints.load().optimizer
    trains_on({"gpu": "cpu", "cpu": "gpu"}[first])
    control = Control()
    teller = Teller(lambda event: isinstance(event, StepDone) and control.tell(Command.STOP))
    with pytest.raises(Cancelled):
        fit(request, tmp_path / "work", teller, control, resume=True)
    after = checkpoints.load().optimizer
    assert len(after) != len(before)  # the scale of the loss is of half precision alone
    shared = min(len(after), len(before))
    for kept, moved in zip(before[-shared:], after[-shared:], strict=True):
        assert kept.shape == moved.shape
        if kept.ndim == 4:  # a tenth of a moment goes with a step
            assert np.corrcoef(kept.ravel(), moved.ravel())[0, 1] > 0.5


def test_without_a_gpu_it_is_said_that_precision_is_full(request_for, tmp_path, monkeypatch):
    monkeypatch.setattr(
        "training.fitting.network_fit.device", lambda: DeviceKnown("cpu", "some processor")
    )
    teller, control = Teller(), Control()
    teller.at_event = lambda event: isinstance(event, StepDone) and control.tell(Command.STOP)
    request = request_for(recipe=replace(RECIPE, mixed_precision=True, epochs=1))
    with pytest.raises(Cancelled):
        fit(request, tmp_path / "work", teller, control)
    assert any("Mixed precision needs a GPU" in text for text in teller.said)
