import shutil
from dataclasses import replace

import numpy as np
import pytest

from btgui.engine.models.pack import write_pack
from training.comparison.contenders import open_contenders
from training.comparison.measuring import compare
from training.control import Control


@pytest.fixture
def reordered(tiny_pack, tmp_path):
    """The same network with the classes in another order on its card, so that its verdicts differ."""
    card = tiny_pack.card
    turned = replace(card, id="turned", name="Turned", classes=card.classes[::-1])
    return write_pack(tmp_path / "turned", turned, tiny_pack.model_file)


def test_every_model_is_measured_on_the_same_test_scans(tiny_pack, reordered, four_classes, teller):
    (four_classes / "Testing" / "glioma" / "broken.png").write_bytes(b"broken")
    (four_classes / "Training" / "glioma" / "broken.png").write_bytes(b"broken")
    contenders = open_contenders([tiny_pack.folder, reordered.folder])
    made = compare(contenders, [four_classes], teller, Control())
    assert (made.data, made.tested.split_given, len(made.scans)) == (("four",), True, 8)
    assert ["broken.png" in line for line in made.unreadable] == [True]
    first, second = made.models
    # The outputs are the same; read in the first model's order of classes they are reversed.
    assert np.allclose(first.probabilities, second.probabilities[:, ::-1], atol=1e-6)
    truth = [made.classes[label] for label in made.labels]
    assert truth == [scan.label for scan in made.scans]
    for model in made.models:
        assert np.array_equal(model.right, model.probabilities.argmax(axis=1) == made.labels)
        assert model.result.correct == model.right.sum()
        assert model.times.count == 8
        assert sum(map(sum, model.result.confusion)) == 8
    assert made.leaked is not None
    assert made.leaked.shape == (8,)
    assert made.device


def test_a_data_set_without_test_folder_is_tested_whole(tiny_pack, reordered, four_classes, teller):
    contenders = open_contenders([tiny_pack.folder, reordered.folder])
    made = compare(contenders, [four_classes / "Testing"], teller, Control())
    assert (made.tested.split_given, len(made.scans), made.leaked) == (False, 8, None)


def test_a_plain_data_set_beside_one_with_a_test_part_is_tested_whole(
    tiny_pack, reordered, four_classes, teller, tmp_path
):
    plain = tmp_path / "plain"
    shutil.copytree(four_classes / "Training", plain)
    contenders = open_contenders([tiny_pack.folder, reordered.folder])
    made = compare(contenders, [four_classes, plain], teller, Control())
    assert len(made.scans) == 8 + 32
    assert [one.name for one in made.tested.wholes] == ["plain"]
    # Its scans are copies of the other's training part, and counted as such.
    assert made.leaked.tolist() == [False] * 8 + [True] * 32
