import gzip
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from btgui.engine.datasets.dataset import read_dataset
from btgui.engine.errors import ModelPackError
from btgui.engine.models.card import TestResult
from btgui.engine.models.pack import export_pack, import_pack, open_pack, read_card
from btgui.engine.preprocessing import PreprocessingParameters
from btgui.engine.runtimes.choice import create_runtime
from btgui.engine.runtimes.reference_check import check_reference
from btgui.engine.training_request import TrainingRequest
from training.fitting.save_model import TrainedNetwork, add_result, fingerprint, save_model
from training.fitting.validation import Calibrated
from training.networks.architectures import build_network
from training.scans.splits import Splits

CLASSES = ("glioma", "meningioma", "notumor", "pituitary")
CALIBRATED = Calibrated(temperature=1.25, accuracy=0.875, biases=(0.5, -0.25, 0.0, 0.125))
DIGESTS = {"train": ["b" * 64, "a" * 64], "validation": ["c" * 64], "test": []}


@pytest.fixture
def trained(tiny_architecture):
    import keras

    keras.utils.set_random_seed(3)
    network = build_network(tiny_architecture, 4, weights="none", dropout=0.4)
    return TrainedNetwork(network, CLASSES, CALIBRATED, 61.7, digests=DIGESTS)


@pytest.fixture
def splits(four_classes):
    scans = [scan for scan in read_dataset(four_classes) if scan.split == "train"]
    return Splits(
        train=scans[::2], validation=scans[1::2], test=[], left_out=7, crossing=2, learned=1
    )


@pytest.fixture
def request_for(tmp_path, tiny_architecture):
    def make(output="new-model", **changes):
        request = TrainingRequest(
            datasets=(str(tmp_path / "private" / "scans"),),
            output=str(tmp_path / "models" / output),
            name="Trial",
            architecture=tiny_architecture,
            masks=str(tmp_path / "private" / "masks.csv"),
            seed=5,
            preprocessing=PreprocessingParameters(input_height=64, input_width=64),
        )
        return replace(request, **changes)

    return make


def result(data, accuracy=0.5, protocol="honest"):
    return TestResult(protocol, data, 4, 2, accuracy, (0.1, 0.9), {}, np.eye(4, dtype=int).tolist())


def test_a_saved_pack_opens_and_its_network_answers_as_before(trained, splits, request_for):
    import keras

    pack = save_model(request_for(), trained, splits)
    opened = open_pack(pack.folder)
    loaded = keras.saving.load_model(opened.model_file, compile=False)
    inputs = np.random.default_rng(0).uniform(-50, 50, (2, 64, 64, 3)).astype(np.float32)
    expected = np.asarray(trained.network(inputs, training=False))
    assert np.asarray(loaded(inputs, training=False)) == pytest.approx(expected, abs=1e-6)


def test_the_card_says_how_the_model_came_about(trained, splits, request_for):
    card = open_pack(save_model(request_for(), trained, splits).folder).card
    assert (card.name, card.architecture, card.seed) == ("Trial", "Tiny", 5)
    assert card.id.startswith("tiny-")
    assert card.id.endswith("-new-model")
    assert card.classes == CLASSES
    assert card.display_names == ("Glioma", "Meningioma", "No tumour", "Pituitary tumour")
    assert (card.temperature, card.results) == (1.25, ())
    assert [stage.layer for stage in card.stages] == [f"stage{n}" for n in range(1, 6)]
    assert card.parameter_count == trained.network.count_params()
    assert card.training["scans"] == {
        "train": 16,
        "validation": 16,
        "test": 0,
        "left_out_as_copies_of_test_scans": 7,
        "left_out_as_related_to_validation_scans": 2,
        "left_out_as_known_to_the_starting_model": 1,
    }
    assert (card.training["validation_accuracy"], card.training["seconds"]) == (0.875, 62)
    assert card.training["class_biases"] == dict(zip(CLASSES, CALIBRATED.biases, strict=True))
    assert card.dataset_fingerprint == fingerprint(DIGESTS)
    assert {"python", "keras", "numpy", "opencv"} <= set(card.library_versions)


def test_no_path_of_this_computer_gets_into_the_card(trained, splits, request_for, tmp_path):
    pack = save_model(request_for(), trained, splits)
    text = (pack.folder / "card.json").read_text(encoding="utf-8")
    assert str(tmp_path) not in text
    assert "private" not in text
    assert json.loads(text)["training"]["request"]["datasets"] == ["scans"]


def test_the_pack_tells_by_content_which_scan_trained_and_which_chose(
    trained, splits, request_for, tmp_path
):
    pack = save_model(request_for(), trained, splits)
    content = json.loads(gzip.decompress((pack.folder / "scans.json.gz").read_bytes()))
    assert content == {part: sorted(digests) for part, digests in DIGESTS.items()}
    measured = add_result(open_pack(pack.folder), result("Testing"), tmp_path / "measured")
    assert (open_pack(measured.folder).folder / "scans.json.gz").is_file()
    export_pack(measured, tmp_path / "measured.btmodel")
    imported = import_pack(tmp_path / "measured.btmodel", tmp_path / "library")
    assert (imported.folder / "scans.json.gz").is_file()


def test_the_fingerprint_is_of_contents_and_parts_not_of_order():
    original = fingerprint(DIGESTS)
    assert fingerprint(DIGESTS | {"train": ["a" * 64, "b" * 64]}) == original
    assert fingerprint(DIGESTS | {"test": ["d" * 64]}) == original
    assert fingerprint(DIGESTS | {"train": ["a" * 64]}) != original
    moved = {"train": ["a" * 64], "validation": ["b" * 64, "c" * 64]}
    assert fingerprint(moved) != original


@pytest.mark.parametrize("output", ["Mein Modell Ä", "модель", "x" * 120])
def test_any_name_of_a_folder_makes_a_model(trained, splits, request_for, output):
    pack = save_model(request_for(output), trained, splits)
    assert pack.folder.name == output
    assert open_pack(pack.folder).card.name == "Trial"


def test_a_full_disk_is_told_and_leaves_nothing(trained, splits, request_for, monkeypatch):
    def full(file, *_arguments, **_options):
        file.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    request = request_for()
    monkeypatch.setattr(trained.network, "save", full)
    with pytest.raises(ModelPackError, match=r"new-model cannot be written: No space left"):
        save_model(request, trained, splits)
    assert not list(Path(request.output).parent.iterdir())


def test_an_existing_folder_is_not_overwritten(trained, splits, request_for):
    first = save_model(request_for(), trained, splits)
    before = (first.folder / "card.json").read_bytes()
    with pytest.raises(ModelPackError, match="exists already"):
        save_model(request_for(), trained, splits)
    assert (first.folder / "card.json").read_bytes() == before


def test_of_two_trainings_that_write_to_one_folder_one_wins_and_the_other_is_told(
    trained, splits, request_for, monkeypatch
):
    told = []
    save = trained.network.save

    def save_while_another_does(file):
        monkeypatch.setattr(trained.network, "save", save)
        with pytest.raises(ModelPackError, match="is being written by another training") as late:
            save_model(request_for(), trained, splits)
        told.append(late)
        save(file)

    monkeypatch.setattr(trained.network, "save", save_while_another_does)
    pack = save_model(request_for(), trained, splits)
    assert told
    assert open_pack(pack.folder).card.name == "Trial"
    assert list(pack.folder.parent.iterdir()) == [pack.folder]


def test_a_class_that_the_application_does_not_know_keeps_its_name(trained, splits, request_for):
    other = replace(trained, classes=("abscess", *CLASSES[1:]))
    assert save_model(request_for(), other, splits).card.display_names[0] == "abscess"


def test_an_added_result_replaces_that_of_the_same_test_and_keeps_the_others(tiny_pack, tmp_path):
    first = add_result(tiny_pack, result("Testing"), tmp_path / "first")
    second = add_result(first, result("Testing", accuracy=0.75), tmp_path / "second")
    assert [old.data for old in first.card.results] == ["made scans", "Testing"]
    kept = open_pack(second.folder).card.results
    assert [(one.data, one.accuracy) for one in kept] == [("made scans", 0.95), ("Testing", 0.75)]
    assert read_card(tiny_pack.folder).results == tiny_pack.card.results
    assert second.model_file.read_bytes() == tiny_pack.model_file.read_bytes()


def test_the_card_holds_what_both_runtimes_compute(trained, splits, request_for):
    pack = save_model(request_for(), trained, splits)
    for runtime in ("openvino", "tensorflow"):
        check_reference(pack.card, create_runtime(pack, runtime).logits)
    assert np.ptp(pack.card.reference_logits, axis=0).max() > 0  # the patterns tell networks apart
