"""A model trained on another back end of Keras, killed and resumed, is read by the app."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from btgui.engine.analysis import Analyser
from btgui.engine.models.pack import open_pack
from btgui.engine.runtimes.choice import create_runtime
from btgui.engine.runtimes.reference_check import check_reference
from btgui.engine.training_runs.events import Ended, EpochDone, StepDone, from_line

ROOT = Path(__file__).resolve().parents[3]


def installed(package: str) -> bool:
    return importlib.util.find_spec(package) is not None


@pytest.fixture(params=["torch", "jax"])
def back_end(request) -> str:
    if not installed(request.param):
        pytest.skip(f"needs {request.param}, which is not installed here")
    return request.param


@pytest.fixture
def start(back_end, four_classes, tmp_path):
    """Return a function that starts the training command, and the file of its standard error."""
    command = [
        *(sys.executable, "-m", "training", "fit", str(four_classes), "--weights", "none"),
        *("--validation-fraction", "0.25", "--epochs", "2", "--batch-size", "8"),
        *("--architecture", "mobilenetv2", "--events", "--output", str(tmp_path / "model")),
    ]
    environment = os.environ | {"KERAS_BACKEND": back_end}

    def begin(*options):
        with (tmp_path / "errors.txt").open("w", encoding="utf-8") as errors:
            return subprocess.Popen(
                [*command, *options],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )

    return begin


@pytest.mark.timeout(600)
def test_a_model_trained_on_another_back_end_is_read_by_the_application(
    back_end, start, four_classes, tmp_path
):
    with start() as run:
        events = (event for line in run.stdout if (event := from_line(line)))
        first = next((event for event in events if isinstance(event, EpochDone)), None)
        assert first, (tmp_path / "errors.txt").read_text()
        run.kill()
    with start("--resume") as run:
        events = [event for line in run.stdout if (event := from_line(line))]
    assert run.returncode == 0, (tmp_path / "errors.txt").read_text()
    steps = [event for event in events if isinstance(event, StepDone)]
    assert {step.epoch for step in steps} == {2}  # the first is not done twice
    assert events[-1] == Ended("succeeded", pack=str(tmp_path / "model"))

    pack = open_pack(tmp_path / "model")
    assert pack.card.library_versions["backend"] == back_end
    losses = pack.card.training["history"]["loss"]
    assert (len(losses), losses[0]) == (2, pytest.approx(first.loss, abs=1e-4))
    # The card holds that back end's results, which the app's runtimes must reproduce.
    assert pack.card.reference_logits
    runtimes = ["openvino", *(["tensorflow"] if installed("tensorflow") else [])]
    for runtime in runtimes:
        check_reference(pack.card, create_runtime(pack, runtime).logits)
    analyser = Analyser(pack)
    analysis = analyser.explain(analyser.read(next(four_classes.rglob("*.png"))))
    assert sum(analysis.prediction.probabilities) == pytest.approx(1, abs=1e-5)
    assert len(analysis.explanation.stages) == 5


def passes_with(back_end, folder, *arguments):
    """Run tests in a process that uses another back end."""
    # JAX compiles a network as soon as it is built again, which takes longer than to train it.
    compiled_once = {
        "JAX_COMPILATION_CACHE_DIR": str(folder),
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
        "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1",
    }
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments],
        cwd=ROOT,
        env=os.environ | {"KERAS_BACKEND": back_end} | compiled_once,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_another_back_end_normalises_batches_as_keras_does(back_end, tmp_path):
    if back_end == "jax":
        pytest.skip("its compiler joins the operations; Keras' own layers are kept")
    passes_with(back_end, tmp_path, "tests/training/networks/test_fused_normalization.py")


@pytest.mark.timeout(600)
def test_on_another_back_end_a_run_gone_on_with_ends_as_an_uninterrupted_one(back_end, tmp_path):
    """Dropout masks are the same too."""
    passes_with(
        back_end, tmp_path, "tests/training/fitting/test_resume.py", "-k", "uninterrupted_one"
    )


# PyTorch's meta device refuses, like a GPU, to be mixed with NumPy arrays.
ON_A_DEVICE_OF_ITS_OWN = """
import keras
from btgui.engine.training_request import RECOMMENDED
from training.fitting.judged_weights import JudgedWeights
from training.fitting.probe import compiled_model, random_batch
with keras.device("meta"):
    model = compiled_model("mobilenetv2", RECOMMENDED, 4, fused=False)
    model.test_step(random_batch(model, 2))
    JudgedWeights(model, 0.99, model.weights).update()
"""


def test_losses_figures_and_averages_are_computed_where_the_network_is(back_end):
    if back_end == "jax":
        pytest.skip("JAX moves arrays to its GPU by itself")
    done = subprocess.run(
        [sys.executable, "-c", ON_A_DEVICE_OF_ITS_OWN],
        cwd=ROOT,
        env=os.environ | {"KERAS_BACKEND": back_end},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
