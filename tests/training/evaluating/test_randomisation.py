import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from btgui.engine.datasets.dataset import LabelledScan
from btgui.engine.models.pack import write_pack
from btgui.engine.models.prototypes import write_prototypes
from training.evaluating import randomisation
from training.evaluating.randomisation import check_randomisation

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def scans(make_heads):
    return [LabelledScan(file, "glioma", "test", "made") for file in make_heads(2)]


def test_weights_are_forgotten_from_the_logits_down(tiny_pack, scans, monkeypatch):
    import keras

    original = keras.saving.load_model(tiny_pack.model_file, compile=False)
    weighted = [layer.name for layer in original.layers if hasattr(layer, "kernel")]
    forgotten, asked = [], []
    save = randomisation._analyser_of

    def note(network, pack):
        pairs = [(network.get_layer(name), original.get_layer(name)) for name in weighted]
        forgotten.append(
            [one.name for one, was in pairs if (one.kernel != was.kernel).numpy().any()]
        )
        return save(network, pack)

    monkeypatch.setattr(randomisation, "_analyser_of", note)
    steps = check_randomisation(tiny_pack, scans, print, go_on=lambda: asked.append(1))
    labels = [stage.label for stage in tiny_pack.card.stages]
    assert [step.down_to for step in steps] == ["logits", *labels[::-1]]
    assert forgotten == [weighted[-count:] for count in range(1, 7)]
    assert len(asked) == len(steps)
    assert all(set(step.correlations) == set(labels) for step in steps)
    # The end has little of the beginning.
    assert steps[-1].correlations[labels[-1]] < 0.9


def test_a_model_with_prototypes_is_checked_too(tiny_pack, tmp_path, scans):
    file = write_prototypes(tmp_path, np.eye(3, 60))  # as wide as the small network's features
    card = replace(tiny_pack.card, novelty_limit=0.5)
    pack = write_pack(tmp_path / "pack", card, tiny_pack.model_file, (file,))
    assert len(check_randomisation(pack, scans[:1], print, go_on=lambda: None)) == 6


def test_a_scan_that_has_gone_is_left_out_and_named(tiny_pack, scans, monkeypatch):
    monkeypatch.setattr(randomisation, "_groups", lambda _network, _pack: [("logits", ["logits"])])
    (steps,) = check_randomisation(tiny_pack, scans[:1], print, lambda: None)
    scans[1].path.unlink()
    said = []
    assert check_randomisation(tiny_pack, scans, said.append, lambda: None) == [steps]
    assert check_randomisation(tiny_pack, scans[1:], said.append, lambda: None) == []
    assert said == [f"{scans[1].path.name} was not found. It may have been moved or renamed."] * 2


def test_a_back_end_set_for_training_does_not_matter(tiny_pack, scans):
    program = (
        "import sys; from pathlib import Path\n"
        "from btgui.engine.datasets.dataset import LabelledScan\n"
        "from btgui.engine.models.pack import open_pack\n"
        "from training.evaluating import randomisation\n"
        "randomisation._groups = lambda _network, _pack: []\n"
        "pack, scan = open_pack(Path(sys.argv[1])), LabelledScan(Path(sys.argv[2]), 'glioma', '', 'made')\n"
        "randomisation.check_randomisation(pack, [scan], print, lambda: None)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tiny_pack.folder), str(scans[0].path)],
        cwd=ROOT,
        env=os.environ | {"KERAS_BACKEND": "theano"},  # which nobody has
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_maps_are_compared_by_the_order_of_their_values_and_averaged_over_the_scans(tiny_pack):
    rising, empty = np.arange(16, dtype=np.float32).reshape(4, 4), np.zeros((4, 4), np.float32)
    before = [[rising] * 5, [rising] * 5]
    after = [[rising**3, -rising, rising, empty, empty], [rising, -rising, -rising, rising, empty]]
    correlations = randomisation._correlations(tiny_pack, before, after)
    assert list(correlations.values()) == pytest.approx([1, -1, 0, 0.5, 0])
