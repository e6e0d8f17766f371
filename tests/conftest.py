"""What every test shares: a home of its own, the development data, a small model."""

import csv
import errno
import gc
import os
import signal
import tempfile
import threading
from dataclasses import replace
from itertools import count
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from PySide6.QtCore import QEvent, QSettings, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
from pytestqt.qtbot import QtBot

from btgui.engine.analysis import Analyser
from btgui.engine.library_warnings import silence_readers
from btgui.engine.models.card import GradCamStage, ModelCard, TestResult
from btgui.engine.models.pack import ModelPack, write_pack
from btgui.engine.notifications import subscribe
from btgui.engine.preprocessing import PreprocessingParameters
from btgui.engine.results import Analysis

# Before Qt is asked for a window: without a screen it would end the whole run.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# A shell script has what it starts in the background ignore Ctrl+C, and training leaves that so.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# pytest-qt gives up after 5 seconds: too soon on a computer that is at work for others, too.
for wait in (QtBot.waitSignal, QtBot.waitSignals, QtBot.waitUntil):
    wait.__kwdefaults__["timeout"] = 60_000

_double_click = QtBot.mouseDClick


def _double_click_and_release(*arguments, **options):
    # Qt's alone leaves the button pressed, in every test to come.
    _double_click(*arguments, **options)
    QtBot.mouseRelease(*arguments, **options)


QtBot.mouseDClick = staticmethod(_double_click_and_release)

# The same examples in every run, however long one of them takes on a busy computer.
settings.register_profile(
    "repeatable",
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("repeatable")

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
CLASSES = ("glioma", "meningioma", "notumor", "pituitary")


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """What is imported and collected stays to the end: to search it for garbage takes seconds."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup():
    """What the application silences is silent here too: pytest makes every warning an error."""
    silence_readers()


@pytest.fixture(scope="session")
def homes(tmp_path_factory):
    """Folders that are not there yet: to number them, pytest would list all it made before."""
    place = tmp_path_factory.mktemp("homes")
    return (place / str(number) for number in count())


@pytest.fixture(autouse=True)
def isolated_home(homes, monkeypatch):
    """The user's files lie in a folder of the test's own."""
    home = next(homes)
    home.mkdir()
    monkeypatch.setenv("BTGUI_HOME", str(home))
    return home


@pytest.fixture(scope="session", autouse=True)
def isolated_qt(tmp_path_factory):
    """What Qt itself remembers, for all of its programs, lies in a folder of the tests' own."""
    place = tmp_path_factory.mktemp("what Qt remembers")
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(place))


@pytest.fixture(scope="session")
def qapp_cls():
    """Tests that need an application object get the application's own."""
    from btgui.views.application import Application

    return Application


@pytest.fixture(scope="module", autouse=True)
def no_window_left():
    """A window that is closed is deleted, too: its tree would list all that later tests make."""
    yield
    for window in QApplication.topLevelWidgets():
        if isinstance(window, QMainWindow):
            window.deleteLater()
            QApplication.sendPostedEvents(window, QEvent.Type.DeferredDelete)


@pytest.fixture
def no_temporary_files(monkeypatch):
    """Nothing can be written to any folder for temporary files."""

    def refuse():
        raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found")

    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(tempfile, "_get_default_tempdir", refuse)


@pytest.fixture(autouse=True)
def no_leaked_threads():
    """A test that leaves a thread behind fails, unless it is a library's daemon."""
    before = set(threading.enumerate())
    yield
    left = [t for t in threading.enumerate() if t not in before and not t.daemon and t.is_alive()]
    for thread in left:
        thread.join(5)
    assert not [thread for thread in left if thread.is_alive()]


@pytest.fixture
def shared_data() -> Path:
    """The development data beside the checkout."""
    if not SHARED.is_dir():
        pytest.skip("needs the development data in ../shared/data")
    return SHARED


def small_network(seed: int = 0, side: int = 64):
    """Return a flat network with five stages, pooling and a dense head; weights by seed."""
    import keras

    keras.utils.set_random_seed(seed)
    inputs = keras.Input((side, side, 3))
    features = inputs
    for number in range(1, 6):
        features = keras.layers.Conv2D(4 * number, 3, strides=2, padding="same")(features)
        features = keras.layers.BatchNormalization()(features)
        features = keras.layers.ReLU(name=f"stage{number}")(features)
    pooled = keras.layers.GlobalAveragePooling2D(name="pooling")(features)
    dropped = keras.layers.Dropout(0.4)(pooled)
    logits = keras.layers.Dense(len(CLASSES), name="logits", kernel_initializer="normal")(dropped)
    return keras.Model(inputs, keras.layers.Activation("softmax", name="probabilities")(logits))


def card_for(network=None, **changes) -> ModelCard:
    """Return a complete card for :func:`small_network`; to build that for its card takes seconds."""
    side = network.input_shape[1] if network else 64
    card = ModelCard(
        format_version=1,
        id="small",
        name="Small test model",
        architecture="Small",
        classes=CLASSES,
        display_names=("Glioma", "Meningioma", "No tumour", "Pituitary tumour"),
        preprocessing=PreprocessingParameters(input_height=side, input_width=side),
        stages=tuple(GradCamStage(f"Stage {n}", f"stage{n}") for n in range(1, 6)),
        logits_layer="logits",
        temperature=1.5,
        results=(
            TestResult(
                protocol="honest",
                data="made scans",
                count=200,
                correct=190,
                accuracy=0.95,
                interval=(0.91, 0.97),
                per_class={},
                confusion=[],
            ),
        ),
        parameter_count=network.count_params() if network else 2_263_108,
        training={"request": {"protocol": "honest"}},
        dataset_fingerprint="0" * 64,
        library_versions={},
        seed=0,
        created="2026-01-01T00:00:00+00:00",
        licence="Apache-2.0",
        files={},
    )
    return replace(card, **changes)


@pytest.fixture(scope="session")
def tiny_pack(tmp_path_factory) -> ModelPack:
    """A real, small, untrained model pack; do not change its files."""
    place = tmp_path_factory.mktemp("models")
    network = small_network()
    network.save(place / "network.keras", include_optimizer=False)
    return write_pack(place / "small", card_for(network), place / "network.keras")


@pytest.fixture(scope="session")
def analysis(tiny_pack, tmp_path_factory) -> Analysis:
    """A drawn head, read and explained by the small network in this process."""
    file = write_head(tmp_path_factory.mktemp("scans") / "head.png")
    analyser = Analyser(tiny_pack)
    return analyser.explain(analyser.read(file))


@pytest.fixture
def told():
    """The messages sent during the test."""
    messages = []
    unsubscribe = subscribe(messages.append)
    yield messages
    unsubscribe()


@pytest.fixture
def scan_file(tmp_path) -> Path:
    """A drawn head as a PNG file."""
    return write_head(tmp_path / "head.png")


def write_head(file: Path, *, side: int = 128, seed: int = 0) -> Path:
    """Draw a textured head with a bright spot and write it."""

    generator = np.random.default_rng(seed)
    picture = np.zeros((side, side), np.uint8)
    cv2.ellipse(picture, (side // 2, side // 2), (side // 3, side * 2 // 5), 0, 0, 360, 120, -1)
    noise = generator.normal(0, 10, picture.shape)
    picture = np.where(picture > 0, np.clip(picture + noise, 60, 255), 0).astype(np.uint8)
    spot = (int(generator.integers(side * 2 // 5, side * 3 // 5)), side * 2 // 5)
    cv2.circle(picture, spot, side // 12, 240, -1)
    cv2.imwrite(str(file), picture)
    return file


@pytest.fixture
def make_heads(tmp_path):
    """Return a function that writes so many different drawn heads, in order of their names."""

    def make(count: int, *, side: int = 96) -> list[Path]:
        return [write_head(tmp_path / f"head-{n:02d}.png", side=side, seed=n) for n in range(count)]

    return make


@pytest.fixture
def make_pack(tmp_path):
    """Return a function that writes a pack of a network; ``changes`` go into its card."""

    def make(network, name: str = "made", **changes) -> ModelPack:
        file = tmp_path / f"{name}.keras"
        network.save(file, include_optimizer=False)
        return write_pack(tmp_path / name, card_for(network, **changes), file)

    return make


@pytest.fixture
def shut_folders(monkeypatch):
    """No folder called "shut" can be listed: an administrator, whom nothing stops, may test."""

    def refusing(look):
        def refuse(place="."):
            if Path(place).name == "shut":
                raise PermissionError(errno.EACCES, "Permission denied", str(place))
            return look(place)

        return refuse

    for name in ("scandir", "listdir"):
        monkeypatch.setattr(os, name, refusing(getattr(os, name)))


def read_table(file: Path) -> list[dict[str, str]]:
    """Return the rows of a table that was saved."""
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def when_asked(answer):
    """Call ``answer`` with the next dialog that waits for one, as soon as it is there."""

    def look():
        dialog = QApplication.activeModalWidget()
        if dialog is None:
            QTimer.singleShot(20, look)
        else:
            answer(dialog)

    QTimer.singleShot(0, look)
