"""Small data sets of synthetic heads, and other fixtures of the training tests."""

from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from btgui.engine.training_request import RECOMMENDED, TrainingRequest
from training.networks.architectures import ARCHITECTURES, Architecture


def draw_head(seed: int, *, tumour: bool, size: int = 96) -> np.ndarray:
    """Draw a textured ellipse, different for every seed, with a bright blob if requested."""
    generator = np.random.default_rng(seed)
    picture = np.zeros((size, size), np.uint8)
    centre = (
        size // 2 + int(generator.integers(-4, 5)),
        size // 2 + int(generator.integers(-4, 5)),
    )
    axes = (int(generator.integers(28, 38)), int(generator.integers(34, 44)))
    cv2.ellipse(picture, centre, axes, float(generator.uniform(0, 180)), 0, 360, 110, -1)
    texture = cv2.resize(generator.normal(0, 30, (8, 8)), (size, size))
    picture = np.where(picture > 0, np.clip(picture + texture, 50, 255), 0).astype(np.uint8)
    if tumour:
        blob = (
            centre[0] + int(generator.integers(-12, 12)),
            centre[1] + int(generator.integers(-12, 12)),
        )
        cv2.circle(picture, blob, 8, 250, -1)
    return picture


@pytest.fixture
def small_dataset(tmp_path: Path) -> Path:
    """Training and Testing with two classes; one test scan copies a training scan, mirrored."""
    folder = tmp_path / "scans"
    for split, count, offset in (("Training", 14, 0), ("Testing", 4, 500)):
        for label, tumour in (("tumour", True), ("healthy", False)):
            place = folder / split / label
            place.mkdir(parents=True)
            for index in range(count):
                seed = offset + index + (100 if tumour else 0)
                cv2.imwrite(str(place / f"{index:02d}.png"), draw_head(seed, tumour=tumour))
    copied = cv2.imread(str(folder / "Training" / "tumour" / "03.png"), cv2.IMREAD_GRAYSCALE)
    cv2.imwrite(
        str(folder / "Testing" / "tumour" / "00.png"), np.ascontiguousarray(copied[:, ::-1])
    )
    return folder


HEADS, SLICES = 12, 4


def write_heads(folder, seed):
    """Write slices numbered head by head; two slices of one head correlate by about 0.85."""
    folder.mkdir(parents=True)
    generator = np.random.default_rng(seed)

    def pattern():
        return cv2.resize(generator.normal(size=(16, 16)), (64, 64), interpolation=cv2.INTER_CUBIC)

    for head in range(HEADS):
        common = pattern()
        for number in range(SLICES):
            picture = np.clip(128 + 40 * (common + 0.4 * pattern()), 0, 255).astype(np.uint8)
            cv2.imwrite(str(folder / f"IM-{head * SLICES + number:04d}.png"), picture)


SPOT_CENTRES = {
    "glioma": (-14, -14),
    "meningioma": (14, -14),
    "notumor": None,
    "pituitary": (0, 18),
}


@pytest.fixture
def four_classes(tmp_path: Path) -> Path:
    """Eight training and two test scans per class; the class determines the place of a bright spot."""
    return draw_four_classes(tmp_path / "four")


def draw_four_classes(folder: Path) -> Path:
    """Draw that data set into a folder and return it."""
    for number, (label, spot) in enumerate(SPOT_CENTRES.items()):
        for split, count, offset in (("Training", 8, 0), ("Testing", 2, 5000)):
            place = folder / split / label
            place.mkdir(parents=True)
            for index in range(count):
                picture = draw_head(offset + 100 * number + index, tumour=False)
                if spot:
                    cv2.circle(picture, (48 + spot[0], 48 + spot[1]), 8, 250, -1)
                cv2.imwrite(str(place / f"{index:02d}.png"), picture)
    return folder


def tiny_net(*, include_top, weights, input_shape):
    """Build a base network of five small stages, like the functions of keras.applications."""
    import keras

    assert include_top is False
    inputs = features = keras.Input(input_shape)
    for number in range(1, 6):
        # Without a bias: before a normalisation its gradient is rounding alone, which Adam would make large.
        convolution = keras.layers.Conv2D(4 + number, 3, strides=2, padding="same", use_bias=False)
        features = keras.layers.BatchNormalization()(convolution(features))
        features = keras.layers.ReLU(name=f"stage{number}")(features)
    network = keras.Model(inputs, features)
    if weights is not None:
        network.load_weights(weights)
    return network


TINY = Architecture(
    "Tiny", "TinyNet", 64, "minus_one_to_one", tuple(f"stage{number}" for number in range(1, 6))
)


def train_with_tiny(arguments: list[str]) -> int:
    """Run a training command eagerly in a process that also knows the tiny network."""
    import keras

    from training.__main__ import main

    keras.applications.TinyNet = tiny_net
    ARCHITECTURES["tiny"] = TINY
    with not_compiled():
        return main(arguments)


@pytest.fixture
def tiny_architecture(monkeypatch) -> str:
    """Add the tiny network, for 64 by 64 pixels, to the known architectures; return its name."""
    return know_tiny(monkeypatch)


def know_tiny(monkeypatch: pytest.MonkeyPatch) -> str:
    """Add the tiny network to the known architectures; return its name."""
    import keras

    monkeypatch.setattr(keras.applications, "TinyNet", tiny_net, raising=False)
    monkeypatch.setitem(ARCHITECTURES, "tiny", TINY)
    return "tiny"


@pytest.fixture
def said() -> list[str]:
    """A list of progress messages; pass ``said.append`` as the reporter."""
    return []


class Teller:
    """A reporter that keeps all messages and events, and may act on an event."""

    def __init__(self, at_event=lambda _event: None):
        self.said, self.events, self.at_event = [], [], at_event

    def __call__(self, text):
        self.said.append(text)

    def emit(self, event):
        self.events.append(event)
        self.at_event(event)

    def of(self, kind):
        return [event for event in self.events if isinstance(event, kind)]


@pytest.fixture
def teller():
    return Teller()


@pytest.fixture
def events_told(monkeypatch, teller):
    """The reporter of a command with ``--events``, whose standard input is at its end."""
    telling = "training.commands.telling"
    monkeypatch.setattr(f"{telling}.event_lines_on_standard_output", lambda: teller)
    monkeypatch.setattr(f"{telling}.commands_on_standard_input", list)
    return teller


def weights_of(pack):
    import keras

    return keras.saving.load_model(pack.model_file, compile=False).get_weights()


@contextmanager
def not_compiled():
    """Run eagerly: compiling a network takes longer than a few of its steps.

    Where a test reads data by ``predict``, TensorFlow warns that its data sets are compiled
    all the same.
    """
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    try:
        yield
    finally:
        tf.config.run_functions_eagerly(False)


@pytest.fixture
def eagerly():
    """Run a test without compiling."""
    with not_compiled():
        yield


@pytest.fixture
def unrendered(monkeypatch):
    """Leave the files of a report's figures empty, for tests of its text."""
    monkeypatch.setattr("matplotlib.figure.Figure.savefig", lambda _, file: Path(file).touch())


@pytest.fixture
def every_step_is_told(monkeypatch):
    monkeypatch.setattr("training.fitting.loop._SECONDS_BETWEEN_EVENTS", 0.0)


# Without dropout, whose random masks do not depend on the epoch, and without bias correction, so that
# a model has the weights as trained.
RECIPE = replace(
    RECOMMENDED,
    epochs=2,
    batch_size=8,
    dropout=0.0,
    learning_rate=3e-3,
    weight_average_momentum=0.5,
    bias_correction=False,
)


@pytest.fixture
def request_for(tmp_path, four_classes, tiny_architecture):
    """Return a function that makes a request; the published protocol needs no search for copies."""

    def make(output="model", **changes) -> TrainingRequest:
        request = trial(four_classes, tmp_path / output, tiny_architecture)
        return replace(request, **changes)

    return make


def trial(dataset: Path, output: Path, architecture: str) -> TrainingRequest:
    """Return a request for a short training from the start."""
    return TrainingRequest(
        datasets=(str(dataset),),
        output=str(output),
        name="Trial",
        architecture=architecture,
        weights="none",
        protocol="published",
        validation_fraction=0.25,
        recipe=RECIPE,
    )
