import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from btgui.engine.training_runs.events import DeviceKnown
from training.fitting import steps
from training.fitting.checkpoints import Kept
from training.fitting.steps import padded

ROOT = Path(__file__).resolve().parents[3]
# Two logical devices must be asked for before a back end has begun: hence a process of its own.
_SCRIPT = """
from contextlib import nullcontext
import keras, numpy as np
from training.fitting import steps
from training.fitting.checkpoints import Kept
from btgui.engine.training_runs.events import DeviceKnown

if keras.backend.backend() == "tensorflow":
    import tensorflow as tf

    (cpu,) = tf.config.list_physical_devices("CPU")
    tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
    several = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"]).scope
else:
    several = keras.distribution.DataParallel().scope

for count in (1, 2):
    steps.device = lambda: DeviceKnown("gpu", "pretended", count)
    keras.utils.set_random_seed(1)
    with several() if count > 1 else nullcontext():
        entry = keras.Input((8,))
        hidden = keras.layers.Dense(16, activation="relu")(entry)
        model = keras.Model(entry, {"logits": keras.layers.Dense(3, name="logits")(hidden)})
        model.compile(
            optimizer=keras.optimizers.AdamW(1e-2),
            loss={"logits": keras.losses.CategoricalCrossentropy(from_logits=True)},
            weighted_metrics={"logits": [keras.metrics.CategoricalAccuracy(name="accuracy")]},
        )
        train, measure = steps.training_step(model), steps.measuring_step(model)
        generator = np.random.default_rng(0)
        for size in (8, 8, 7, 8, 1, 8):
            inputs = generator.normal(size=(size, 8)).astype(np.float32)
            targets = np.eye(3, dtype=np.float32)[generator.integers(0, 3, size)]
            weights = generator.uniform(0.5, 1.5, size).astype(np.float32)
            batch = inputs, {"logits": targets}, {"logits": weights}
            print(float(train(batch)["loss"]), float(measure(batch)["loss"]))
        kept = Kept.of(model, [])
        print(*(float(abs(array).sum()) for array in (*kept.weights, *kept.optimizer)))
"""


@pytest.mark.parametrize("back_end", ["tensorflow", "jax"])
def test_two_devices_train_measure_and_are_kept_as_one(back_end):
    """Also with partial batches, whose size is odd."""
    if importlib.util.find_spec(back_end) is None:
        pytest.skip(f"needs {back_end}, which is not installed here")
    two = {"KERAS_BACKEND": back_end, "XLA_FLAGS": "--xla_force_host_platform_device_count=2"}
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT],
        cwd=ROOT,
        env=os.environ | two,
        capture_output=True,
        text=True,
        check=False,
        timeout=200,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    said = [[float(word) for word in line.split()] for line in done.stdout.splitlines()]
    assert len(said) == 14
    for of_one, of_two in zip(said[:7], said[7:], strict=True):
        assert of_two == pytest.approx(of_one, rel=1e-4)


def test_a_resumed_half_precision_run_keeps_its_loss_scale_on_several_gpus(monkeypatch):
    import keras

    # Under TensorFlow's default strategy, which has one replica, the step is the same.
    monkeypatch.setattr(steps, "device", lambda: DeviceKnown("gpu", "pretended", 2))
    inputs, targets = np.ones((2, 3), np.float32), {"logits": np.eye(2, dtype=np.float32)}
    batch = inputs, targets, {"logits": np.ones(2, np.float32)}

    def made():
        entry = keras.Input((3,))
        model = keras.Model(entry, {"logits": keras.layers.Dense(2, name="logits")(entry)})
        optimizer = keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD(1e-2))
        model.compile(optimizer, {"logits": keras.losses.CategoricalCrossentropy(from_logits=True)})
        return model

    first = made()
    steps.training_step(first)(batch)
    first.optimizer.dynamic_scale.assign(4096.0)
    kept = Kept.of(first, [])
    resumed = made()
    kept.give_to(resumed, with_optimizer=True)
    steps.training_step(resumed)(batch)
    assert float(resumed.optimizer.dynamic_scale) == 4096.0
    assert len(Kept.of(resumed, []).optimizer) == len(kept.optimizer)


def test_a_padded_batch_has_the_mean_of_the_batch():
    generator = np.random.default_rng(1)
    values, weights = generator.random((5, 2)), generator.random(5).astype(np.float32)
    inputs, targets, heavier = padded((values, {"a": values}, {"a": weights}), 4)
    assert len(inputs) == len(targets["a"]) == 8
    assert np.array_equal(inputs[:5], values)
    before = (values[:, 0] * weights).mean()
    assert (inputs[:, 0] * heavier["a"]).mean() == pytest.approx(before)


def test_a_batch_that_divides_stays_as_it_is():
    batch = (np.ones((4, 2)), {"a": np.ones(4)}, {"a": np.ones(4, np.float32)})
    assert padded(batch, 2) is batch
