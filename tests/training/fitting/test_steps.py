import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from training.fitting.steps import padded

ROOT = Path(__file__).resolve().parents[3]
# Two logical devices must be asked for before TensorFlow has begun: hence a process of its own.
_SCRIPT = """
from contextlib import nullcontext
import keras, numpy as np, tensorflow as tf
from training.fitting import steps
from btgui.engine.training_runs.events import DeviceKnown

(cpu,) = tf.config.list_physical_devices("CPU")
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)

for count in (1, 2):
    steps.device = lambda: DeviceKnown("gpu", "pretended", count)
    several = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"]).scope
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
        step = steps.training_step(model)
        generator = np.random.default_rng(0)
        for size in (8, 8, 7, 8, 1, 8):
            inputs = generator.normal(size=(size, 8)).astype(np.float32)
            targets = np.eye(3, dtype=np.float32)[generator.integers(0, 3, size)]
            weights = generator.uniform(0.5, 1.5, size).astype(np.float32)
            print(step((inputs, {"logits": targets}, {"logits": weights}))["loss"])
"""


def test_two_devices_train_as_one_does():
    """Partial batches too, which do not divide by two."""
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=200,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    losses = [float(line) for line in done.stdout.splitlines()]
    assert losses[6:] == pytest.approx(losses[:6], rel=1e-5)


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
