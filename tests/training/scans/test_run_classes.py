from dataclasses import replace

from btgui.engine.datasets.dataset import LabelledScan
from btgui.engine.training_request import TrainingRequest
from tests.conftest import CLASSES
from training.scans.run_classes import with_classes
from training.scans.split_note import SplitNote
from training.scans.splits import Splits

REQUEST = TrainingRequest(datasets=("scans",), output="model", name="model", weights="none")


def scans_of(*labels):
    return [LabelledScan(f"{label}.png", label, "train", "made") for label in labels]


def test_a_run_that_starts_anew_has_the_classes_of_its_scans():
    assert with_classes(REQUEST, scans_of("b", "a"), None) == (REQUEST, ("a", "b"))


def test_a_run_that_goes_on_has_the_model_s_classes_and_the_names_that_were_given_first(tiny_pack):
    request = replace(
        REQUEST, weights=str(tiny_pack.folder), display_names=(("glioma", "Glial tumour"),)
    )
    named, classes = with_classes(request, scans_of("notumor", "glioma"), None)
    assert classes == CLASSES
    names = dict(named.display_names)
    assert (names["glioma"], names["pituitary"]) == ("Glial tumour", "Pituitary tumour")


def test_with_a_class_that_the_model_does_not_know_they_are_those_of_the_scans(tiny_pack):
    request = replace(REQUEST, weights=str(tiny_pack.folder))
    assert with_classes(request, scans_of("cyst", "glioma"), None) == (request, ("cyst", "glioma"))


def test_a_run_that_began_keeps_its_classes_when_the_model_has_gone(tmp_path):
    request = replace(REQUEST, weights=str(tmp_path / "gone"))
    names = (("cyst", "Cyst"), ("a", "A"))
    note = SplitNote(Splits([], [], [], 0), ("cyst", "a"), {}, display_names=names)
    named, classes = with_classes(request, scans_of("a"), note)
    assert (classes, named.display_names) == (("cyst", "a"), names)
