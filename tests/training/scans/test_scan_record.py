"""A pack's record of its model's training scans, and how training uses the record."""

import gzip
import json
import shutil
from collections import Counter
from dataclasses import replace

import cv2
import numpy as np
import pytest

from btgui.engine.datasets.dataset import read_dataset
from btgui.engine.disk.files import sha256_of
from btgui.engine.errors import ModelPackError, TrainingError
from btgui.engine.models.pack import SCANS_FILE, open_pack, write_pack
from btgui.engine.preprocessing import PreprocessingParameters
from tests.training.conftest import Teller
from training.__main__ import main
from training.cautions import trained_on_these
from training.fitting.material import gather, split
from training.fitting.request_check import check_files
from training.fitting.run import fit
from training.fitting.save_model import TrainedNetwork, save_model
from training.fitting.validation import Calibrated
from training.networks.architectures import build_network
from training.scans.former_scans import former_scans
from training.scans.scan_record import read_record, trained_by
from training.scans.splits import Splits

SMALL = PreprocessingParameters(input_height=64, input_width=64)
CLASSES = ("glioma", "meningioma", "notumor", "pituitary")


@pytest.fixture
def model_of(request_for):
    """Return a function that makes a model with a record that the given scans trained it."""

    def make(scans, name="start", protocol="honest", **parts):
        network = build_network("tiny", 4, weights="none", dropout=0.0)
        digests = {"train": [sha256_of(scan.path) for scan in scans], "validation": [], "test": []}
        return save_model(
            request_for(name, protocol=protocol, preprocessing=SMALL),
            TrainedNetwork(network, CLASSES, Calibrated(1.0, 0.5), 1.0, digests=digests | parts),
            Splits(list(scans), [], [], 0),
        )

    return make


def with_record(pack, content, folder):
    """Return a copy of a pack with another record."""
    other = folder / SCANS_FILE
    other.write_bytes(content)
    return write_pack(folder / "other", pack.card, pack.model_file, (other,))


def mirror(scan, into, brighter=0):
    """Write a scan's mirror image, brighter by the given number of grey levels."""
    grey = cv2.imread(str(scan), cv2.IMREAD_GRAYSCALE)
    cv2.imwrite(str(into), cv2.add(np.ascontiguousarray(grey[:, ::-1]), brighter))


def train_scan(place):
    return place.parent / "Training" / "glioma" / "03.png"


class TestRecord:
    def test_it_is_read_as_it_was_written(self, model_of, four_classes):
        scans = read_dataset(four_classes)[:3]
        pack = open_pack(model_of(scans, earlier=["a" * 64]).folder)
        digests = frozenset(sha256_of(scan.path) for scan in scans)
        assert read_record(pack)["train"] == digests
        assert trained_by(pack) == digests | {"a" * 64}

    def test_of_a_model_without_one_nothing_is_known(self, model_of, four_classes):
        pack = model_of(read_dataset(four_classes)[:3], train=[])
        bare = replace(pack, card=replace(pack.card, files={"model.keras": ""}))
        assert read_record(bare) == {}
        assert trained_by(bare) is None

    @pytest.mark.parametrize(
        "content",
        [
            pytest.param(b"nothing", id="no archive"),
            pytest.param(gzip.compress(b"{"), id="no JSON"),
            pytest.param(gzip.compress(b"[1]"), id="no parts"),
            pytest.param(gzip.compress(b'{"train": ["a"]}')[:-9], id="cut off"),
            pytest.param(gzip.compress(b"{}")[:10] + b"\xff" * 9, id="damaged within"),
            pytest.param(gzip.compress(b"[" * 100_000), id="too deep"),
        ],
    )
    def test_a_spoilt_one_is_told(self, model_of, four_classes, tmp_path, content):
        pack = with_record(model_of(read_dataset(four_classes)[:3]), content, tmp_path)
        with pytest.raises(ModelPackError, match="scans that trained or calibrated Trial"):
            read_record(pack)

    def test_a_bomb_does_not_fill_the_memory(self, model_of, four_classes, tmp_path, monkeypatch):
        monkeypatch.setattr("training.scans.scan_record._MOST_BYTES", 1000)
        content = gzip.compress(json.dumps({"train": ["a" * 64] * 100}).encode())
        pack = with_record(model_of(read_dataset(four_classes)[:3]), content, tmp_path)
        with pytest.raises(ModelPackError, match="received something else"):
            read_record(pack)


class TestGoingOn:
    """Fine-tuning of a model on scans, some of which the model was trained on."""

    def test_scans_that_trained_the_model_stay_in_training(
        self, model_of, request_for, four_classes, tmp_path
    ):
        place = four_classes / "Training"
        known = read_dataset(place)[::2]
        pack = model_of(known)
        for seed in range(3):
            request = request_for(
                datasets=(str(place),),
                weights=str(pack.folder),
                seed=seed,
                test_fraction=0.25,
                validation_fraction=0.25,
            )
            teller = Teller()
            splits = split(request, gather(request), tmp_path / "work", teller).splits
            assert {scan.path for scan in known} <= {scan.path for scan in splits.train}
            # The shares are of all scans, taken from the others.
            assert Counter(scan.label for scan in splits.test) == dict.fromkeys(CLASSES, 2)
            assert len(splits.validation) == 8
            assert "Kept in training: 16 scans that Trial was trained on." in teller.said

    def test_under_the_honest_protocol_their_copies_do_too(
        self, model_of, request_for, four_classes, tmp_path
    ):
        place = four_classes / "Training"
        known = read_dataset(place)[::2]
        for scan in known:
            copy = scan.path.with_name(f"{scan.path.stem}-copy.png")
            copy.write_bytes(scan.path.read_bytes() + b" ")
        request = request_for(
            datasets=(str(place),), weights=str(model_of(known).folder), protocol="honest"
        )
        splits = split(request, gather(request), tmp_path / "work", Teller()).splits
        assert not [scan for scan in (*splits.test, *splits.validation) if "copy" in scan.path.name]

    @pytest.mark.parametrize(("protocol", "tested"), [("honest", 6), ("published", 8)])
    def test_given_test_scans_that_trained_it_are_left_out_of_an_honest_run(
        self, model_of, request_for, four_classes, tmp_path, protocol, tested
    ):
        scans = read_dataset(four_classes)
        known = [scan for scan in scans if scan.split == "test"][:2]
        request = request_for(weights=str(model_of(known).folder), protocol=protocol)
        teller = Teller()
        splits = split(request, scans, tmp_path / "work", teller).splits
        assert len(splits.test) == tested
        assert not {scan.path for scan in known} & {scan.path for scan in splits.train}
        assert not [line for line in teller.said if "Kept in training" in line]
        assert "2 test or validation scans of the data set" in teller.said[0]
        assert ("figures on such scans are too optimistic" in teller.said[0]) == (tested == 8)

    @pytest.mark.parametrize("part", ["Testing", "Validation"])
    def test_given_scans_that_copy_what_trained_it_are_left_out_of_an_honest_run(
        self, model_of, request_for, four_classes, tmp_path, part
    ):
        place = four_classes / part
        if not place.exists():
            shutil.copytree(four_classes / "Testing", place)
            shutil.rmtree(four_classes / "Testing")
        for scan, name in ((place / "glioma" / "00.png", "mirrored"), (train_scan(place), "old")):
            mirror(scan, place / "glioma" / f"{name}.png")
        known = [place / "glioma" / "00.png", train_scan(place)]
        scans = read_dataset(four_classes)
        pack = model_of([scan for scan in scans if scan.path in known])
        request = request_for(weights=str(pack.folder), protocol="honest")
        teller = Teller()
        splits = split(request, gather(request), tmp_path / "work", teller).splits
        has_part = {scan.path for scan in (*splits.train, *splits.validation, *splits.test)}
        assert known[1] in {scan.path for scan in splits.train}
        assert "Kept in training: 1 scan that Trial was trained on." in teller.said
        assert known[0] not in has_part
        assert not {scan for scan in has_part if scan.stem in {"mirrored", "old"}}
        # The picture itself, its mirror image and that of the other; seven of eight are left.
        assert len(splits.test if part == "Testing" else splits.validation) == 7
        assert (splits.left_out, splits.learned) == (0, 3)
        assert sum(
            line.startswith("Left out: 2 ") and "related to training scans" in line
            for line in teller.said
        )

    def test_training_scans_that_copy_a_known_test_scan_choose_nothing(
        self, model_of, request_for, four_classes, tmp_path
    ):
        tested = four_classes / "Testing" / "glioma" / "00.png"
        for number in range(8):
            mirror(tested, four_classes / "Training" / "glioma" / f"mirrored-{number}.png", number)
        known = [scan for scan in read_dataset(four_classes) if scan.path == tested]
        request = request_for(weights=str(model_of(known).folder), protocol="honest")
        splits = split(request, gather(request), tmp_path / "work", Teller()).splits
        assert sum("mirrored" in scan.path.name for scan in splits.train) == 8
        assert not [scan for scan in splits.validation if "mirrored" in scan.path.name]

    def test_a_model_that_does_not_tell_is_named(self, model_of, request_for, four_classes):
        scans = read_dataset(four_classes)
        pack = model_of(scans[:1])
        bare = write_pack(pack.folder.with_name("bare"), pack.card, pack.model_file)
        teller = Teller()
        assert not former_scans(request_for(weights=str(bare.folder)), scans, teller).trained
        assert "Which scans Trial was trained on is not recorded" in teller.said[0]

    @pytest.mark.usefixtures("eagerly")
    @pytest.mark.filterwarnings("ignore:Even though the `tf.config")
    def test_the_new_model_notes_what_trained_the_one_before(
        self, model_of, request_for, four_classes, tmp_path
    ):
        known = [scan for scan in read_dataset(four_classes) if scan.split == "train"][:2]
        start = model_of(known, earlier=["a" * 64])
        request = request_for("second", weights=str(start.folder))
        pack = fit(request, tmp_path / "work", Teller())
        record = read_record(pack)
        assert {sha256_of(scan.path) for scan in known} <= record["train"]
        assert record["earlier"] == {"a" * 64}

    def test_a_published_start_is_none_for_an_honest_run(self, model_of, request_for, four_classes):
        pack = model_of(read_dataset(four_classes)[:1], protocol="published")
        request = request_for(weights=str(pack.folder), protocol="honest")
        with pytest.raises(TrainingError, match="was not trained under the honest protocol"):
            check_files(request, CLASSES)
        check_files(replace(request, protocol="published"), CLASSES)


class TestMeasuring:
    def test_scans_that_trained_a_model_are_counted(self, model_of, four_classes):
        scans = read_dataset(four_classes)
        pack = model_of(scans[:5])
        sentence = trained_on_these("A", pack, scans[3:])
        assert sentence.startswith(f"A was trained on 2 of {len(scans) - 3} scans tested")
        # Digests do not know a mirrored copy.
        assert "how many more are mirrored, rotated or re-saved copies" in sentence
        assert trained_on_these("A", pack, scans[5:]) == ""

    def test_an_evaluation_opens_with_it(self, model_of, four_classes, tmp_path, capsys):
        scans = read_dataset(four_classes)
        tested = [scan for scan in scans if scan.split == "test"]
        pack = model_of(tested[:3])
        file = tmp_path / "figures.json"
        # The same scans by another name: their contents tell.
        place = shutil.copytree(four_classes, tmp_path / "elsewhere")
        arguments = ["evaluate", str(pack.folder), str(place), "--json", str(file)]
        assert main([*arguments, "--against", str(pack.folder)]) == 0
        cautions = json.loads(file.read_text(encoding="utf-8"))["cautions"]
        assert cautions[0].startswith("Trial was trained on 3 of 8 scans tested, by its own record")
        # Of two models of one name, each is told by its id.
        other = cautions[1].removeprefix(pack.card.id)
        assert other == cautions[0].removeprefix(pack.card.name)
        assert len(cautions) == 2

    def test_scans_that_selected_a_model_are_counted_and_no_card_calls_them_a_test(
        self, model_of, four_classes, tmp_path, capsys
    ):
        tested = [scan for scan in read_dataset(four_classes) if scan.split == "test"]
        pack = model_of([], train=[], validation=[sha256_of(scan.path) for scan in tested[:3]])
        file, saved = tmp_path / "figures.json", tmp_path / "saved"
        arguments = ["evaluate", str(pack.folder), str(four_classes), "--against", str(pack.folder)]
        assert main([*arguments, "--json", str(file), "--save-to", str(saved)]) == 0
        cautions = json.loads(file.read_text(encoding="utf-8"))["cautions"]
        assert cautions[0].startswith("3 of 8 scans tested selected Trial and set its temperature")
        assert cautions[1].startswith(f"3 of 8 scans tested selected {pack.card.id} ")
        assert len(cautions) == 2
        assert not saved.exists()
        assert "and scans tested here selected the model." in capsys.readouterr().err

    def test_scans_that_selected_a_model_are_counted_in_a_comparison(
        self, model_of, four_classes, tmp_path
    ):
        tested = [scan for scan in read_dataset(four_classes) if scan.split == "test"]
        chose = [sha256_of(scan.path) for scan in tested[:3]]
        one, other = model_of([], train=[], validation=chose), model_of([], "other", train=[])
        file = tmp_path / "figures.json"
        arguments = [str(one.folder), str(other.folder), "--dataset", str(four_classes)]
        assert main(["compare", *arguments, "--json", str(file)]) == 0
        text = file.read_text(encoding="utf-8")
        assert text.count("3 of 8 scans tested selected") == 1

    def test_where_a_record_knows_none_of_the_scans_a_data_set_s_name_accuses_nobody(
        self, model_of, four_classes, tmp_path
    ):
        pack = model_of([scan for scan in read_dataset(four_classes) if scan.split == "train"])
        bare = write_pack(tmp_path / "bare", pack.card, pack.model_file)
        place = tmp_path / "elsewhere" / four_classes.name
        shutil.copytree(four_classes / "Testing", place)
        for model, accused in ((pack, False), (bare, True)):
            file = tmp_path / f"{model.folder.name}.json"
            assert main(["evaluate", str(model.folder), str(place), "--json", str(file)]) == 0
            text = " ".join(json.loads(file.read_text(encoding="utf-8"))["cautions"])
            assert "names no test scans" in text
            assert ("so on many of these scans" in text) == accused

    def test_a_calibration_leaves_out_what_was_kept_for_the_model_s_test(
        self, model_of, four_classes, tmp_path, capsys
    ):
        place = four_classes / "Training"  # no data set names these as test scans
        scans = read_dataset(place)
        kept = [sha256_of(scan.path) for scan in scans]
        pack = model_of(scans[:4], test=kept[20:])
        command = ["calibrate", str(pack.folder), str(place), "--output", str(tmp_path / "new")]
        assert main(command) == 0
        assert "Left out: 12 scans kept for the test of Trial." in capsys.readouterr().err
        assert open_pack(tmp_path / "new").card.training["calibrated_on"]["scans"] == 16
        other = model_of(scans[:4], "all", test=kept[4:])
        command = ["calibrate", str(other.folder), str(place), "--output", str(tmp_path / "none")]
        assert main(command) == 1
        assert "trained Trial or were kept for its test. Name other" in capsys.readouterr().err

    def test_a_calibration_leaves_them_out(self, model_of, four_classes, tmp_path, capsys):
        place = four_classes / "Training"
        scans = read_dataset(place)
        pack, other = model_of(scans[:12]), model_of(scans, "all")
        command = ["calibrate", str(pack.folder), str(place), "--output", str(tmp_path / "new")]
        assert main(command) == 0
        assert "Left out: 12 scans that Trial was trained on." in capsys.readouterr().err
        new = open_pack(tmp_path / "new")
        assert new.card.training["calibrated_on"]["scans"] == 20
        command = ["calibrate", str(other.folder), str(place), "--output", str(tmp_path / "none")]
        assert main(command) == 1
        assert "Trial was trained on all of these scans" in capsys.readouterr().err
