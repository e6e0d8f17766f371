import shutil

import numpy as np
import pytest

from btgui.engine.models.card import ModelCard
from btgui.engine.models.pack import MODEL_FILE, open_pack, write_pack
from btgui.engine.models.prototypes import PROTOTYPES_FILE, read_detector
from tests.training.conftest import Teller, draw_four_classes, know_tiny, not_compiled, trial
from training.__main__ import main
from training.fitting.run import fit

pytestmark = pytest.mark.filterwarnings("ignore:Even though the `tf.config")


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A model with the folder of scans that trained it."""
    place = tmp_path_factory.mktemp("trained")
    scans = draw_four_classes(place / "four")
    with pytest.MonkeyPatch.context() as patch, not_compiled():
        tiny = know_tiny(patch)
        fit(trial(scans, place / "model", tiny), place / "model.run", Teller())
    return place


@pytest.fixture
def without(trained, tmp_path):
    """A copy of the model as one of an older version: without prototypes."""
    pack = open_pack(trained / "model")
    values = pack.card.to_json()
    del values["novelty_limit"]
    others = [pack.folder / name for name in pack.card.files]
    others = [file for file in others if file.name not in {MODEL_FILE, PROTOTYPES_FILE}]
    return write_pack(
        tmp_path / "older", ModelCard.from_json(values), pack.model_file, tuple(others)
    )


def novelty(*arguments):
    return main(["novelty", *map(str, arguments)])


def test_a_model_of_an_older_version_gets_the_detector_that_its_training_would_have_made(
    trained, without, tmp_path
):
    assert read_detector(without.folder, without.card) is None
    assert novelty(without.folder, trained / "four", "--output", tmp_path / "new") == 0
    expected, made = (
        read_detector(place, open_pack(place).card)
        for place in (trained / "model", tmp_path / "new")
    )
    np.testing.assert_allclose(made.prototypes, expected.prototypes, atol=2e-3)
    assert made.limit == pytest.approx(expected.limit, rel=0.01)
    card = open_pack(tmp_path / "new").card
    assert (card.id, card.temperature) == (without.card.id, without.card.temperature)
    assert set(card.files) == {*without.card.files, PROTOTYPES_FILE}


def test_where_scans_are_missing_nothing_is_written(trained, without, tmp_path, capsys):
    shutil.copytree(trained / "four" / "Training" / "glioma", tmp_path / "some")
    assert novelty(without.folder, tmp_path / "some", "--output", tmp_path / "new") == 1
    assert "training scans that Trial records, found" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_copies_of_a_scan_do_not_stand_for_those_that_are_missing(trained, without, tmp_path):
    scans = trained / "four" / "Training" / "glioma"
    for number in range(9):
        shutil.copytree(scans, tmp_path / "some" / str(number))
    assert novelty(without.folder, tmp_path / "some", "--output", tmp_path / "new") == 1
    assert not (tmp_path / "new").exists()


def test_a_model_that_records_no_scans_is_refused(tiny_pack, trained, tmp_path, capsys):
    assert novelty(tiny_pack.folder, trained / "four", "--output", tmp_path / "new") == 1
    assert "does not record which scans trained it" in capsys.readouterr().err


def test_an_output_that_exists_is_told_first(trained, without, capsys):
    assert novelty(without.folder, trained / "none", "--output", without.folder) == 1
    assert "older" in capsys.readouterr().err
