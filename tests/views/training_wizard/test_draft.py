from pathlib import Path, PureWindowsPath

import pytest

from btgui.engine.training_request import AS_PUBLISHED, TrainingRequest
from btgui.views.training_wizard.draft import Draft


def test_a_request_holds_all_that_was_decided(tmp_path):
    draft = Draft(
        place=tmp_path,
        display_names={"b": "Second", "a": "First"},
        left_out={tmp_path / "2.png", tmp_path / "1.png"},
        protocol="published",
        architecture="resnet50",
        weights="none",
        recipe=AS_PUBLISHED,
        name="Mine",
        validation_fraction=0.1,
        test_fraction=0.3,
    )
    assert draft.request(tmp_path / "model") == TrainingRequest(
        datasets=(str(tmp_path),),
        output=str(tmp_path / "model"),
        name="Mine",
        architecture="resnet50",
        weights="none",
        protocol="published",
        validation_fraction=0.1,
        test_fraction=0.3,
        left_out=(str(tmp_path / "1.png"), str(tmp_path / "2.png")),
        display_names=(("a", "First"), ("b", "Second")),
        recipe=AS_PUBLISHED,
    )


def test_without_a_data_set_there_is_no_request():
    with pytest.raises(ValueError, match="expected a data set"):
        Draft().request(Path("model"))


@pytest.mark.parametrize(
    ("place", "name"),
    [(None, ""), ("Head 1.5T", "Head 1.5T"), ("Scans.csv", "Scans"), ("Scans.CSV", "Scans")],
)
def test_a_folder_is_called_by_all_of_its_name(place, name):
    assert Draft(place=None if place is None else Path("data", place)).place_name == name


def test_the_top_of_a_drive_is_called_by_its_drive():
    assert Draft(place=PureWindowsPath("E:/")).place_name == "E:"
