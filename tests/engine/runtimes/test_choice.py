import ctypes
from dataclasses import replace

import numpy as np
import pytest

from btgui.engine.errors import ModelPackError
from btgui.engine.models.card import GradCamStage
from btgui.engine.results import Device
from btgui.engine.runtimes import choice, openvino_runtime, tensorflow_runtime
from btgui.engine.runtimes.choice import create_runtime
from btgui.engine.runtimes.openvino_layers import UnknownLayerError
from btgui.engine.runtimes.openvino_library import load_openvino
from btgui.engine.runtimes.openvino_runtime import OpenVinoRuntime
from btgui.engine.runtimes.reference_check import RuntimeDiffersError, reference_inputs
from btgui.engine.runtimes.tensorflow_runtime import TensorFlowRuntime


@pytest.fixture
def unusual_pack(make_pack):
    """A pack whose network has a layer that the OpenVINO runtime does not support."""
    import keras

    given = keras.Input((64, 64, 3))
    stage = keras.layers.LeakyReLU(name="stage1")(keras.layers.Conv2D(4, 3)(given))
    logits = keras.layers.Dense(4, name="logits")(
        keras.layers.GlobalAveragePooling2D(name="pooling")(stage)
    )
    network = keras.Model(given, keras.layers.Activation("softmax")(logits))
    return make_pack(network, "unusual", stages=(GradCamStage("Stage 1", "stage1"),))


def test_on_a_processor_openvino_is_chosen(tiny_pack, monkeypatch):
    monkeypatch.setattr(choice, "_tensorflow_has_a_gpu", lambda: False)
    assert isinstance(create_runtime(tiny_pack), OpenVinoRuntime)


@pytest.mark.parametrize("kind", ["gpu", "cpu"])
def test_tensorflow_is_chosen_where_it_uses_the_gpu_that_is_there(tiny_pack, monkeypatch, kind):
    monkeypatch.setattr(choice, "_tensorflow_has_a_gpu", lambda: True)
    monkeypatch.setattr(TensorFlowRuntime, "device", Device(kind, "A device"))
    runtime = create_runtime(tiny_pack)
    assert isinstance(runtime, TensorFlowRuntime if kind == "gpu" else OpenVinoRuntime)
    assert bool(runtime.device.gpu_failed) == (kind == "cpu")


def test_where_the_gpu_has_no_memory_left_the_processor_reads(tiny_pack, monkeypatch):
    import tensorflow as tf

    def full(*_arguments):
        raise tf.errors.ResourceExhaustedError(None, None, "OOM when allocating tensor")

    monkeypatch.setattr(choice, "_tensorflow_has_a_gpu", lambda: True)
    monkeypatch.setattr(tensorflow_runtime, "check_reference", full)
    runtime = create_runtime(tiny_pack)
    assert isinstance(runtime, OpenVinoRuntime)
    assert runtime.device.gpu_failed == "OOM when allocating tensor"
    with pytest.raises(tf.errors.ResourceExhaustedError):  # asked for, it is not replaced
        create_runtime(tiny_pack, "tensorflow")


def test_what_is_asked_for_by_name_is_taken(tiny_pack, monkeypatch):
    monkeypatch.setattr(choice, "_tensorflow_has_a_gpu", lambda: True)
    assert isinstance(create_runtime(tiny_pack, "openvino"), OpenVinoRuntime)
    assert isinstance(create_runtime(tiny_pack, "tensorflow"), TensorFlowRuntime)


def test_a_network_that_openvino_s_form_does_not_know_runs_on_tensorflow(unusual_pack):
    assert isinstance(create_runtime(unusual_pack), TensorFlowRuntime)
    with pytest.raises(UnknownLayerError, match="LeakyReLU"):
        create_runtime(unusual_pack, "openvino")


def test_without_nvidia_s_driver_there_is_no_gpu(monkeypatch):
    def no_driver(_name):
        raise OSError

    monkeypatch.setattr(choice.importlib.util, "find_spec", lambda _name: object())
    monkeypatch.setattr(ctypes, "CDLL", no_driver)
    assert not choice._tensorflow_has_a_gpu()


def test_a_network_that_openvino_computes_otherwise_here_goes_to_tensorflow(tiny_pack, monkeypatch):
    def differ(*_arguments):
        raise RuntimeDiffersError("differs")

    monkeypatch.setattr(choice, "_tensorflow_has_a_gpu", lambda: False)
    monkeypatch.setattr(openvino_runtime, "check_reference", differ)
    assert isinstance(create_runtime(tiny_pack), TensorFlowRuntime)
    with pytest.raises(RuntimeDiffersError):
        create_runtime(tiny_pack, "openvino")


@pytest.mark.parametrize("wanted", ["auto", "openvino", "tensorflow"])
def test_a_network_that_every_runtime_computes_otherwise_is_refused(tiny_pack, wanted):
    other = replace(
        tiny_pack, card=replace(tiny_pack.card, reference_logits=((9.0, 0.0, 0.0, 0.0),) * 2)
    )
    with pytest.raises(RuntimeDiffersError):
        create_runtime(other, wanted)


@pytest.mark.parametrize("wanted", ["openvino", "tensorflow"])
def test_a_network_that_does_not_fit_its_card_is_refused_at_once(tiny_pack, wanted):
    other = replace(tiny_pack, card=replace(tiny_pack.card, logits_layer="head"))
    with pytest.raises(ModelPackError, match="head"):
        create_runtime(other, wanted)


def test_a_kind_of_device_that_is_not_there_is_told(tiny_pack):
    if "GPU" in load_openvino().Core().available_devices:
        pytest.skip("this computer has a GPU of Intel's")
    with pytest.raises(ModelPackError, match="OpenVINO found no GPU"):
        create_runtime(tiny_pack, "intel-gpu")


def test_half_precision_says_how_far_off_it_is_and_leaves_the_heatmaps_exact(tiny_pack):
    full = create_runtime(tiny_pack, "openvino")
    patterns = reference_inputs(tiny_pack.card.preprocessing)
    reference = tuple(tuple(map(float, row)) for row in full.logits(patterns))
    card = replace(tiny_pack.card, reference_logits=reference)
    half = create_runtime(replace(tiny_pack, card=card), "openvino-half")
    words = half.device.runtime
    assert ("probabilities off by up to" in words) == half.device.half_precision
    assert half.device.half_precision or "not support half precision" in words
    assert "precision" not in full.device.runtime
    given = np.random.default_rng(0).uniform(-1, 1, (64, 64, 3)).astype(np.float32)
    maps = zip(*(one.stage_maps(given, 0, "grad_cam") for one in (half, full)), strict=True)
    assert all(np.allclose(a, b, atol=1e-6) for a, b in maps)
    assert np.abs(half.logits(given[None]) - full.logits(given[None])).max() < 0.1


@pytest.mark.parametrize("wanted", ["auto", "tensorflow"])
def test_a_stage_without_activations_over_the_picture_is_refused(tiny_pack, wanted):
    card = replace(tiny_pack.card, stages=(GradCamStage("Stage 1", "logits"),))
    with pytest.raises(
        ModelPackError, match="expected logits to have activations over the picture"
    ):
        create_runtime(replace(tiny_pack, card=card), wanted)
