from dataclasses import replace

from btgui.engine.models.pack import SCANS_FILE, write_pack
from btgui.engine.preprocessing import PLAIN
from btgui.views.training_wizard.run_summary import run_summary


def test_a_model_is_called_by_its_name_and_not_its_folder(draft, tiny_pack):
    draft.weights = str(tiny_pack.folder)
    assert f"from the model {tiny_pack.card.name}." in run_summary(draft)


def test_of_very_many_classes_the_first_are_named(draft):
    draft.scans = [replace(draft.scans[0], label=f"class {n:02d}") for n in range(15)]
    assert "15 classes: class 00, " in run_summary(draft)
    assert "class 09 and 5 more." in run_summary(draft)


def test_copies_that_will_be_left_out_are_counted(draft, audit_of, leak):
    draft.audit = audit_of(draft, leaked_test_scans=1, leaks=[leak])
    said = run_summary(draft)
    assert "About 19 scans for training, 4 to choose the best epoch, 4 for the test." in said
    assert "left out of the training: 1 of them (honest protocol)" in said


def test_scans_left_out_for_the_validation_part_are_counted(draft, audit_of):
    first, second, *others = draft.scans
    draft.scans = [replace(first, split="validation"), second, *others]
    draft.audit = audit_of(draft, together=[[str(first.path), str(second.path)]])
    said = run_summary(draft)
    assert "Copies of test scans are left out of the training (honest protocol)." in said
    assert "1 scan related to the data set's own validation scans" in said
    assert "one patient) is left out too." in said


def test_another_preprocessing_than_the_usual_is_told(draft):
    assert "prepared" not in run_summary(draft)
    draft.preprocessing = PLAIN
    assert "prepared as for that model" in run_summary(draft)


def test_that_fewer_are_tested_is_told_where_the_start_records_its_scans(
    draft, tiny_pack, tmp_path
):
    record = tmp_path / SCANS_FILE
    record.write_bytes(b"")
    told = "these numbers may be lower"
    draft.weights = str(tiny_pack.folder)
    assert told not in run_summary(draft)  # it records none
    recording = write_pack(tmp_path / "pack", tiny_pack.card, tiny_pack.model_file, (record,))
    draft.weights = str(recording.folder)
    assert told in run_summary(draft)
    draft.protocol = "published"
    assert told not in run_summary(draft)
