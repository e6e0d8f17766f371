"""The sanity check of explanations by randomising the network's weights.

Adebayo et al. (2018): weights are replaced by random ones from the logits downwards, layer group by
layer group; a method whose maps do not change shows the edges of the image, not what the network has
learned. Here a group consists of the layers between two stages.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from btgui.engine.analysis import Analyser
from btgui.engine.datasets.dataset import LabelledScan
from btgui.engine.errors import BtguiError
from btgui.engine.models.pack import ModelPack, write_pack
from btgui.engine.runtimes.tensorflow_runtime import load_tensorflow

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True)
class Forgotten:
    """One step of the check: similarity of the maps with random weights from the logits to ``down_to``.

    ``correlations`` holds, by the stage's label, Spearman's rank correlation of its map with the
    original map, -1 to 1, averaged over the scans.
    """

    down_to: str
    correlations: dict[str, float]


def check_randomisation(
    pack: ModelPack,
    scans: list[LabelledScan],
    say: Callable[[str], None],
    go_on: Callable[[], None],
) -> list[Forgotten]:
    """Randomise a model's weights from the top, step by step, and compare its heatmaps.

    The maps are those of the original model's verdict. Scans that cannot be read any more are left out,
    and ``say`` is called with the reason; the result is empty if none can be. ``go_on`` is called before
    each step; it may raise to stop.
    """
    # As for reading scans: a back end chosen for training does not matter, and need not be installed.
    load_tensorflow()
    import keras

    keras.utils.set_random_seed(0)
    analyser = Analyser(pack)
    analyses = []
    for scan in scans:
        try:
            analyses.append(analyser.classify(scan.read()))
        except BtguiError as error:  # what has been measured so far must not be lost
            say(str(error))
    if not analyses:
        return []
    targets = [analysis.prediction.verdict_index for analysis in analyses]
    before = [
        _maps(analyser, analysis.preprocessed.network_input, target)
        for analysis, target in zip(analyses, targets, strict=True)
    ]
    network = keras.saving.load_model(pack.model_file, compile=False)
    random = keras.models.clone_model(network)
    found = []
    for name, layers in _groups(network, pack):
        go_on()
        for layer in layers:
            network.get_layer(layer).set_weights(random.get_layer(layer).get_weights())
        changed = _analyser_of(network, pack)
        after = [
            _maps(changed, analysis.preprocessed.network_input, target)
            for analysis, target in zip(analyses, targets, strict=True)
        ]
        found.append(Forgotten(name, _correlations(pack, before, after)))
    return found


def _groups(network: keras.Model, pack: ModelPack) -> list[tuple[str, list[str]]]:
    """Return (label, layer names) of each group of layers, from the logits down."""
    names = [layer.name for layer in network.layers]
    ends = [names.index(stage.layer) + 1 for stage in pack.card.stages]
    labels = [stage.label for stage in pack.card.stages]
    borders = [0, *ends, len(names)]
    parts = [
        (label, names[start:end])
        for label, start, end in zip([*labels, "logits"], borders, borders[1:], strict=False)
    ]
    return parts[::-1]


def _analyser_of(network: keras.Model, pack: ModelPack) -> Analyser:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "model.keras"
        network.save(file)
        # The reference logits and prototypes are those of the trained network, from which this one must
        # differ.
        card = replace(pack.card, reference_logits=(), novelty_limit=None)
        changed = write_pack(Path(folder) / "pack", card, file)
        return Analyser(changed)  # has loaded the network, so the folder may go


def _maps(
    analyser: Analyser, network_input: NDArray[np.float32], target: int
) -> list[NDArray[np.float32]]:
    return analyser.runtime.stage_maps(network_input, target, "grad_cam")


def _correlations(
    pack: ModelPack,
    before: list[list[NDArray[np.float32]]],
    after: list[list[NDArray[np.float32]]],
) -> dict[str, float]:
    from scipy.stats import spearmanr

    means = {}
    for index, stage in enumerate(pack.card.stages):
        values = []
        for old, new in zip(before, after, strict=True):
            flat = old[index].ravel(), new[index].ravel()
            # A constant map has no ranks; its correlation counts as 0.
            constant = any(np.ptp(one) == 0 for one in flat)
            values.append(0.0 if constant else float(spearmanr(*flat).statistic))
        means[stage.label] = float(np.mean(values))
    return means
