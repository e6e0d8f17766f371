import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from btgui.engine.errors import ModelPackError
from btgui.engine.feature_grid import FeatureGrid
from btgui.engine.models.card import GradCamStage
from btgui.engine.models.pack import ModelPack
from btgui.engine.runtimes.keras_graph import read_graph
from btgui.engine.runtimes.openvino_graph import OpenVinoGraph
from btgui.engine.runtimes.openvino_layers import UnknownLayerError
from btgui.engine.runtimes.openvino_library import load_openvino
from btgui.engine.runtimes.openvino_runtime import OpenVinoRuntime

ODD = FeatureGrid.even((3, 5))


@pytest.fixture
def runtime(tiny_pack):
    opened = OpenVinoRuntime(tiny_pack)
    yield opened
    opened.close()


def changed(pack, **changes):
    return OpenVinoRuntime(ModelPack(pack.folder, replace(pack.card, **changes)))


def test_it_says_what_tensorflow_says(runtime, tiny_runtime, inputs):
    assert runtime.logits(inputs) == pytest.approx(tiny_runtime.logits(inputs), abs=1e-5)


def test_a_batch_gives_what_its_scans_give_one_by_one(runtime, inputs):
    singly = np.concatenate([runtime.logits(inputs[i : i + 1]) for i in range(len(inputs))])
    assert singly == pytest.approx(runtime.logits(inputs), abs=1e-5)
    assert singly.dtype == np.float32


def test_a_long_batch_keeps_its_order(runtime, inputs):
    order = np.random.default_rng(0).integers(len(inputs), size=300)  # more than run at once
    assert runtime.logits(inputs[order]) == pytest.approx(runtime.logits(inputs)[order], abs=1e-5)


def test_a_call_that_fails_leaves_nothing_busy_for_the_next(runtime, inputs, monkeypatch):
    kind, busy = load_openvino().InferRequest, []
    start = kind.start_async

    def note(request, scan):
        assert not any(one is request for one in busy)
        busy.append(request)
        start(request, scan)

    def fail(_request):
        raise RuntimeError("the device is lost")

    with monkeypatch.context() as patched:
        patched.setattr(kind, "start_async", note)
        patched.setattr(kind, "wait", fail)
        for _ in range(2):
            with pytest.raises(RuntimeError, match="lost"):
                runtime.logits(inputs)
    assert runtime.logits(inputs).shape == (len(inputs), 4)


def test_openvino_s_threads_have_nothing_of_python_s_to_let_go_of(runtime, inputs, monkeypatch):
    """A thread that needs Python's lock for this would deadlock with the closing of the model."""

    def refuse(*_):
        pytest.fail("a callback")

    openvino = load_openvino()
    for kind in (openvino.AsyncInferQueue, openvino.InferRequest):
        monkeypatch.setattr(kind, "set_callback", refuse)
    assert runtime.logits(inputs).shape == (len(inputs), 4)


def test_nothing_is_computed_on_the_caller_s_thread(runtime, inputs, monkeypatch):
    """OpenVINO keeps data on a thread that computes, and writes to freed memory when it ends."""

    def refuse(*_, **__):
        pytest.fail("computed here")

    openvino = load_openvino()
    monkeypatch.setattr(openvino.CompiledModel, "__call__", refuse)
    monkeypatch.setattr(openvino.CompiledModel, "infer_new_request", refuse)
    monkeypatch.setattr(openvino.InferRequest, "infer", refuse)
    assert runtime.logits(inputs[:1]).shape == (1, 4)
    assert runtime.stage_maps(inputs[0], 0, "grad_cam")


def test_an_answer_is_not_changed_by_the_next_one(runtime, inputs):
    first = runtime.logits(inputs[:1])
    kept = first.copy()
    runtime.logits(inputs[1:2])
    assert np.array_equal(first, kept)


@pytest.mark.parametrize("method", ["grad_cam", "grad_cam_plus_plus"])
@pytest.mark.parametrize("target", range(4))
def test_its_maps_are_tensorflow_s(runtime, tiny_runtime, inputs, target, method):
    ours = runtime.stage_maps(inputs[0], target, method)
    theirs = tiny_runtime.stage_maps(inputs[0], target, method)
    assert len(ours) == len(theirs) == 5
    for one, other in zip(ours, theirs, strict=True):
        assert one.any() == other.any()
        assert one == pytest.approx(other, abs=1e-4)


def test_warming_up_says_how_long_one_scan_takes_and_what_runs_it(runtime):
    assert 0 < runtime.warm_up() < 60_000
    assert runtime.device.kind == "cpu"
    assert runtime.device.name
    assert runtime.device.runtime.startswith("OpenVINO 20")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"stages": (GradCamStage("Stage 1", "none"),)}, "lacks the layers none"),
        ({"stages": (GradCamStage("Stage 1", "logits"),)}, "expected logits to have activations"),
        ({"stages": (GradCamStage("Stage 1", "stage1", ODD),)}, "3 x 5 cells, received"),
        ({"logits_layer": "none"}, "lacks the layers none"),
        ({"classes": ("a", "b"), "display_names": ("A", "B")}, "expected 2 classes, received 4"),
    ],
)
def test_a_network_that_does_not_fit_its_card_is_refused(tiny_pack, changes, words):
    with pytest.raises(ModelPackError, match=words):
        changed(tiny_pack, **changes).load()


def test_a_network_of_another_input_size_is_refused(tiny_pack):
    size = replace(tiny_pack.card.preprocessing, input_height=48)
    with pytest.raises(ModelPackError, match="expected input"):
        changed(tiny_pack, preprocessing=size).load()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda layer: replace(layer, inputs=()),
        lambda layer: replace(layer, inputs=("nobody",)),
        lambda layer: replace(layer, weights=()),
        lambda layer: replace(layer, config={}),
        lambda layer: replace(layer, config=layer.config | {"strides": "wide"}),
    ],
    ids=["no input", "unknown input", "no weights", "no settings", "odd setting"],
)
def test_a_spoilt_layer_is_refused_in_words(tiny_pack, spoil):
    layers = read_graph(tiny_pack.model_file)
    place = next(i for i, layer in enumerate(layers) if layer.kind == "Conv2D")
    layers[place] = spoil(layers[place])
    with pytest.raises(UnknownLayerError, match=layers[place].name):
        OpenVinoGraph(layers, tiny_pack.card)


def test_ctrl_c_is_heeded_after_two_models_were_closed(tiny_pack):
    script = (
        "import signal, sys; from pathlib import Path\n"
        "from btgui.engine.models.pack import open_pack\n"
        "from btgui.engine.runtimes.openvino_runtime import OpenVinoRuntime\n"
        "models = [OpenVinoRuntime(open_pack(Path(sys.argv[1]))) for _ in range(2)]\n"
        "for model in models: model.load()\n"
        "while models: models.pop(0).close()\n"
        "del model\n"
        "signal.signal(signal.SIGINT, lambda *_: print('heeded'))\n"
        "signal.raise_signal(signal.SIGINT)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tiny_pack.folder)], capture_output=True, check=False
    )
    assert (done.stdout.split(), done.returncode) == ([b"heeded"], 0)


def test_stage_means_are_those_that_keras_computes(runtime, tiny_runtime, tiny_pack, inputs):
    ours, theirs = runtime.outputs(inputs).stage_means, tiny_runtime.outputs(inputs).stage_means
    assert len(ours) == len(theirs) == len(tiny_pack.card.stages)
    for mine, expected in zip(ours, theirs, strict=True):
        assert mine == pytest.approx(expected, rel=1e-4, abs=1e-5)
    alone = runtime.outputs(inputs[:1]).stage_means
    assert alone[-1] == pytest.approx(ours[-1][:1], rel=1e-4, abs=1e-5)


def test_stage_means_are_means_over_the_picture(tiny_runtime, tiny_network, tiny_pack, inputs):
    import keras

    last = tiny_network.get_layer(tiny_pack.card.stages[-1].layer)
    activations = np.asarray(keras.Model(tiny_network.input, last.output)(inputs))
    means = tiny_runtime.outputs(inputs).stage_means[-1]
    assert means == pytest.approx(activations.mean(axis=(1, 2)), rel=1e-4, abs=1e-5)
