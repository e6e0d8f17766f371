from dataclasses import replace

import numpy as np
import pytest
from pydicom import dcmread

from btgui.engine.datasets.dataset import LabelledScan, read_class_folder, read_dataset
from btgui.engine.dicom.source import read_patient_and_study
from tests.dicom_files import dicom_test_file
from training.grouping.patients import patient_numbers, same_patient
from training.scans.splits import make_splits


def scans_of(*paths):
    return [LabelledScan(path, "a", "", "site") for path in paths]


def across_classes(scans):
    """Return the scans, every other one of another class."""
    return [replace(scan, label="ab"[index % 2]) for index, scan in enumerate(scans)]


@pytest.fixture
def slice_of(tmp_path):
    """Write a file of a patient and a study, each of which may be "", with an image of its own."""
    random = np.random.default_rng(0)

    def write(patient, study, place=tmp_path):
        dataset = dcmread(dicom_test_file("MR_small.dcm"))
        dataset.PatientID, dataset.StudyInstanceUID = patient, study
        dataset.PixelData = random.integers(0, 999, (64, 64)).astype(np.int16).tobytes()
        place.mkdir(parents=True, exist_ok=True)
        file = place / f"{len(list(place.iterdir()))}.dcm"
        dataset.save_as(file)
        return file

    return write


def test_a_dicom_file_tells_its_patient_and_study_and_others_tell_none(small_dataset):
    picture = next(small_dataset.rglob("*.png"))
    mr, ct = dicom_test_file("MR_small.dcm"), dicom_test_file("CT_small.dcm")
    assert all(read_patient_and_study(mr))
    assert not set(read_patient_and_study(mr)) & set(read_patient_and_study(ct))
    assert read_patient_and_study(picture) == ("", "")
    assert list(same_patient(scans_of(mr, picture, ct, mr, picture, mr))) == [(0, 3), (3, 5)]


def test_a_broken_or_missing_file_tells_no_patient(tmp_path):
    broken = tmp_path / "broken.dcm"
    broken.write_bytes(dicom_test_file("MR_small.dcm").read_bytes()[:140])
    assert read_patient_and_study(broken) == ("", "")
    assert read_patient_and_study(tmp_path / "gone.dcm") == ("", "")


def test_a_table_s_word_goes_before_the_file_s():
    mr = dicom_test_file("MR_small.dcm")
    scans = [replace(scan, patient=name) for scan, name in zip(scans_of(mr, mr), "ab", strict=True)]
    assert list(same_patient(scans)) == []
    # A scan of the same study that the table does not name is not taken to join them.
    assert list(same_patient([*scans, *scans_of(mr, mr)])) == [(2, 3)]


def test_names_tell_patients_apart_within_a_collection(slice_of):
    one, other = scans_of(slice_of("A", "1.2"), slice_of("A", "1.3"))
    assert list(same_patient([one, other])) == [(0, 1)]
    assert list(same_patient([one, replace(other, source="elsewhere")])) == []
    # Folders of one collection hold the slices with a tumour and those without, of the same patients.
    ill, healthy = replace(one, source="site/ill"), replace(other, source="site/healthy")
    assert list(same_patient([ill, healthy])) == [(0, 1)]


def test_a_study_is_of_one_patient_whatever_its_scans_are_named(slice_of):
    nameless, named = slice_of("", "1.2"), slice_of("A", "1.2")
    scans = scans_of(nameless, nameless, named, slice_of("A", "1.3"), slice_of("", ""))
    scans[1] = replace(scans[1], source="elsewhere")
    numbers, known = patient_numbers(scans, lambda _: None)
    assert numbers.tolist() == [numbers[0]] * 4 + [4]
    assert known.tolist() == [True] * 4 + [False]
    # A table elsewhere may number the same patient differently.
    scans[1] = replace(scans[1], patient="17")
    assert len(list(same_patient(scans))) == 3


@pytest.mark.parametrize("named", ["in a table", "in the files"])
def test_patients_of_one_name_in_several_sources_are_told(slice_of, said, named):
    by_table = named == "in a table"
    files = [slice_of("" if by_table else "A", study) for study in ("1.2", "1.3", "1.4")]
    scans = [replace(scan, patient="A" if by_table else "") for scan in scans_of(*files)]
    scans[1:] = [replace(scan, source="T2") for scan in scans[1:]]
    assert list(same_patient(scans, said.append)) == [(1, 2)]
    (sentence,) = said
    assert sentence.startswith(
        "1 patient name is in more than one source and counts as another patient"
    )
    assert "list the scans in a table that gives them one source" in sentence
    # A slash says that sources are of one collection, and a study that the patient is the same.
    same = [replace(scan, source=f"site/{scan.source}") for scan in scans]
    assert len(list(same_patient(same, said.append))) == 2
    same = [*scans, replace(scans[0], source="T2")]
    assert len(list(same_patient(same, said.append))) == 3
    assert len(said) == 1


def test_one_number_for_all_files_of_several_classes_is_disregarded_aloud(said):
    mr, ct = dicom_test_file("MR_small.dcm"), dicom_test_file("CT_small.dcm")
    scans = scans_of(mr, mr, mr, mr)
    two_classes = across_classes(scans)
    assert list(same_patient(two_classes, said.append)) == []
    (sentence,) = said
    assert sentence.startswith("All 4 DICOM files of site have one patient number, across classes")
    assert "scans of one patient count as scans of several" in sentence
    assert read_patient_and_study(mr)[0] not in sentence
    # Of one class, beside another number, in a table, or of few scans, it stays a patient's.
    assert len(list(same_patient(scans))) == 3
    assert len(list(same_patient([*two_classes, *scans_of(ct)]))) == 3
    assert len(list(same_patient([replace(scan, patient="A") for scan in two_classes]))) == 3
    others = scans_of(*(mr.with_name(f"gone-{n}.png") for n in range(4)))
    assert len(list(same_patient([*two_classes, *others]))) == 3
    assert len(said) == 1


def test_where_a_number_is_disregarded_studies_tell_the_patients(slice_of, said):
    files = [slice_of("ANON", study) for study in ("1.2", "1.2", "1.3", "1.3")]
    assert list(same_patient(across_classes(scans_of(*files)), said.append)) == [(0, 1), (2, 3)]
    (sentence,) = said
    assert "have one patient number" in sentence
    assert "scans of one study count as scans of one patient" in sentence


def test_one_study_for_all_files_of_several_classes_is_disregarded(slice_of, said):
    named = across_classes(scans_of(*(slice_of(patient, "1.2") for patient in "AABB")))
    assert list(same_patient(named, said.append)) == [(0, 1), (2, 3)]
    assert said == []
    nameless = across_classes(scans_of(*(slice_of("", "1.2") for _ in range(4))))
    numbers, known = patient_numbers(nameless, said.append)
    assert (numbers.tolist(), known.any()) == ([0, 1, 2, 3], False)
    (sentence,) = said
    assert sentence.startswith("All 4 DICOM files of site have one study number, across classes")


def test_the_slices_of_a_study_without_a_patient_stay_in_one_part(tmp_path, slice_of):
    studies = [(label, f"1.{n}") for n, label in enumerate(["ill", "well"] * 4)]
    for label, study in studies:
        for place in (
            ("scans", "scans", "more") if label == "ill" and study < "1.4" else ("scans",) * 2
        ):
            slice_of("", study, tmp_path / place / label)
    added = read_class_folder(tmp_path / "more" / "ill", "ill")
    parts = make_splits(
        [*read_dataset(tmp_path / "scans"), *added],
        protocol="honest",
        validation_fraction=0.2,
        test_fraction=0.2,
        seed=1,
        say=lambda _: None,
    )
    found = [
        {read_patient_and_study(scan.path)[1] for scan in part}
        for part in (parts.train, parts.validation, parts.test)
    ]
    assert all(found)
    assert sum(map(len, found)) == len(set.union(*found)) == len(studies)
