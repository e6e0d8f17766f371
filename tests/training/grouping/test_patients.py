from dataclasses import replace

from btgui.engine.datasets.dataset import LabelledScan
from btgui.engine.dicom.source import read_patient_id
from tests.dicom_files import dicom_test_file
from training.grouping.patients import same_patient


def scans_of(*paths):
    return [LabelledScan(path, "a", "", "site") for path in paths]


def test_a_dicom_file_tells_its_patient_and_others_tell_none(small_dataset):
    picture = next(small_dataset.rglob("*.png"))
    mr, ct = dicom_test_file("MR_small.dcm"), dicom_test_file("CT_small.dcm")
    assert read_patient_id(mr)
    assert read_patient_id(mr) != read_patient_id(ct)
    assert read_patient_id(picture) == ""
    assert list(same_patient(scans_of(mr, picture, ct, mr, picture, mr))) == [(0, 3), (3, 5)]


def test_a_broken_or_missing_file_tells_no_patient(tmp_path):
    broken = tmp_path / "broken.dcm"
    broken.write_bytes(dicom_test_file("MR_small.dcm").read_bytes()[:140])
    assert read_patient_id(broken) == ""
    assert read_patient_id(tmp_path / "gone.dcm") == ""


def test_a_table_s_word_goes_before_the_file_s(tmp_path):
    mr = dicom_test_file("MR_small.dcm")
    scans = [replace(scan, patient=name) for scan, name in zip(scans_of(mr, mr), "ab", strict=True)]
    assert list(same_patient(scans)) == []


def test_patients_are_told_apart_within_a_collection():
    mr = dicom_test_file("MR_small.dcm")
    one, other = scans_of(mr, mr)
    assert list(same_patient([one, replace(other, source="elsewhere")])) == []
    # Folders of one collection hold the slices with a tumour and those without, of the same patients.
    ill, healthy = replace(one, source="site/ill"), replace(other, source="site/healthy")
    assert list(same_patient([ill, healthy])) == [(0, 1)]


def test_patients_of_one_name_in_several_sources_are_told(said):
    mr = dicom_test_file("MR_small.dcm")
    scans = [replace(scan, patient="A") for scan in scans_of(mr, mr, mr)]
    scans[1:] = [replace(scan, source="T2") for scan in scans[1:]]
    assert list(same_patient(scans, said.append)) == [(1, 2)]
    (sentence,) = said
    assert sentence.startswith(
        "1 patient name is in more than one source and counts as another patient"
    )
    assert "list the scans in a table that gives them one source" in sentence
    # A slash says that sources are of one collection.
    same = [replace(scan, source=f"site/{scan.source}") for scan in scans]
    assert len(list(same_patient(same, said.append))) == 2
    assert len(said) == 1


def test_one_number_for_all_files_of_several_classes_is_disregarded_aloud(said):
    mr, ct = dicom_test_file("MR_small.dcm"), dicom_test_file("CT_small.dcm")
    scans = scans_of(mr, mr, mr, mr)
    two_classes = [*scans[:2], *(replace(scan, label="b") for scan in scans[2:])]
    assert list(same_patient(two_classes, said.append)) == []
    (sentence,) = said
    assert sentence.startswith("All 4 DICOM files of site have one patient number, across classes")
    assert read_patient_id(mr) not in sentence
    # Of one class, beside another number, in a table, or of few scans, it stays a patient's.
    assert len(list(same_patient(scans))) == 3
    assert len(list(same_patient([*two_classes, *scans_of(ct)]))) == 3
    assert len(list(same_patient([replace(scan, patient="A") for scan in two_classes]))) == 3
    others = scans_of(*(mr.with_name(f"gone-{n}.png") for n in range(4)))
    assert len(list(same_patient([*two_classes, *others]))) == 3
    assert len(said) == 1
