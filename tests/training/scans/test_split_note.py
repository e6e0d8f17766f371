import json
from dataclasses import replace

import pytest

from btgui.engine.datasets.dataset import LabelledScan
from btgui.engine.errors import TrainingError
from tests.training.conftest import Teller
from training.fitting.material import gather, part_of_run, split
from training.scans.split_note import SplitNote, forget_split, note_split, noted_split
from training.scans.splits import Splits


@pytest.fixture
def note(tmp_path):
    scans = [
        LabelledScan(tmp_path / f"{number}.png", label, "train", "made")
        for number, label in enumerate("abab")
    ]
    return SplitNote(
        Splits(scans[:2], scans[2:3], scans[3:], 7, crossing=2, learned=1),
        ("a", "b"),
        {scan.path: f"{number}{number}" for number, scan in enumerate(scans[:3])},
        frozenset({tmp_path / "copy.png"}),
        display_names=(("a", "First"), ("b", "Second")),
    )


def test_a_split_comes_back_as_it_was_noted(note, tmp_path):
    assert noted_split(tmp_path) is None
    note_split(tmp_path, note)
    assert noted_split(tmp_path) == note
    forget_split(tmp_path)
    assert noted_split(tmp_path) is None


def test_a_note_of_an_earlier_version_counts_what_was_left_out_as_one_number(note, tmp_path):
    note_split(tmp_path, note)
    file = tmp_path / "split.json"
    content = json.loads(file.read_text())
    del content["crossing"], content["learned"]
    file.write_text(json.dumps(content))
    splits = noted_split(tmp_path).splits
    assert (splits.left_out, splits.crossing, splits.learned) == (7, 0, 0)


@pytest.mark.parametrize("even", [False, True])
def test_a_run_of_an_earlier_version_goes_on_with_even_cells(note, tmp_path, even):
    note_split(tmp_path, replace(note, even_cells=even))
    assert noted_split(tmp_path).even_cells == even
    file = tmp_path / "split.json"
    content = json.loads(file.read_text())
    del content["even_cells"]
    file.write_text(json.dumps(content))
    assert noted_split(tmp_path).even_cells


@pytest.mark.parametrize("text", ['{"train": 0.8}', "[]", "my own"])
def test_a_file_of_that_name_that_no_run_wrote_stays(tmp_path, text):
    (tmp_path / "split.json").write_text(text)
    with pytest.raises(TrainingError, match="another --work folder"):
        forget_split(tmp_path)
    assert (tmp_path / "split.json").read_text() == text


def test_digests_are_of_the_scan_without_its_mask_and_in_no_telling_order(note):
    first, second = note.splits.train
    masked = replace(note, keys={first.path: "bb+mask", second.path: "aa"})
    assert masked.digests() == {"train": ["aa", "bb"], "validation": [], "test": []}


def test_the_patient_is_not_written_down(note, tmp_path):
    train = [replace(scan, patient="Smith^John") for scan in note.splits.train]
    note_split(tmp_path, replace(note, splits=replace(note.splits, train=train)))
    assert "Smith" not in (tmp_path / "split.json").read_text()


def test_what_joined_the_data_set_and_what_left_it_is_said(note, tmp_path):
    left_out = LabelledScan(tmp_path / "copy.png", "a", "train", "made")
    assert note.changes([*note.scans, left_out]) == []
    new = replace(left_out, path=tmp_path / "new.png")
    joined, left = note.changes([*note.scans[:2], left_out, new])
    assert joined.endswith("not used: 1 scan.")
    assert left.startswith("Not in the data set any more: 2 scans of this run")


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"train": [{}]}'])
def test_a_note_that_is_spoilt_is_told(tmp_path, text):
    (tmp_path / "split.json").write_text(text)
    with pytest.raises(TrainingError, match=r"split\.json, which records .* cannot be read"):
        noted_split(tmp_path)


def test_a_full_disk_is_told(note, tmp_path, monkeypatch):
    def full(_number):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(TrainingError, match=r"No space left on device\. Free some space"):
        note_split(tmp_path, note)
    assert not list(tmp_path.iterdir())


def test_scans_of_a_run_keep_the_patients_that_a_table_names(request_for, make_heads, tmp_path):
    rows = [f"{file},{'ab'[n % 2]},{n // 4}" for n, file in enumerate(make_heads(12))]
    table = tmp_path / "scans.csv"
    table.write_text("\n".join(["path,label,patient", *rows]))
    request = request_for(datasets=(str(table),), test_fraction=0.4)
    material = split(request, gather(request), tmp_path / "none", Teller())
    run = tmp_path / "run"
    run.mkdir()
    (run / "request.json").write_text(json.dumps(request.to_json()))
    note_split(run, SplitNote(material.splits, material.classes, {}))
    for test in (True, False):
        part = part_of_run(run, Teller(), test=test)
        assert part.scans
        assert {scan.patient for scan in part.scans} <= {"0", "1", "2"}


@pytest.mark.parametrize("given", ["folders", "train", ""])
def test_beside_test_scans_copies_that_were_left_out_count_as_training_s(
    given, small_dataset, request_for, tmp_path
):
    data = small_dataset
    if given != "folders":
        rows = [
            f"{file},{file.parent.name},{'test' if 'Testing' in file.parts else given}"
            for file in sorted(small_dataset.rglob("*.png"))
        ]
        data = tmp_path / "scans.csv"
        data.write_text("\n".join(["path,label,split", *rows]))
    request = request_for(datasets=(str(data),), protocol="honest")
    material = split(request, gather(request), tmp_path / "none", Teller())
    run = tmp_path / "run"
    run.mkdir()
    (run / "request.json").write_text(json.dumps(request.to_json()))
    note_split(run, SplitNote(material.splits, material.classes, {}))
    copied = small_dataset / "Training" / "tumour" / "03.png"  # of a test scan
    assert copied not in {scan.path for scan in material.splits.train}
    assert copied in {scan.path for scan in part_of_run(run, Teller(), test=True).trained}
    choosing = part_of_run(run, Teller())
    assert {scan.path for scan in choosing.trained} == {s.path for s in material.splits.train}
