"""Each of the six networks is built, trained for two steps, saved, opened and explained."""

from dataclasses import replace

import numpy as np
import pytest

from btgui.engine.analysis import Analyser
from btgui.engine.runtimes.choice import create_runtime
from btgui.engine.training_request import AS_PUBLISHED, TrainingRequest
from tests.training.conftest import Teller
from training.fitting.run import fit
from training.fitting.steps import training_step
from training.networks.architectures import ARCHITECTURES, build_network

# Table 5 of the paper, in millions, with the head of four classes.
PARAMETERS = {
    "mobilenetv2": 2.26,
    "inceptionv3": 21.81,
    "xception": 20.87,
    "resnet50": 23.60,
    "vgg19": 20.03,
    "nasnetlarge": 84.93,
}
# The smallest inputs whose five stages are still of five sizes.
SMALL_SIDES = {
    "mobilenetv2": 64,
    "inceptionv3": 128,
    "xception": 96,
    "resnet50": 64,
    "vgg19": 64,
    "nasnetlarge": 96,
}


def test_these_are_the_six_of_the_paper():
    assert set(ARCHITECTURES) == set(PARAMETERS)
    sides = {name: known.input_side for name, known in ARCHITECTURES.items()}
    assert sides.pop("nasnetlarge") == 331
    assert set(sides.values()) == {200}


@pytest.fixture(scope="module", params=PARAMETERS)
def built(request):
    known = ARCHITECTURES[request.param]
    return request.param, build_network(
        request.param, 4, weights="none", dropout=0.4, input_side=known.input_side
    )


def test_it_has_the_paper_s_number_of_parameters(built):
    name, network = built
    assert round(network.count_params() / 1e6, 2) == PARAMETERS[name]


def test_its_five_stages_are_ever_coarser_and_end_at_the_last_map(built):
    name, network = built
    sides = [network.get_layer(stage.layer).output.shape[1] for stage in ARCHITECTURES[name].stages]
    assert len(sides) == 5
    assert sides == sorted(set(sides), reverse=True)
    assert sides[-1] == min(
        layer.output.shape[1]
        for layer in network.layers
        if len(layer.output.shape) == 4 and not layer.name.endswith("_pool")
    )


def test_layer_names_do_not_depend_on_what_was_built_before(built):
    name, network = built
    if name != "inceptionv3":
        pytest.skip("one network with automatic names is enough")
    again = build_network(name, 4, weights="none", dropout=0.4)
    for stage in ARCHITECTURES[name].stages:
        assert (
            again.get_layer(stage.layer).output.shape == network.get_layer(stage.layer).output.shape
        )


class StepsSeen:
    """Trains every step on the first batch, and records the losses and the weights that changed.

    Parameters
    ----------
    step
        The model's real training step.
    """

    def __init__(self, model, step):
        self._model, self._step, self._batch = model, step, None
        self._start = self._kernels()
        self.losses = []

    def __call__(self, batch):
        self._batch = self._batch or batch
        figures = self._step(self._batch)
        self.losses.append(float(figures["loss"]))
        return figures

    def _kernels(self):
        return {
            weight.path: np.array(weight)
            for weight in self._model.trainable_weights
            if "kernel" in weight.path
        }

    def unmoved(self):
        return [name for name, now in self._kernels().items() if np.all(now == self._start[name])]

    def not_fused(self):
        import keras

        plain = keras.layers.BatchNormalization
        return [layer.name for layer in self._model.layers if type(layer) is plain]


# Of the small network below, whose cells are numbered differently from the full one's.
SMALL_NASNET_STAGES = (
    "adjust_relu_1_stem_2",
    "adjust_relu_1_0",
    "adjust_relu_1_3",
    "adjust_relu_1_5",
    "relu_115",
)


def small_nasnet(*, include_top, weights, input_shape):
    """Build NASNetLarge a tenth as wide, with two cells of the six between two reductions.

    Each cell but the first of such a row is connected as the second is.
    """
    from keras.src.applications.nasnet import NASNet

    return NASNet(
        input_shape,
        penultimate_filters=384,
        num_blocks=2,
        stem_block_filters=16,
        include_top=include_top,
        weights=weights,
        default_size=331,
    )


@pytest.fixture
def steps_seen(monkeypatch):
    """A list that receives a StepsSeen for every training run."""
    seen = []

    def watched(model):
        seen.append(StepsSeen(model, training_step(model)))
        return seen[-1]

    monkeypatch.setattr("training.fitting.loop.training_step", watched)
    return seen


# Run eagerly: compiling a large network for two steps takes minutes.
@pytest.mark.usefixtures("eagerly")
@pytest.mark.filterwarnings("ignore:Even though the `tf.config")  # tf.data is not concerned
@pytest.mark.parametrize("name", PARAMETERS)
def test_it_is_trained_saved_opened_and_explained(
    name, four_classes, tmp_path, monkeypatch, steps_seen
):
    # With the full network, handling its 85 million weights takes as long as all the rest.
    monkeypatch.setattr("keras.applications.NASNetLarge", small_nasnet)
    small = replace(ARCHITECTURES[name], input_side=SMALL_SIDES[name])
    if name == "nasnetlarge":
        small = replace(small, stage_layers=SMALL_NASNET_STAGES)
    monkeypatch.setitem(ARCHITECTURES, name, small)
    request = TrainingRequest(
        datasets=(str(four_classes),),
        output=str(tmp_path / "pack"),
        name=name,
        architecture=name,
        weights="none",
        protocol="published",
        validation_fraction=0.25,
        recipe=replace(AS_PUBLISHED, epochs=1, batch_size=12, learning_rate=1e-4, dropout=0.0),
    )
    pack = fit(request, tmp_path / "work", Teller())
    (steps,) = steps_seen
    assert len(steps.losses) == 2
    assert steps.losses[-1] < steps.losses[0]
    assert steps.unmoved() == []
    assert steps.not_fused() == []
    scan = next(four_classes.rglob("*.png"))
    analyser = Analyser(pack, create_runtime(pack, "openvino"))
    analysis = analyser.explain(analyser.read(scan))
    assert sum(analysis.prediction.probabilities) == pytest.approx(1, abs=1e-5)
    _check_stages(analysis, small)
    _check_on_both_runtimes(analyser, analysis.preprocessed.network_input)


def _check_stages(analysis, known):
    """Check for five finite maps, coarser from stage to stage, each on the whole crop of the scan."""
    stages = analysis.explanation.stages
    assert [stage.layer for stage in stages] == list(known.stage_layers)
    sides = [stage.feature_map.shape[0] for stage in stages]
    assert len(sides) == 5
    assert sides == sorted(set(sides), reverse=True)
    box, shape = analysis.preprocessed.outline.box, analysis.scan.shape
    for stage in stages:
        assert np.isfinite(stage.feature_map).all()
        assert stage.feature_map.max() == pytest.approx(1 if stage.has_evidence else 0)
        assert stage.on_scan.shape == shape
        in_crop = stage.on_scan[box.top : box.bottom, box.left : box.right]
        assert np.isfinite(in_crop).all()
        assert 0 <= in_crop.min() <= in_crop.max() <= 1


def _check_on_both_runtimes(analyser, network_input):
    """Check that the app's two runtimes give the trained network's outputs, logits and maps."""
    # Reuse the runtime that has read the scan, as compiling a network takes seconds.
    openvino, tensorflow = analyser.runtime, create_runtime(analyser.pack, "tensorflow")
    # The card holds what the network in memory computed before it was saved; each runtime refuses
    # a network of which it computes anything else.
    assert analyser.pack.card.reference_logits
    ours, theirs = (runtime.logits(network_input[None]) for runtime in (openvino, tensorflow))
    assert ours == pytest.approx(theirs, rel=1e-4, abs=1e-4)
    maps = [runtime.stage_maps(network_input, 0, "grad_cam") for runtime in (openvino, tensorflow)]
    for one, other in zip(*maps, strict=True):
        assert one.any() == other.any()
        if one.std() > 0:
            assert np.corrcoef(one.ravel(), other.ravel())[0, 1] > 0.999
