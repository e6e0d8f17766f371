import json
import shutil

import pytest

from btgui.engine.errors import ModelPackError
from btgui.engine.preprocessing import PreprocessingParameters
from btgui.engine.training_start import preprocessing_of_start


@pytest.fixture
def other_pack(tiny_pack, tmp_path):
    """A model that was shown scans cropped at another threshold, for 64 by 64 pixels."""
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
