import json
import shutil

import pytest

from btgui.engine.errors import ModelPackError
from btgui.engine.models.pack import SCANS_FILE, write_pack
from btgui.engine.preprocessing import PreprocessingParameters
from btgui.engine.training_runs.start import (
    classes_of_start,
    preprocessing_of_start,
    records_its_scans,
    without_scans,
)
from tests.conftest import CLASSES


@pytest.fixture
def other_pack(tiny_pack, tmp_path):
    """A model trained on scans that were cropped at another threshold and 64 by 64 pixels large."""
    folder = shutil.copytree(tiny_pack.folder, tmp_path / "other")
    card = json.loads((folder / "card.json").read_text())
    assert card["preprocessing"]["input_height"] == 64
    card["preprocessing"] |= {"threshold": 60, "pixel_scaling": "zero_to_one"}
    (folder / "card.json").write_text(json.dumps(card))
    return folder


def test_a_model_is_shown_scans_as_it_knows_them(other_pack):
    # Size and scaling are the architecture's.
    assert preprocessing_of_start(str(other_pack)) == PreprocessingParameters(threshold=60)


def test_other_weights_are_shown_them_as_usual(tmp_path, monkeypatch):
    (tmp_path / "base.h5").touch()
    (tmp_path / "imagenet").mkdir()
    monkeypatch.chdir(tmp_path)
    for weights in ("imagenet", "none", "base.h5", "nowhere"):
        assert preprocessing_of_start(weights) == PreprocessingParameters()


def test_a_folder_that_is_no_model_is_refused(tmp_path):
    with pytest.raises(ModelPackError, match="is not a model"):
        preprocessing_of_start(str(tmp_path))


@pytest.mark.parametrize("found", [("glioma", "notumor"), CLASSES])
def test_a_model_that_knows_all_the_classes_gives_its_own(tiny_pack, found):
    classes = classes_of_start(str(tiny_pack.folder), found)
    assert tuple(classes) == CLASSES
    assert tuple(classes.values()) == tiny_pack.card.display_names


def test_other_weights_and_a_model_that_lacks_a_class_give_none(tiny_pack):
    assert classes_of_start("imagenet", ("glioma", "notumor")) == {}
    assert classes_of_start(str(tiny_pack.folder), ("glioma", "cyst")) == {}


def test_what_becomes_of_classes_without_scans_is_said():
    classes = {"glioma": "Glioma", "notumor": "No tumour", "pituitary": "Pituitary tumour"}
    assert without_scans(classes, classes) == ""
    assert without_scans(classes, ("glioma", "notumor")) == (
        "There are no scans of pituitary tumour: what the model knows of it is kept as far as "
        "possible, but is neither trained nor tested."
    )
    said = without_scans(classes, ("glioma",))
    assert "no scans of heads without a tumour or pituitary tumour: what the" in said
    assert "knows of them is kept" in said


def test_a_model_records_its_scans_or_does_not(tiny_pack, tmp_path):
    assert not records_its_scans(tiny_pack.folder)
    record = tmp_path / SCANS_FILE
    record.touch()
    pack = write_pack(tmp_path / "pack", tiny_pack.card, tiny_pack.model_file, (record,))
    assert records_its_scans(pack.folder)
