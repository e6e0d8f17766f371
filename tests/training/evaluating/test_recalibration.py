"""Recalibration of a model's probabilities, and the ``calibrate`` command."""

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from btgui.engine.datasets.dataset import LabelledScan, read_dataset
from btgui.engine.models.pack import open_pack, write_pack
from btgui.engine.softmax import softmax
from tests.training.conftest import Teller
from training.__main__ import main
from training.calibration import logits_of
from training.cautions import fitted_to_these
from training.evaluating.evaluation import Readings, measure, read_all
from training.evaluating.recalibration import recalibrate
from training.evaluating.report import temperature_words
from training.fitting.material import gather, split
from training.scans.scan_record import trained_by
from training.scans.split_note import SplitNote, note_split


def sure_readings(pack, sharpness, count=3_000):
    """Readings with true classes, whose probabilities are overconfident by a factor of the logits."""
    generator = np.random.default_rng(0)
    classes = len(pack.card.classes)
    logits = generator.normal(0, 1.5, (count, classes))
    labels = (generator.random((count, 1)) > softmax(logits).cumsum(axis=1)).sum(axis=1)
    scans = [
        LabelledScan(Path(f"{i}.png"), pack.card.classes[label], "", "ward")
        for i, label in enumerate(labels)
    ]
    said = softmax(logits * sharpness, pack.card.temperature)
    return Readings(scans, said, labels, [])


def test_logits_come_back_from_probabilities_up_to_a_constant():
    logits = np.array([[0.5, -1.0, 3.0]])
    back = logits_of(softmax(logits, 1.7), 1.7)
    assert back - back[0, 0] == pytest.approx(logits - logits[0, 0])


def test_a_model_that_is_too_sure_gets_the_temperature_that_mends_it(tiny_pack, tmp_path):
    teller = Teller()
    readings = sure_readings(tiny_pack, sharpness=3)
    pack = recalibrate(tiny_pack, readings, "the ward", tmp_path / "new", teller)
    (told,) = [line for line in teller.said if line.startswith("Temperature")]
    words = r"accuracy on 3,000 scans: \+\d+\.\d points before, [+-]\d\.\d now \(above 0: overconfident\)"
    assert re.search(words, told)
    card = open_pack(pack.folder).card
    assert card.temperature == pytest.approx(3, rel=0.1)
    sure, said = readings.probabilities.max(axis=1), readings.probabilities.argmax(axis=1)
    too_sure = 100 * (sure.mean() - (said == readings.labels).mean())
    assert f": {too_sure:+.1f} points before" in told
    assert card.training["calibrated_on"] == {
        "data": "the ward",
        "scans": 3_000,
        "from": tiny_pack.card.id,
    }
    assert temperature_words(card) == "The temperature was refitted (the ward)."
    assert "on validation scans" in temperature_words(tiny_pack.card)
    assert card.id != tiny_pack.card.id
    assert card.reference_logits == tiny_pack.card.reference_logits


def test_a_few_easy_scans_leave_the_temperature_near_the_former(tiny_pack, tmp_path):
    classes = tiny_pack.card.classes
    card = replace(tiny_pack.card, temperature=1.5)
    pack = write_pack(tmp_path / "warm", card, tiny_pack.model_file)
    logits = np.zeros((12, len(classes)))
    logits[:, 0] = 12.0
    scans = [LabelledScan(Path(f"{i}.png"), classes[0], "", "ward") for i in range(12)]
    readings = Readings(scans, softmax(logits, 1.5), np.zeros(12, np.int64), [])
    new = recalibrate(pack, readings, "the ward", tmp_path / "new", Teller())
    assert 1.2 < new.card.temperature < 1.5


def test_recorded_tests_stay_but_for_their_calibration_error(tiny_pack, tmp_path):
    readings = sure_readings(tiny_pack, sharpness=3)
    result = measure(readings, tiny_pack.card.classes, protocol="honest", data="made")
    tested = replace(tiny_pack, card=replace(tiny_pack.card, results=(result,)))
    card = recalibrate(tested, readings, "the ward", tmp_path / "new", Teller()).card
    assert card.results == (replace(result, expected_calibration_error=None),)


def test_the_command_leaves_test_scans_alone_and_changes_no_verdict(
    tiny_pack, four_classes, tmp_path, capsys
):
    output = tmp_path / "new"
    arguments = [str(tiny_pack.folder), str(four_classes), "--output", str(output)]
    assert main(["calibrate", *arguments]) == 0
    assert "Temperature" in capsys.readouterr().err
    pack = open_pack(output)
    assert pack.card.training["calibrated_on"]["scans"] == 32  # eight a class; two are for the test
    scans = [
        LabelledScan(path, "glioma", "", "x")
        for path in sorted((four_classes / "Testing" / "glioma").iterdir())
    ]
    before, after = (read_all(one, scans).probabilities for one in (tiny_pack, pack))
    assert before.argmax(axis=1).tolist() == after.argmax(axis=1).tolist()
    assert main(["calibrate", *arguments]) == 1
    assert "exists already" in capsys.readouterr().err


def test_the_command_fits_to_the_scans_that_chose_a_run_s_best_epoch(
    tiny_pack, request_for, tmp_path, capsys
):
    request = request_for()
    material = split(request, gather(request), tmp_path / "none", Teller())
    run, output = tmp_path / "run", tmp_path / "new"
    run.mkdir()
    (run / "request.json").write_text(json.dumps(request.to_json()))
    note_split(run, SplitNote(material.splits, material.classes, {}))
    arguments = [str(tiny_pack.folder), "--validation-of", str(run), "--output", str(output)]
    assert main(["calibrate", *arguments]) == 0
    fitted = open_pack(output).card.training["calibrated_on"]
    chose = len(material.splits.validation)
    assert (fitted["scans"], fitted["data"]) == (chose, "the validation scans of four")
    assert "it may have been trained on these scans" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("named", "words"),
    [
        (
            ["scans", "--validation-of", "run"],
            "Name a data set or, with --validation-of, a run; not both",
        ),
        ([], "Name a data set to calibrate on or, with --validation-of, the work folder"),
    ],
)
def test_either_a_data_set_or_a_run_is_named(tiny_pack, tmp_path, capsys, named, words):
    output = str(tmp_path / "new")
    assert main(["calibrate", str(tiny_pack.folder), *named, "--output", output]) == 1
    assert words in capsys.readouterr().err


def test_test_scans_alone_are_refused(tiny_pack, four_classes, tmp_path, capsys):
    for file in (four_classes / "Training").rglob("*.png"):
        file.unlink()
    arguments = [str(tiny_pack.folder), str(four_classes), "--output", str(tmp_path / "new")]
    assert main(["calibrate", *arguments]) == 1
    assert not (tmp_path / "new").exists()
    assert "outside the test set, received none" in capsys.readouterr().err


def test_scans_that_would_count_twice_are_refused(tiny_pack, four_classes, tmp_path, capsys):
    places = [str(four_classes), str(four_classes / "Training")]
    arguments = [str(tiny_pack.folder), *places, "--output", str(tmp_path / "new")]
    assert main(["calibrate", *arguments]) == 1
    assert "32 scans are in more than one of" in capsys.readouterr().err


def test_a_model_that_was_trained_on_the_data_set_is_told(
    tiny_pack, four_classes, tmp_path, capsys
):
    trained = {"request": {"protocol": "honest", "datasets": [four_classes.name]}}
    card = replace(tiny_pack.card, training=trained)
    known = write_pack(tmp_path / "known", card, tiny_pack.model_file)
    arguments = [str(known.folder), str(four_classes), "--output", str(tmp_path / "new")]
    assert main(["calibrate", *arguments]) == 0
    assert f"was trained on {four_classes.name}" in capsys.readouterr().err


def test_scans_whose_class_is_known_in_part_are_left_out(tiny_pack, four_classes, tmp_path, capsys):
    files = sorted((four_classes / "Training").rglob("*.png"))
    labels = [file.parent.name for file in files]
    labels[0] = "glioma|meningioma"
    table = four_classes / "scans.csv"
    rows = [f"{file},{label}" for file, label in zip(files, labels, strict=True)]
    table.write_text("\n".join(["path,label", *rows]), encoding="utf-8")
    output = tmp_path / "new"
    assert main(["calibrate", str(tiny_pack.folder), str(table), "--output", str(output)]) == 0
    assert "Left out: 1 scan that may be of several classes." in capsys.readouterr().err
    assert open_pack(output).card.training["calibrated_on"]["scans"] == 31


def test_scans_that_are_all_known_in_part_are_refused(tiny_pack, four_classes, tmp_path, capsys):
    files = sorted(four_classes.rglob("*.png"))
    rows = [
        f"{file},{file.parent.name},test" if "Testing" in file.parts else f"{file},glioma|notumor,"
        for file in files
    ]
    table = four_classes / "scans.csv"
    table.write_text("\n".join(["path,label,split", *rows]), encoding="utf-8")
    arguments = [str(tiny_pack.folder), str(table), "--output", str(tmp_path / "new")]
    assert main(["calibrate", *arguments]) == 1
    told = capsys.readouterr().err
    assert "Left out: 32 scans that may be of several classes." in told
    assert "Expected scans of known class outside the test set, received none." in told


def test_copies_of_test_scans_and_their_patients_are_left_out(
    tiny_pack, four_classes, tmp_path, capsys
):
    tested, other = sorted((four_classes / "Testing" / "glioma").iterdir())
    mirrored = cv2.flip(cv2.imread(str(tested)), 1)
    cv2.imwrite(str(four_classes / "Training" / "glioma" / "mirrored.png"), mirrored)
    arguments = ["calibrate", str(tiny_pack.folder)]
    assert main([*arguments, str(four_classes), "--output", str(tmp_path / "new")]) == 0
    assert "or being of the same patient: 1 scan." in capsys.readouterr().err
    assert open_pack(tmp_path / "new").card.training["calibrated_on"]["scans"] == 32
    table = four_classes / "scans.csv"
    files = sorted((four_classes / "Training").rglob("[0-9]*.png"))
    rows = [f"{file},{file.parent.name},,{'p' if n % 2 else ''}" for n, file in enumerate(files)]
    rows.append(f"{other},glioma,test,p")
    table.write_text("\n".join(["path,label,split,patient", *rows]), encoding="utf-8")
    assert main([*arguments, str(table), "--output", str(tmp_path / "patients")]) == 0
    assert open_pack(tmp_path / "patients").card.training["calibrated_on"]["scans"] == 16


def test_only_copies_of_test_scans_are_refused(tiny_pack, four_classes, tmp_path, capsys):
    for file in (four_classes / "Training").rglob("*.png"):
        file.unlink()
    for file in (four_classes / "Testing").rglob("*.png"):
        shutil.copy(file, four_classes / "Training" / file.parent.name / file.name)
    arguments = [str(tiny_pack.folder), str(four_classes), "--output", str(tmp_path / "new")]
    assert main(["calibrate", *arguments]) == 1
    assert "only copies of the test scans" in capsys.readouterr().err


def test_a_calibrated_model_tells_which_scans_it_was_fitted_to(
    tiny_pack, four_classes, tmp_path, capsys
):
    training, output = four_classes / "Training", tmp_path / "new"
    assert main(["calibrate", str(tiny_pack.folder), str(training), "--output", str(output)]) == 0
    again = tmp_path / "again"
    arguments = ["calibrate", str(output), str(four_classes / "Testing"), "--output", str(again)]
    assert main(arguments) == 0
    scans = read_dataset(training)
    fitted = "The temperature of Mine was fitted to 32 of 32 scans tested"
    for folder in (output, again):
        assert fitted_to_these("Mine", open_pack(folder), scans).startswith(fitted)
    assert fitted_to_these("Mine", tiny_pack, scans) == ""
    assert trained_by(open_pack(again)) is None
    capsys.readouterr()
    assert main(["evaluate", str(output), str(training)]) == 0
    said = capsys.readouterr().err
    assert "was fitted to 32 of 32 scans tested, by its own record" in said
