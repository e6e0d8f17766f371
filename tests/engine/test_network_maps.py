"""Grad-CAM maps of whole networks against NumPy, closed forms and scan coordinates."""

import numpy as np
import pytest

from btgui.engine.analysis import Analyser
from btgui.engine.models.card import GradCamStage
from btgui.engine.runtimes.tensorflow_runtime import TensorFlowRuntime

TWO_STAGES = (GradCamStage("Stage 1", "stage1"), GradCamStage("Stage 2", "stage2"))
# Constant weights for two convolutions of 2 by 2, stride 2, and a dense head.
FIRST, FIRST_BIAS = np.cos(np.arange(24)).reshape(2, 2, 3, 2), np.array([0.1, -0.2])
SECOND, SECOND_BIAS = np.sin(1 + np.arange(24)).reshape(2, 2, 2, 3), np.array([0.0, 0.3, -0.1])
HEAD, HEAD_BIAS = np.cos(2 + np.arange(12)).reshape(3, 4), np.arange(4.0)


def constant_network():
    import keras

    inputs = keras.Input((16, 16, 3))
    first = keras.layers.Conv2D(2, 2, strides=2, name="first")
    second = keras.layers.Conv2D(3, 2, strides=2, name="second")
    head = keras.layers.Dense(4, name="logits")
    features = keras.layers.ReLU(name="stage1")(first(inputs))
    features = keras.layers.ReLU(name="stage2")(second(features))
    logits = head(keras.layers.GlobalAveragePooling2D(name="pooling")(features))
    network = keras.Model(inputs, keras.layers.Activation("softmax")(logits))
    first.set_weights([FIRST, FIRST_BIAS])
    second.set_weights([SECOND, SECOND_BIAS])
    head.set_weights([HEAD, HEAD_BIAS])
    return network


def blocks(picture):
    """Cut (2n, 2n, c) into non-overlapping blocks; (n, n, 4c)."""
    side, channels = len(picture) // 2, picture.shape[-1]
    cut = picture.reshape(side, 2, side, 2, channels).transpose(0, 2, 1, 3, 4)
    return cut.reshape(side, side, 4 * channels)


def unblocks(cut, channels):
    side = len(cut)
    picture = cut.reshape(side, side, 2, 2, channels).transpose(0, 2, 1, 3, 4)
    return picture.reshape(2 * side, 2 * side, channels)


def stages_in_numpy(picture, target):
    """Return (activations, gradients of the target's logit) of both stages, by the chain rule."""
    stage1 = np.maximum(blocks(picture) @ FIRST.reshape(12, 2) + FIRST_BIAS, 0)
    before = blocks(stage1) @ SECOND.reshape(8, 3) + SECOND_BIAS
    stage2 = np.maximum(before, 0)
    gradient2 = np.broadcast_to(HEAD[:, target] / 16, stage2.shape)
    gradient1 = unblocks((gradient2 * (before > 0)) @ SECOND.reshape(8, 3).T, 2)
    return (stage1, gradient1), (stage2, gradient2)


def rectified(summed):
    positive = np.maximum(summed, 0)
    return positive / positive.max() if positive.max() > 0 else positive


@pytest.fixture
def picture():
    return np.random.default_rng(1).uniform(-1, 1, (16, 16, 3)).astype(np.float32)


@pytest.mark.parametrize("target", [0, 1, 2, 3])
def test_both_stages_of_a_network_of_constant_weights_are_as_worked_out_in_numpy(
    make_pack, picture, target
):
    runtime = TensorFlowRuntime(make_pack(constant_network(), stages=TWO_STAGES))
    maps = runtime.stage_maps(picture, target, "grad_cam")
    for one, (activations, gradients) in zip(maps, stages_in_numpy(picture, target), strict=True):
        expected = rectified((activations * gradients.mean(axis=(0, 1))).sum(axis=-1))
        assert one == pytest.approx(expected, abs=1e-4)
        assert one.any() == expected.any()


def last_stage_and_kernel(network, one_input):
    import keras

    to_last = keras.Model(network.input, network.get_layer("stage5").output)
    activations = np.asarray(to_last(one_input[None], training=False))[0].astype(np.float64)
    return activations, network.get_layer("logits").get_weights()[0].astype(np.float64)


@pytest.mark.parametrize("target", [0, 1, 2, 3])
def test_the_last_stages_grad_cam_is_the_class_activation_map_of_any_class(
    tiny_network, tiny_runtime, inputs, target
):
    # Zhou et al. 2016: with pooling and one dense layer the map is sum_k w_kc A_k.
    activations, kernel = last_stage_and_kernel(tiny_network, inputs[0])
    last = tiny_runtime.stage_maps(inputs[0], target, "grad_cam")[-1]
    assert last == pytest.approx(rectified(activations @ kernel[:, target]), abs=1e-4)


@pytest.mark.parametrize("target", [0, 1, 2, 3])
def test_the_last_stages_grad_cam_plus_plus_has_its_closed_form_too(
    tiny_network, tiny_runtime, inputs, target
):
    # A constant gradient g = w / n gives the weight n alpha g = n g / (2 + g sum(A)), g > 0.
    activations, kernel = last_stage_and_kernel(tiny_network, inputs[0])
    count = activations[..., 0].size
    gradient = np.maximum(kernel[:, target], 0) / count
    weights = count * gradient / (2 + gradient * activations.sum(axis=(0, 1)))
    last = tiny_runtime.stage_maps(inputs[0], target, "grad_cam_plus_plus")[-1]
    assert last == pytest.approx(rectified(activations @ weights), abs=1e-4)


@pytest.mark.parametrize("method", ["grad_cam", "grad_cam_plus_plus"])
def test_where_the_softmax_is_saturated_the_maps_do_not_vanish(clone, make_pack, inputs, method):
    def sure(kernel, bias):
        return abs(kernel), bias + np.array([0, 0, 500, 0])

    certain = clone(sure)
    probabilities = np.asarray(certain(inputs[:1], training=False))[0]
    assert probabilities.tolist() == [0, 0, 1, 0]  # the probability's gradient is zero
    usual = clone(lambda kernel, bias: (abs(kernel), bias))
    maps, expected = (
        TensorFlowRuntime(make_pack(network, name)).stage_maps(inputs[0], 2, method)
        for network, name in ((certain, "certain"), (usual, "usual"))
    )
    for one, other in zip(maps, expected, strict=True):
        assert one.any()
        assert one == pytest.approx(other, abs=1e-5)


@pytest.fixture
def only_against(clone, make_pack):
    """An analyser whose classes have negative evidence only."""
    return Analyser(make_pack(clone(lambda kernel, bias: (-abs(kernel), bias))))


def test_a_class_with_evidence_against_it_only_has_a_flagged_map_that_is_finite(
    only_against, scan_file
):
    analysis = only_against.explain(only_against.read(scan_file))
    last = analysis.explanation.stages[-1]
    assert not last.has_evidence
    assert not last.feature_map.any()
    box = analysis.preprocessed.outline.box
    assert not last.on_scan[box.top : box.bottom, box.left : box.right].any()


def spot_network():
    """Answer by the brightness above 0.4 of 4 by 4 blocks; only class 0 has any evidence."""
    import keras

    inputs = keras.Input((64, 64, 3))
    block = keras.layers.Conv2D(1, 4, strides=4, name="block")
    head = keras.layers.Dense(4, name="logits")
    features = keras.layers.ReLU(name="stage1")(block(inputs))
    logits = head(keras.layers.GlobalAveragePooling2D(name="pooling")(features))
    network = keras.Model(inputs, keras.layers.Activation("softmax")(logits))
    block.set_weights([np.full((4, 4, 3, 1), 1 / 48), np.array([-0.4])])
    head.set_weights([np.array([[100.0, 0, 0, 0]]), np.zeros(4)])
    return network


@pytest.fixture
def spot_analyser(make_pack):
    return Analyser(make_pack(spot_network(), stages=TWO_STAGES[:1]))


def test_the_heatmap_lies_on_the_scan_where_the_evidence_is(spot_analyser, scan_file):
    analysis = spot_analyser.explain(spot_analyser.read(scan_file), 0)
    on_scan = np.nan_to_num(analysis.explanation.stages[0].on_scan)
    rows, columns = np.nonzero(analysis.scan.grey > 230)  # the bright spot that was drawn
    weights = on_scan / on_scan.sum()
    assert weights.sum(axis=1) @ np.arange(len(weights)) == pytest.approx(rows.mean(), abs=2)
    assert weights.sum(axis=0) @ np.arange(len(weights)) == pytest.approx(columns.mean(), abs=2)


def test_blanking_the_highlight_of_a_known_network_takes_all_of_its_evidence(
    spot_analyser, make_heads, blanking_drops
):
    """Only bright spots support class 0 here, and the map must find them."""
    for path in make_heads(5):
        analysis = spot_analyser.explain(spot_analyser.read(path), 0)
        highlighted, elsewhere = blanking_drops(spot_analyser.runtime, analysis, side=20)
        assert highlighted == pytest.approx(analysis.prediction.logits[0], rel=1e-3)
        assert highlighted > elsewhere.mean() > 0
