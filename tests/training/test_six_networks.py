"""Each of the six is built, trained for a step, saved, opened and explained."""

from dataclasses import replace

import numpy as np
import pytest

from btgui.engine.analysis import Analyser
from btgui.engine.runtimes.choice import create_runtime
from btgui.engine.training_request import AS_PUBLISHED, TrainingRequest
from tests.training.conftest import Teller
from training.architectures import ARCHITECTURES, build_network
from training.fit import fit

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


@pytest.fixture
def eagerly():
    """Run without compiling: for one step, compiling a large network takes minutes."""
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)


@pytest.mark.filterwarnings("ignore:Even though the `tf.config")  # tf.data is not concerned
@pytest.mark.usefixtures("eagerly")
@pytest.mark.parametrize("name", PARAMETERS)
def test_it_is_trained_saved_opened_and_explained(name, four_classes, tmp_path, monkeypatch):
    small = replace(ARCHITECTURES[name], input_side=SMALL_SIDES[name])
    monkeypatch.setitem(ARCHITECTURES, name, small)
    request = TrainingRequest(
        datasets=(str(four_classes),),
        output=str(tmp_path / "pack"),
        name=name,
        architecture=name,
        weights="none",
        validation_fraction=0.34,
        recipe=replace(AS_PUBLISHED, epochs=1, batch_size=32),
    )
    pack = fit(request, tmp_path / "work", Teller())
    scan = next(four_classes.rglob("*.png"))
    analysis = Analyser(pack).read(scan, explain=True)
    assert sum(analysis.prediction.probabilities) == pytest.approx(1, abs=1e-5)
    stages = analysis.explanation.stages
    assert [stage.layer for stage in stages] == list(small.stage_layers)
    sides = [stage.feature_map.shape[0] for stage in stages]
    assert sides == sorted(set(sides), reverse=True)
    assert all(np.nanmax(stage.on_scan) <= 1 for stage in stages)
    _check_on_openvino_as_on_tensorflow(pack, analysis.preprocessed.network_input)


def _check_on_openvino_as_on_tensorflow(pack, network_input):
    """The app's two runtimes give the same logits and maps."""
    openvino, tensorflow = (create_runtime(pack, name) for name in ("openvino", "tensorflow"))
    ours, theirs = (runtime.logits(network_input[None]) for runtime in (openvino, tensorflow))
    assert ours == pytest.approx(theirs, rel=1e-4, abs=1e-4)
    maps = [runtime.stage_maps(network_input, 0, "grad_cam") for runtime in (openvino, tensorflow)]
    for one, other in zip(*maps, strict=True):
        assert one.has_evidence == other.has_evidence
        if one.has_evidence and one.values.std() > 0:
            assert np.corrcoef(one.values.ravel(), other.values.ravel())[0, 1] > 0.999
