import json
import shutil
import tracemalloc
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from btgui.engine.datasets.dataset import read_dataset
from btgui.engine.errors import Cancelled
from btgui.engine.training_runs.events import Command, Ended, Progress
from tests.training.conftest import Teller, draw_head, write_heads
from training.__main__ import main
from training.auditing.audit import audit
from training.auditing.report import write_report
from training.control import Control
from training.grouping.copies import TRANSFORMS, CopyPair

SILENT = Teller()


@pytest.fixture(autouse=True)
def no_shortcuts(monkeypatch):
    """Skip the search for shortcuts, which is slow and has tests of its own."""
    monkeypatch.setattr("training.auditing.audit.find_shortcuts", lambda *_: [])


@pytest.fixture
def grey(small_dataset):
    def read(name: str) -> np.ndarray:
        return cv2.imread(str(small_dataset / name), cv2.IMREAD_GRAYSCALE)

    return read


def found_in(folder):
    return audit(read_dataset(folder), SILENT)


def test_a_mirrored_test_scan_is_found_with_its_training_scan(small_dataset):
    found = found_in(small_dataset)
    (leak,) = [pair for pair in found.leaks if pair.kind != "near"]
    assert leak.first.path == small_dataset / "Testing" / "tumour" / "00.png"
    assert leak.second.path == small_dataset / "Training" / "tumour" / "03.png"
    assert (leak.kind, leak.transform) == ("copy", "mirrored")
    assert leak.similarity > 0.99
    assert found.leaked_tests == 1


def test_each_transform_is_named_as_what_turns_the_training_scan_into_the_test_scan(
    small_dataset, grey
):
    original = grey("Training/healthy/05.png")
    for index in range(8):
        mirrored = original[:, ::-1] if index >= 4 else original
        turned = np.ascontiguousarray(np.rot90(mirrored, index % 4))
        cv2.imwrite(str(small_dataset / "Testing" / "healthy" / f"turned-{index}.png"), turned)
    leaks = [pair for pair in found_in(small_dataset).leaks if pair.kind != "near"]
    named = {
        pair.first.path.stem: pair.transform for pair in leaks if pair.second.label == "healthy"
    }
    assert named == {f"turned-{index}": name for index, name in enumerate(TRANSFORMS)}


def test_scans_that_training_and_validation_share_are_leaks(small_dataset):
    for label in ("healthy", "tumour"):
        place = small_dataset / "Validation" / label
        place.mkdir(parents=True)
        shutil.copy(small_dataset / "Training" / label / "02.png", place)
        shutil.copy(small_dataset / "Testing" / label / "02.png", place / "of-test.png")
    found = found_in(small_dataset)
    copies = [one for one in found.to_json()["leaks"] if one["kind"] == "identical"]
    names = [(one["between"], Path(one[one["between"][0]]).parts[-3]) for one in copies]
    assert (
        names
        == [(["test", "validation"], "Testing")] * 2 + [(["validation", "train"], "Validation")] * 2
    )
    assert found.leaked_tests == 1
    texts = [alarm.text for alarm in found.alarms() if alarm.kind == "leakage"]
    assert [text.split(" scans ")[0] for text in texts] == [
        "1 of 8 test",
        "2 of 8 test",
        "2 of 4 validation",
    ]


def test_splits_that_are_open_share_nothing(small_dataset):
    shutil.copytree(small_dataset / "Training" / "tumour", small_dataset / "Training" / "other")
    assert found_in(small_dataset / "Training").leaks == []


def test_where_others_are_for_the_test_scans_of_no_part_train(small_dataset):
    given = read_dataset(small_dataset)
    blank = [replace(scan, split="" if scan.split == "train" else scan.split) for scan in given]
    expected, found = (audit(scans, SILENT).to_json() for scans in (given, blank))
    assert found["leaked_test_scans"] == 1
    assert found | {"seconds": 0} == expected | {"seconds": 0}


def test_near_copies_are_told_of_within_and_across_classes(small_dataset, grey, tmp_path):
    # A correlation of 0.948: the same head with a part painted over.
    near = grey("Training/tumour/05.png")
    cv2.circle(near, (60, 60), 10, 0, -1)
    cv2.imwrite(str(small_dataset / "Training" / "tumour" / "70.png"), near)
    cv2.imwrite(str(small_dataset / "Training" / "healthy" / "71.png"), near[:, ::-1])
    found = found_in(small_dataset)
    facts = found.to_json()
    kinds = {(one["kind"], *sorted(one["labels"])) for one in facts["label_conflicts"]}
    assert ("near", "healthy", "tumour") in kinds
    ours = [group for group in facts["groups"] if any("70.png" in path for path in group["scans"])]
    assert [(one["label"], one["split"], one["kind"]) for one in ours] == [
        ("tumour", "train", "near")
    ]
    assert facts["near_repeats"]["tumour"] >= 2
    write_report(found, tmp_path / "page.html", "made")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "1 pair of near copies." in page
    assert "Near copies: " in page


def test_copies_within_a_class_are_shown_as_groups(small_dataset, tmp_path):
    for name in ("80.png", "81.png"):
        shutil.copy(
            small_dataset / "Training/healthy/05.png", small_dataset / "Training/healthy" / name
        )
    found = found_in(small_dataset)
    (group,) = [one for one in found.to_json()["groups"] if one["kind"] != "near"]
    assert (group["label"], group["split"], group["kind"]) == ("healthy", "train", "identical")
    assert [Path(path).name for path in group["scans"]] == ["05.png", "80.png", "81.png"]
    assert found.repeats == {"healthy": 3}
    write_report(found, tmp_path / "page.html", "made")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "Copies: 1 group<" in page
    assert "train: healthy, 3 scans: 05.png, 80.png, 81.png" in page


def test_of_scans_that_are_all_alike_the_audit_keeps_no_pairs(small_dataset, monkeypatch):
    """The number of pairs grows with the square of the scans: a video's frames would fill the memory."""
    peaks = []

    def alike(*_):
        tracemalloc.start()
        yield from (CopyPair(0, 1, 0.99, "as it is") for _ in range(20_000))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    monkeypatch.setattr("training.auditing.audit._alike", alike)
    assert sum(found_in(small_dataset).repeats.values()) == 2
    assert peaks[0] < 200_000  # ten bytes a pair


def test_a_class_of_another_size_or_in_colour_raises_the_alarm(small_dataset, tmp_path):
    for file in (small_dataset / "Training" / "tumour").iterdir():
        picture = cv2.imread(str(file))
        cv2.imwrite(str(file), cv2.resize(picture, (120, 100)))
    found = found_in(small_dataset)
    assert found.modes == {"8 bits, grey": 22, "8 bits, colour": 14}
    texts = {alarm.kind: alarm.text for alarm in found.alarms()}
    assert "100 % of “healthy” are 96 x 96, against 22 % of the others" in texts["sizes"]
    assert "100 % of “healthy” are 8 bits, grey, against 22 % of the others" in texts["modes"]
    write_report(found, tmp_path / "page.html", "made")
    assert "depth and colour" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_a_place_that_cannot_be_written_is_told_before_the_work(
    small_dataset, tmp_path, capsys, monkeypatch
):
    monkeypatch.setattr(
        "training.auditing.audit.audit", lambda *_: pytest.fail("it looked at the scans")
    )
    for option in ("--report", "--json"):
        place = str(tmp_path / "nofolder" / "x")
        assert main(["audit", str(small_dataset), option, place]) == 1
        assert "nofolder is not a folder. Create it first" in capsys.readouterr().err


def test_copies_of_different_classes_are_conflicts(small_dataset):
    shutil.copy(
        small_dataset / "Training" / "healthy" / "01.png",
        small_dataset / "Training" / "tumour" / "91.png",
    )
    (conflict,) = found_in(small_dataset).conflicts
    assert {conflict.first.label, conflict.second.label} == {"healthy", "tumour"}


def test_patients_in_more_than_one_part_are_counted(small_dataset):
    scans = [
        replace(scan, patient=scan.path.stem if scan.label == "tumour" else "")
        for scan in read_dataset(small_dataset)
    ]
    found = audit(scans, SILENT)
    assert found.shared_patients == found.to_json()["shared_patients"] == 4
    assert any("4 patients have scans in more than one" in alarm.text for alarm in found.alarms())
    # Scans without a split will be assigned to the split of their patient.
    untested = [replace(scan, split=scan.split.replace("test", "")) for scan in scans]
    assert audit(untested, SILENT).shared_patients == 0


def test_a_class_of_too_few_patients_to_ask_what_gives_it_away_is_named(small_dataset, tmp_path):
    scans = [
        replace(scan, patient=f"p{int(scan.path.stem) % 4}" if scan.label == "tumour" else "")
        for scan in read_dataset(small_dataset)
    ]
    found = audit(scans, SILENT)
    assert not found.shortcuts  # where one of two is not known, neither is the other
    write_report(found, tmp_path / "page.html", "made")
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert found.unmeasured in text
    assert "not be measured for healthy, tumour: there are too few patients" in text


def test_heads_that_the_order_of_files_tells_in_two_parts_raise_the_alarm(tmp_path):
    for seed, label in enumerate(("healthy", "tumour")):
        write_heads(tmp_path / label, seed)
    scans = [
        # One slice of the second head of each class, and all slices of the last head.
        replace(scan, split="test" if int(scan.path.stem[3:]) in {5, *range(44, 48)} else "train")
        for scan in read_dataset(tmp_path)
    ]
    found = audit(scans, SILENT)
    assert (found.shared_heads, found.shared_patients) == (2, 0)
    assert found.to_json()["shared_heads"] == 2
    assert any(
        "2 inferred patients seem to have scans in more" in alarm.text for alarm in found.alarms()
    )


def test_a_number_that_all_files_share_is_said_to_tell_no_patients(small_dataset, monkeypatch):
    monkeypatch.setattr("training.grouping.patients.read_patient_and_study", lambda _: ("ANON", ""))
    teller = Teller()
    assert audit(read_dataset(small_dataset), teller).shared_patients == 0
    assert any("one patient number" in line for line in teller.said)


def test_a_file_that_cannot_be_read_is_reported_and_the_rest_goes_on(small_dataset):
    (small_dataset / "Training" / "tumour" / "bad.png").write_bytes(b"nothing")
    found = found_in(small_dataset)
    assert [path.endswith("bad.png") for path, _ in found.unreadable] == [True]
    assert found.counts["train"] == {"healthy": 14, "tumour": 15}


def test_a_file_of_several_pictures_is_told_of(small_dataset):
    pages = [Image.fromarray(draw_head(seed, tumour=True)) for seed in (900, 901)]
    file = small_dataset / "Training" / "tumour" / "pages.tif"
    pages[0].save(file, save_all=True, append_images=pages[1:])
    found = found_in(small_dataset)
    ((path, remark),) = found.several
    assert (path, remark.partition(";")[0]) == (str(file), "pages.tif holds 2 pictures")
    assert any("1 file holds several pictures" in alarm.text for alarm in found.alarms())
    assert found.to_json()["several"] == [{"path": path, "remark": remark}]
    write_report(found, small_dataset / "page.html", "made")
    page = (small_dataset / "page.html").read_text(encoding="utf-8")
    assert f"<td class=words>{file}</td>" in page
    write_report(replace(found, several=found.several * 203), small_dataset / "page.html", "made")
    page = (small_dataset / "page.html").read_text(encoding="utf-8")
    assert (page.count(f"<td class=words>{file}</td>"), "… and 3 more." in page) == (200, True)


def test_the_command_writes_json_and_a_page_and_never_over_others(small_dataset, tmp_path, capsys):
    page, facts = tmp_path / "audit.html", tmp_path / "audit.json"
    arguments = ["audit", str(small_dataset), "--report", str(page), "--json", str(facts)]
    assert main(arguments) == 0
    told = capsys.readouterr().out
    assert "1 of 8 test scans is a copy of training scans" in told
    assert "not be measured for healthy, tumour: there are too few patients" in told
    (leak,) = [one for one in json.loads(facts.read_text())["leaks"] if one["kind"] == "copy"]
    assert set(leak) == {"test", "train", "between", "kind", "transform", "similarity"}
    assert leak["between"] == ["test", "train"]
    assert leak["test"].endswith("Testing/tumour/00.png")
    assert page.read_text(encoding="utf-8").count("data:image/png;base64") >= 2
    assert main(arguments) == 1
    assert "exists already" in capsys.readouterr().err


def test_the_command_refuses_data_sets_that_share_scans(small_dataset, capsys):
    assert main(["audit", str(small_dataset), str(small_dataset / "Testing")]) == 1
    assert "8 scans are in more than one of" in capsys.readouterr().err


def test_names_in_the_page_cannot_bring_markup(small_dataset, tmp_path):
    (small_dataset / "Training" / "<b>bold").mkdir()
    shutil.copy(
        small_dataset / "Training" / "healthy" / "01.png",
        small_dataset / "Training" / "<b>bold" / "1.png",
    )
    write_report(found_in(small_dataset), tmp_path / "page.html", "<i>title")
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "<b>bold" not in text
    assert "<i>title" not in text


def test_progress_is_told_scan_by_scan(small_dataset, teller):
    audit(read_dataset(small_dataset), teller)
    last = {event.phase: event for event in teller.of(Progress)}
    assert (last["reading"].done, last["reading"].total) == (36, 36)
    assert (last["comparing"].done, last["comparing"].total) == (36, 36)


def test_comparing_block_by_block_finds_the_same(small_dataset, monkeypatch):
    for copy in ("Training/healthy/90.png", "Testing/tumour/91.png", "Training/tumour/92.png"):
        shutil.copy(small_dataset / "Training" / "healthy" / "05.png", small_dataset / copy)

    def alike():
        found = found_in(small_dataset)
        pairs = [*found.leaks, *found.conflicts]
        return {(p.first.path, p.second.path, p.kind, p.transform) for p in pairs}, found.repeats

    whole = alike()
    monkeypatch.setattr("training.auditing.audit._BLOCK", 5)
    assert alike() == whole
    assert len(whole[0]) >= 6


@pytest.mark.parametrize("phase", ["reading", "comparing"])
def test_it_can_be_stopped_in_each_phase(small_dataset, phase):
    control = Control()

    def stop(event):
        if getattr(event, "phase", "") == phase:
            control.tell(Command.STOP)

    with pytest.raises(Cancelled):
        audit(read_dataset(small_dataset), Teller(stop), control)


def test_the_command_tells_events_and_how_it_ended(small_dataset, tmp_path, events_told):
    facts = tmp_path / "audit.json"
    command = ["audit", str(small_dataset), "--json", str(facts), "--events"]
    assert main([*command, "--end-with-input"]) == 4
    assert events_told.events[-1].how == "stopped"
    assert not facts.exists()
    events_told.events.clear()
    assert main(command) == 0
    assert events_told.events[-1] == Ended("succeeded")
    assert {"reading", "comparing"} <= {event.phase for event in events_told.of(Progress)}
    alarms = json.loads(facts.read_text())["alarms"]
    assert "leakage" in {alarm["kind"] for alarm in alarms}


def test_scans_known_in_part_conflict_with_no_class_that_they_may_be_of(small_dataset, teller):
    scans = [
        replace(scan, label="healthy|tumour") if scan.path.stem == "03" else scan
        for scan in read_dataset(small_dataset)
    ]
    copy = small_dataset / "Training" / "tumour" / "14.png"
    shutil.copy(copy.with_stem("03"), copy)
    scans.append(replace(scans[0], path=copy, label="tumour"))
    found = audit(scans, teller)
    assert not found.conflicts
    assert found.imbalance < 2  # "healthy|tumour" is no third class


def test_a_data_set_of_scans_known_in_part_only_is_looked_at_too(small_dataset, teller):
    scans = [replace(scan, label="healthy|tumour") for scan in read_dataset(small_dataset)]
    found = audit(scans, teller)
    assert found.imbalance == 1
    assert found.leaked_tests == 1
    assert not found.conflicts


def test_the_folder_where_one_is_has_its_name_in_the_title(small_dataset, tmp_path, monkeypatch):
    monkeypatch.chdir(small_dataset)
    assert main(["audit", ".", "--report", str(tmp_path / "page.html")]) == 0
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert f"<h1>Audit of {small_dataset.name}</h1>" in page
