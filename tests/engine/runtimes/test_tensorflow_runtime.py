import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from btgui.engine.classifier import predict
from btgui.engine.errors import ModelPackError
from btgui.engine.feature_grid import FeatureGrid
from btgui.engine.models.card import GradCamStage
from btgui.engine.models.pack import ModelPack
from btgui.engine.runtimes.reference_check import RuntimeDiffersError, reference_inputs
from btgui.engine.runtimes.tensorflow_runtime import TensorFlowRuntime

ODD = FeatureGrid.even((3, 5))


def changed(pack, **changes):
    return TensorFlowRuntime(ModelPack(pack.folder, replace(pack.card, **changes)))


def test_with_temperature_one_the_probabilities_are_keras_own(
    tiny_pack, tiny_runtime, tiny_network, inputs
):
    card = replace(tiny_pack.card, temperature=1.0)
    said = [prediction.probabilities for prediction in predict(card, tiny_runtime, inputs)]
    own = np.asarray(tiny_network(inputs, training=False))
    assert np.ptp(own, axis=0).max() > 0.05  # the answers differ
    assert np.array(said) == pytest.approx(own, abs=1e-6)


def test_the_cards_temperature_divides_the_logits(tiny_pack, tiny_runtime, tiny_network, inputs):
    # softmax(logits / T) is the softmax's output to the power 1 / T, normalised.
    assert tiny_pack.card.temperature == 1.5
    said = [p.probabilities for p in predict(tiny_pack.card, tiny_runtime, inputs)]
    powers = np.asarray(tiny_network(inputs, training=False), np.float64) ** (1 / 1.5)
    assert np.array(said) == pytest.approx(powers / powers.sum(axis=1, keepdims=True), abs=1e-6)


def test_a_batch_gives_what_its_scans_give_one_by_one(tiny_runtime, inputs):
    together = tiny_runtime.logits(inputs)
    singly = np.concatenate([tiny_runtime.logits(inputs[i : i + 1]) for i in range(len(inputs))])
    assert together.shape == (6, 4)
    assert together.dtype == np.float32
    assert singly == pytest.approx(together, abs=1e-5)


def test_the_same_input_gives_the_same_answer_twice_so_dropout_is_off(tiny_runtime, inputs):
    assert np.array_equal(tiny_runtime.logits(inputs), tiny_runtime.logits(inputs))


def test_every_stage_has_a_map_at_its_own_resolution(tiny_runtime, inputs):
    maps = tiny_runtime.stage_maps(inputs[0], 1, "grad_cam")
    assert [one.shape for one in maps] == [(s, s) for s in (32, 16, 8, 4, 2)]


def test_warming_up_says_how_long_one_scan_takes_and_what_runs_it(tiny_runtime):
    import tensorflow as tf

    assert 0 < tiny_runtime.warm_up() < 60_000
    assert tiny_runtime.device.name
    has_gpu = bool(tf.config.list_physical_devices("GPU"))
    assert tiny_runtime.device.kind == ("gpu" if has_gpu else "cpu")


def test_a_closed_runtime_loads_again_when_it_is_asked(tiny_pack, tiny_runtime, inputs):
    runtime = TensorFlowRuntime(tiny_pack)
    runtime.logits(inputs[:1])
    runtime.close()
    assert not set(vars(runtime)) & {"_network", "_forward", "_backward"}
    assert np.array_equal(runtime.logits(inputs), tiny_runtime.logits(inputs))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"classes": ("a", "b", "c"), "display_names": ("A", "B", "C")},
            "does not match its card: expected .* 3 classes, received .* 4",
        ),
        ({"stages": (GradCamStage("Stage 1", "no_such_layer"),)}, "cannot be loaded.*no_such"),
        ({"stages": (GradCamStage("Stage 1", "stage1", ODD),)}, "3 x 5 cells, received"),
        ({"logits_layer": "nowhere"}, "cannot be loaded.*nowhere"),
    ],
)
def test_a_network_that_does_not_fit_its_card_is_refused_in_words(
    tiny_pack, inputs, changes, words
):
    with pytest.raises(ModelPackError, match=words):
        changed(tiny_pack, **changes).logits(inputs)


def test_a_network_of_another_input_size_is_refused(tiny_pack, inputs):
    larger = replace(tiny_pack.card.preprocessing, input_height=200, input_width=200)
    with pytest.raises(ModelPackError, match=r"expected input \(None, 200, 200, 3\)"):
        changed(tiny_pack, preprocessing=larger).warm_up()


def test_a_network_file_that_is_gone_is_refused_in_words(tiny_pack, tmp_path, inputs):
    with pytest.raises(ModelPackError, match="Small test model cannot be loaded"):
        TensorFlowRuntime(ModelPack(tmp_path, tiny_pack.card)).logits(inputs)


def test_a_network_that_computes_something_else_here_is_refused_at_every_use(tiny_pack, inputs):
    other = changed(tiny_pack, reference_logits=((9.0, 0.0, 0.0, 0.0),) * 2)
    for use in (other.warm_up, lambda: other.logits(inputs[:1])):
        with pytest.raises(RuntimeDiffersError, match="Choose another runtime"):
            use()


def test_a_network_that_computes_what_its_card_says_is_taken(tiny_pack, tiny_runtime, inputs):
    patterns = reference_inputs(tiny_pack.card.preprocessing)
    reference = tuple(tuple(map(float, row)) for row in tiny_runtime.logits(patterns))
    runtime = changed(tiny_pack, reference_logits=reference)
    assert runtime.logits(inputs[:1]).shape == (1, 4)


def test_it_computes_in_true_float32(tiny_pack, inputs):
    import tensorflow as tf

    switches = tf.config.experimental
    before = switches.tensor_float_32_execution_enabled()
    switches.enable_tensor_float_32_execution(True)  # as TensorFlow does by itself
    TensorFlowRuntime(tiny_pack).logits(inputs[:1])
    assert not switches.tensor_float_32_execution_enabled()
    switches.enable_tensor_float_32_execution(before)


def test_loaded_without_a_word_whatever_back_end_is_set_for_training(tiny_pack, inputs, tmp_path):
    np.save(tmp_path / "inputs.npy", inputs)
    program = (
        "import sys, numpy as np; from pathlib import Path\n"
        "from btgui.engine.models.pack import open_pack\n"
        "from btgui.engine.runtimes.tensorflow_runtime import TensorFlowRuntime\n"
        "pack, place = open_pack(Path(sys.argv[1])), Path(sys.argv[2])\n"
        "logits = TensorFlowRuntime(pack).logits(np.load(place / 'inputs.npy'))\n"
        "np.save(place / 'logits.npy', logits)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tiny_pack.folder), str(tmp_path)],
        env=os.environ | {"KERAS_BACKEND": "torch", "TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == (b"", b"")
    expected = TensorFlowRuntime(tiny_pack).logits(inputs)
    assert np.load(tmp_path / "logits.npy") == pytest.approx(expected, abs=1e-5)


def test_where_keras_was_started_with_another_back_end_it_is_told(tiny_pack, inputs, monkeypatch):
    import keras

    monkeypatch.setattr(keras.backend, "backend", lambda: "torch")
    with pytest.raises(ModelPackError, match="expected Keras with the backend tensorflow"):
        TensorFlowRuntime(tiny_pack).logits(inputs)
