"""The whole evaluation of the small model: command, page, pictures and figures."""

import csv
import json
import re
import shutil
from dataclasses import replace

import cv2
import numpy as np
import pytest

from btgui.engine.datasets.dataset import read_dataset
from btgui.engine.disk.files import sha256_of
from btgui.engine.models.pack import write_pack
from btgui.engine.training_request import TrainingRequest
from btgui.engine.training_runs.events import Progress
from training.__main__ import main
from training.evaluating.evaluation import wilson_interval
from training.fitting.save_model import fingerprint
from training.scans.split_note import SplitNote, note_split
from training.scans.splits import Splits


@pytest.fixture
def outlined(four_classes):
    """A table of outlines of two gliomas in the test part, with their planes."""
    table = four_classes.parent / "masks.csv"
    mask = np.zeros((96, 96), np.uint8)
    cv2.circle(mask, (34, 34), 8, 255, -1)
    cv2.imwrite(str(table.with_name("mask.png")), mask)
    with table.open("w", newline="", encoding="utf-8") as stream:
        rows = csv.writer(stream)
        rows.writerow(["image", "mask", "plane"])
        rows.writerows([[f"Testing/glioma/{n:02d}.png", "mask.png", "axial"] for n in range(2)])
    return table


def test_everything_is_measured_and_written(
    tiny_pack, four_classes, outlined, make_heads, tmp_path, capsys
):
    make_heads(2)
    strange = tmp_path / "strange"
    strange.mkdir()
    for file in tmp_path.glob("head-*.png"):
        file.rename(strange / file.name)
    report = tmp_path / "report"
    arguments = [tiny_pack.folder, four_classes, "--report", report, "--masks", outlined]
    arguments += ["--planes", outlined, "--group-by", "(0)", "--strangers", strange]
    assert main(["evaluate", *map(str, arguments)]) == 0
    figures = json.loads((report / "evaluation.json").read_text(encoding="utf-8"))
    assert json.loads(capsys.readouterr().out)["count"] == figures["count"] == 8
    assert set(figures["groups"]) == {
        "By folder",
        "By likeness to the training folder",
        "By plane",
        "By name",
    }
    assert figures["groups"]["By plane"]["axial"]["count"] == 2
    assert figures["strangers_called_healthy"]["strange"]["count"] == 2
    assert {row["stage"] for row in figures["pointing"]} == {f"Stage {n}" for n in range(1, 6)}
    assert len(figures["randomisation"]) == 6
    page = (report / "index.html").read_text(encoding="utf-8")
    for picture in ("confusion.png", "roc.png", "reliability.png", "randomisation.png"):
        assert f"src='{picture}'" in page
        assert cv2.imread(str(report / picture)) is not None
    wrong = figures["count"] - figures["correct"]
    assert len(list((report / "mistakes").iterdir())) == wrong
    assert "Not a medical device" in page
    assert "with 15 px" in page
    assert "Intervals treat scans as independent" in page
    assert figures["patients"] is None
    assert "grad_cam" not in page
    assert "plus plus" not in page
    assert page.index("<td class=words>Stage 5</td><td class=words>Grad-CAM") < page.index(
        "<td class=words>Stage 1</td>"
    )
    assert "<td class=words>Glioma</td><td class=words>Grad-CAM++</td>" in page
    assert "The training data of Small test model is not recorded." in page
    assert str(tmp_path) not in page


@pytest.fixture
def evaluated(tiny_pack, tmp_path, capsys, unrendered):
    """Return a function that runs the command and returns its page, figures and lines."""

    def run(*arguments):
        report = tmp_path / "report"
        command = ["evaluate", tiny_pack.folder, *arguments, "--report", report]
        assert main([str(one) for one in command]) == 0
        figures = json.loads((report / "evaluation.json").read_text(encoding="utf-8"))
        return (report / "index.html").read_text(encoding="utf-8"), figures, capsys.readouterr().err

    return run


def test_a_report_may_be_one_page(tiny_pack, four_classes, tmp_path):
    file, listed = tmp_path / "report.html", tmp_path / "scans.csv"
    arguments = [tiny_pack.folder, four_classes, "--report", file, "--scan-list", listed]
    assert main(["evaluate", *map(str, arguments)]) == 0
    text = file.read_text(encoding="utf-8")
    assert text.count("<img src='data:image/png;base64,") == 3
    assert "<img src='data:image/jpeg;base64," in text
    assert len(re.findall("<img ", text)) == text.count("<img src='data:")
    with listed.open(newline="", encoding="utf-8-sig") as stream:
        rows = {row["number"]: row for row in csv.DictReader(stream)}
    shown = re.findall(r"Scan (\d+), (\S+): true class", text)
    wrong = {number for number, row in rows.items() if row["class"] != row["verdict"]}
    assert {number for number, _ in shown} == wrong
    assert all(rows[number]["path"].endswith(name) for number, name in shown)


def test_intervals_are_of_patients_where_file_names_tell_them(evaluated, four_classes):
    page, figures, said = evaluated(four_classes, "--patients", "^0(.)")
    assert figures["patients"] == {"count": 2, "scans": 8, "words": "2 patients"}
    assert "8 scans of 2 patients, " in page
    assert "Intervals are based on 2 patients, not on scans" in page
    assert "<td>2<small>2 patients</small></td>" in page
    assert ", from 2 patients)" in said
    alone = wilson_interval(figures["correct"], 8)
    assert figures["interval"][1] - figures["interval"][0] > alone[1] - alone[0]


def test_beside_a_number_of_scans_stands_of_how_many_no_patient_is_known(evaluated, four_classes):
    page, figures, _ = evaluated(four_classes, "--patients", "^0(0)")
    words = "1 patient (patient unknown for 4 scans)"
    assert figures["patients"] == {"count": 1, "scans": 4, "words": words}
    assert "<td>2<small>1 patient (patient unknown for 1 scan)</small></td>" in page


def test_file_names_tell_the_patients_of_strangers_too(evaluated, four_classes, tmp_path):
    places = [four_classes.rename(tmp_path / "known"), tmp_path / "strange", tmp_path / "others"]
    for place, name in zip(places[1:], ("0{}.png", "x{}.png"), strict=True):
        place.mkdir()
        for n, file in enumerate(sorted((places[0] / "Training" / "glioma").glob("*.png"))[:3]):
            shutil.copy(file, place / name.format(n))
    named = ("--strangers", places[1], "--strangers", places[2], "--patients", "^(0)")
    page, figures, _ = evaluated(places[0], *named)
    found = figures["strangers_called_healthy"]
    assert found["strange"]["patients"] == {"count": 1, "scans": 3, "words": "1 patient"}
    assert found["others"]["patients"] is None
    assert "<td>3<small>1 patient</small></td>" in page


def test_a_table_s_patients_make_intervals_wider_and_are_named_nowhere(
    evaluated, four_classes, tmp_path
):
    table = tmp_path / "scans.csv"
    with table.open("w", newline="", encoding="utf-8") as stream:
        rows = csv.writer(stream)
        rows.writerow(["path", "label", "split", "patient"])
        for file in sorted((four_classes / "Testing").rglob("*.png")):
            rows.writerow([file, file.parent.name, "test", f"Meyer-{file.stem}"])
    page, figures, said = evaluated(table)
    assert figures["patients"] == {"count": 2, "scans": 8, "words": "2 patients"}
    assert "Meyer" not in page + said + json.dumps(figures)


def test_another_model_stands_beside_on_the_page(evaluated, tiny_pack, four_classes, tmp_path):
    card = replace(tiny_pack.card, id="other", name="Other <model>")
    other = write_pack(tmp_path / "other", card, tiny_pack.model_file)
    page, figures, _ = evaluated(four_classes, "--against", other.folder, "--patients", "^0(.)")
    assert figures["against"]["model"] == "Other <model>"
    assert "Compared with Other &lt;model&gt;, on the scans that both could read" in page
    assert "exact test by patient, that is, how often equally good models" in page
    assert "by chance, corrected for the number of rows (Holm)" in page
    assert "a larger p does not show that the models are equally good" in page
    right = f"{100 * figures['accuracy']:.1f}\N{NO-BREAK SPACE}%"
    row = f"<td class=words>All</td><td>8</td><td>{right}</td><td>{right}</td><td>1.000</td>"
    assert row in page


def test_what_is_told_while_two_models_read_is_scans_not_readings(
    tiny_pack, four_classes, events_told
):
    arguments = [tiny_pack.folder, four_classes, "--against", tiny_pack.folder, "--events"]
    assert main(["evaluate", *map(str, arguments)]) == 0
    told = [one for one in events_told.of(Progress) if one.phase == "reading"]
    assert {one.total for one in told} == {8}
    assert [one.done for one in told] == sorted(one.done for one in told)
    assert told[-1].done == 8


def test_another_model_of_the_same_name_is_told_by_its_id(
    evaluated, tiny_pack, four_classes, tmp_path
):
    card = replace(tiny_pack.card, id="calibrated-anew")
    other = write_pack(tmp_path / "other", card, tiny_pack.model_file)
    page, _, _ = evaluated(four_classes, "--against", other.folder)
    assert "Compared with calibrated-anew, on the scans that both could read" in page
    assert f"<th>{tiny_pack.card.id}: correct</th><th>calibrated-anew: correct</th>" in page


def test_a_plain_data_set_beside_one_with_a_test_part_is_measured_and_told_of(
    evaluated, four_classes, tmp_path
):
    shutil.copytree(four_classes / "Training", tmp_path / "plain")
    page, figures, said = evaluated(four_classes, tmp_path / "plain")
    assert figures["count"] == 8 + 32
    caution = "plain names no test scans, so all of its 32 scans were tested."
    assert caution in page
    assert caution in said
    assert caution in figures["cautions"]
    assert (
        figures["groups"]["By likeness to the training folder"]["copies of training scans"]["count"]
        == 32
    )
    assert "including scans that an honest run leaves out" in page


def test_a_training_part_alone_is_not_held_against_itself(evaluated, four_classes):
    shutil.rmtree(four_classes / "Testing")
    page, figures, said = evaluated(four_classes)
    assert figures["count"] == 32
    assert "By likeness to the training folder" not in figures["groups"]
    assert figures["leak_free"] is None
    for text in (page, said):
        assert "all of its 32 scans were tested, 32 of them from its training part" in text
    assert "no copy of a test scan of its own data set" in page


def test_the_summary_and_the_calibration_have_intervals(evaluated, four_classes):
    page, figures, _ = evaluated(four_classes)
    assert {"weighted_precision", "weighted_recall", "weighted_specificity"} <= set(
        figures["summary"]
    )
    assert "Specificity, weighted" in page
    after = figures["calibration"]["after"]
    assert after["low"] <= after["value"] <= after["high"]
    assert after["value"] == figures["calibration_error"]["after"]
    assert 0 < after["by_chance"] < 1
    assert "By chance alone" in page
    assert "averaged by their numbers of scans" in page
    assert "a class that is never the verdict counts with 0" in page
    area = figures["classes"]["glioma"]["auc"]
    assert f"<td>{area['value']:.3f}<small>{area['low']:.3f} to {area['high']:.3f}" in page


@pytest.fixture
def run_of_pack(tiny_pack, four_classes, tmp_path, unrendered):
    """The work folder of a published run, and a model that was trained with its split.

    Two of the eight scans that test are copies of scans that train.
    """
    copied = four_classes / "Training" / "glioma" / "00.png"
    for index in range(2):
        shutil.copy(copied, four_classes / "Testing" / "glioma" / f"{index:02d}.png")
    scans = read_dataset(four_classes)
    train = [scan for scan in scans if scan.split == "train"]
    splits = Splits(train[::2], train[1::2], [scan for scan in scans if scan.split == "test"], 0)
    keys = {scan.path: sha256_of(scan.path) for scan in scans}
    note = SplitNote(splits, tiny_pack.card.classes, keys)
    run = tmp_path / "run"
    run.mkdir()
    request = TrainingRequest(
        datasets=(str(four_classes),),
        output=str(tmp_path / "model"),
        name="Mine",
        architecture="mobilenetv2",
        protocol="published",
    )
    (run / "request.json").write_text(json.dumps(request.to_json()), encoding="utf-8")
    note_split(run, note)
    trained = {"request": request.without_paths()}
    card = replace(
        tiny_pack.card, training=trained, dataset_fingerprint=fingerprint(note.digests())
    )
    return run, write_pack(tmp_path / "own", card, tiny_pack.model_file)


def evaluate_run(pack, tmp_path, *arguments):
    report = tmp_path / "report"
    command = ["evaluate", pack.folder, *arguments, "--report", report]
    assert main([str(one) for one in command]) == 0
    return json.loads((report / "evaluation.json").read_text(encoding="utf-8"))


def test_a_run_s_own_test_tells_of_copies_among_the_scans_that_trained(run_of_pack, tmp_path):
    run, pack = run_of_pack
    figures = evaluate_run(pack, tmp_path, "--test-of", run)
    by_likeness = figures["groups"]["By likeness to the training folder"]
    assert by_likeness["copies of training scans"]["count"] == 2
    assert figures["leak_free"]["count"] == 6
    (caution,) = figures["cautions"]
    assert "under the published protocol on four, this data set, and 2 of 8 scans" in caution


def test_scans_that_chose_a_model_are_said_to_flatter_it(run_of_pack, tmp_path):
    run, pack = run_of_pack
    saved = tmp_path / "saved"
    figures = evaluate_run(pack, tmp_path, "--validation-of", run, "--save-to", saved)
    assert any(
        "chose the best epoch and the temperature of Small test model" in one
        for one in figures["cautions"]
    )
    # What chose a model is no test of it: no card says so.
    assert not saved.exists()


def test_a_run_of_another_split_is_told_of(run_of_pack, tiny_pack, tmp_path):
    run, _ = run_of_pack
    figures = evaluate_run(tiny_pack, tmp_path, "--validation-of", run)
    assert any("with another split than this run's" in one for one in figures["cautions"])
    assert not any("chose the best epoch" in one for one in figures["cautions"])


def test_a_class_without_scans_is_null_in_json_and_a_dash_on_the_page(evaluated, four_classes):
    shutil.rmtree(four_classes / "Testing" / "glioma")
    page, figures, _ = evaluated(four_classes)
    assert figures["classes"]["glioma"]["recall"]["value"] is None
    assert figures["cautions"][0].startswith("No scan of Glioma was tested")
    assert figures["summary"]["mean_auc"]["value"] is None
    assert "<td class=words>Glioma</td><td>0</td><td>\N{EN DASH}</td>" in page


def test_a_test_of_one_class_has_no_curves(evaluated, four_classes):
    for name in ("glioma", "meningioma", "notumor"):
        shutil.rmtree(four_classes / "Testing" / name)
    page, figures, _ = evaluated(four_classes)
    assert figures["summary"]["weighted_specificity"]["value"] is None
    assert "confusion.png" in page
    assert "roc.png" not in page


def test_outlines_of_other_scans_are_told_of_on_the_page(evaluated, four_classes, outlined):
    outlined.write_text("image,mask\nTraining/glioma/00.png,mask.png\n", encoding="utf-8")
    page, figures, _ = evaluated(four_classes, "--masks", outlined)
    assert "none of the tested scans has an outline" in page
    assert figures["outlined_scans"] == 0


@pytest.fixture
def nothing_is_read(monkeypatch):
    """Make the test fail if a command begins to read the scans."""
    monkeypatch.setattr(
        "training.evaluating.evaluation.read_all", lambda *_: pytest.fail("it read scans")
    )


def test_what_cannot_be_written_or_counted_is_told_before_reading(
    tiny_pack, four_classes, tmp_path, capsys, nothing_is_read
):
    names = ("a", "b", "c", "d")
    card = replace(tiny_pack.card, id="two", classes=names, display_names=names)
    without_healthy = write_pack(tmp_path / "two", card, tiny_pack.model_file)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine").touch()
    for model, arguments, words in (
        (tiny_pack, ("--json", tmp_path / "nofolder" / "x.json"), "Create it first"),
        (tiny_pack, ("--report", tmp_path / "full"), "is not an empty folder"),
        (tiny_pack, ("--save-to", tmp_path / "full"), "exists already"),
        # Not "of class notumor", of which strangers are to be no scans.
        (tiny_pack, ("--strangers", tmp_path / "none"), "Expected a folder of scans; "),
        (tiny_pack, ("--masks", tmp_path / "none.csv"), "was not found"),
        (tiny_pack, ("--group-by", "("), "regular expression"),
        (tiny_pack, ("--patients", "nobody(.)"), "finds nothing in any"),
        (tiny_pack, ("--explain-limit", "0"), "to be 1 or more, received 0"),
        (
            without_healthy,
            ("--strangers", four_classes),
            "one class named notumor, normal, healthy or the like, received one with a",
        ),
    ):
        assert main(["evaluate", *map(str, (model.folder, four_classes, *arguments))]) == 1
        assert words in capsys.readouterr().err
