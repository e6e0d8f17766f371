from pathlib import Path

import numpy as np
import pytest

from btgui.engine.datasets.dataset import LabelledScan
from btgui.engine.errors import DatasetError
from tests.dicom_files import dicom_test_file
from training.evaluating.patients import named_by_file, named_in_test, patients_of
from training.tested_scans import Tested


def scans_of(*patients, source="site"):
    return [
        LabelledScan(Path(f"{name or 'x'}_{n}.png"), "a", "test", source, name)
        for n, name in enumerate(patients)
    ]


def test_scans_of_one_patient_have_one_number_and_others_their_own():
    found = patients_of([*scans_of("p", "q", "p", "", ""), *scans_of("p", source="elsewhere")])
    assert found.numbers.tolist() == [0, 1, 0, 2, 3, 4]
    assert found.count == 3
    assert found.in_words == "3 patients (patient unknown for 2 scans)"
    assert found.to_json() == {"count": 3, "scans": 4, "words": found.in_words}
    assert "A scan of an unknown patient counts as another patient's" in found.about_intervals
    some = found.of(np.array([True, False, True, False, False, False]))
    assert some.in_words == "1 patient"
    assert "based on 1 patient, not on scans" in some.about_intervals
    assert "not known" not in some.about_intervals


def test_a_dicom_file_tells_its_patient():
    files = [dicom_test_file(f"{kind}_small.dcm") for kind in ("MR", "MR", "CT")]
    found = patients_of([LabelledScan(file, "a", "test", "site") for file in files])
    assert found.numbers.tolist() == [0, 0, 1]


def test_a_test_of_one_patient_is_of_one_where_others_trained(said):
    mr, ct = dicom_test_file("MR_small.dcm"), dicom_test_file("CT_small.dcm")
    tested = [LabelledScan(mr, label, "test", "site") for label in ("a", "b")]
    trained = [LabelledScan(ct, label, "train", "site") for label in ("a", "b")]
    found = patients_of(tested, said.append, trained)
    assert (found.in_words, found.numbers.tolist()) == ("1 patient", [0, 0])
    assert said == []
    # Without another patient, one number for all is that of files without one.
    assert patients_of(tested, said.append).in_words == "2 scans"
    assert len(said) == 1


def test_file_names_tell_the_training_part_s_patients_too():
    trained = scans_of("", "p")
    tested = Tested(("site",), scans_of("", ""), trained, (), frozenset())
    named = named_in_test(tested, "^([a-z])_")
    assert [scan.patient for scan in (*named.scans, *named.trained)] == ["x", "x", "x", "p"]


def test_without_patients_it_is_said_that_scans_are_taken_as_independent():
    found = patients_of(scans_of("", ""))
    assert (found.in_words, found.to_json()) == ("2 scans", None)
    assert "treat scans as independent" in found.about_intervals
    assert "no two scans" in patients_of(scans_of("p", "q")).about_intervals


def test_file_names_tell_patients_where_no_table_does():
    named = named_by_file([*scans_of("", ""), *scans_of("p")], "^([a-z])_")
    assert [scan.patient for scan in named] == ["x", "x", "p"]
    with pytest.raises(DatasetError, match="finds nothing in any"):
        named_by_file(scans_of("", ""), "^(nobody)")
    with pytest.raises(DatasetError, match="one group in parentheses"):
        named_by_file(scans_of(""), "x")
