"""The whole command, on models that this test trains in seconds."""

import json

import pytest

from btgui.engine.preprocessing import PLAIN
from tests.training.conftest import RECIPE, Teller
from training.__main__ import main
from training.augmentation import without_augmentation
from training.fit import fit


@pytest.fixture
def three_models(request_for, tmp_path):
    """One model as it is, one without augmentation, one without preprocessing."""
    changes = {
        "full": {},
        "still": {"recipe": without_augmentation(RECIPE)},
        "plain": {"preprocessing": PLAIN},
    }
    return [
        fit(request_for(name, name=name, **change), tmp_path / f"{name}.run", Teller()).folder
        for name, change in changes.items()
    ]


def test_models_trained_here_are_compared_with_and_without(
    three_models, four_classes, tmp_path, capsys
):
    report = tmp_path / "report"
    arguments = [*three_models, "--dataset", four_classes, "--report", report]
    assert main(["compare", *map(str, arguments)]) == 0
    numbers = json.loads((report / "comparison.json").read_text(encoding="utf-8"))
    assert [model["name"] for model in numbers["models"]] == ["full", "still", "plain"]
    assert numbers["ablations"] == [
        {"subject": "augmentation", "with": "A", "without": "B"},
        {"subject": "preprocessing", "with": "A", "without": "C"},
    ]
    assert [len(model["history"]["validation_loss"]) for model in numbers["models"]] == [2, 2, 2]
    assert all(pair["both_right"] + pair["only_first"] <= 8 for pair in numbers["paired_tests"])
    assert numbers["models"][2]["preprocessing"]["crop_to_head"] is False
    assert (report / "figure-14-preprocessing.png").is_file()
    assert (report / "figure-16-curves-AB.png").is_file()
    printed = capsys.readouterr()
    assert "A  full, published protocol: " in printed.out
    assert "comparison.html" in printed.err


def test_an_existing_report_is_refused_before_any_model_is_opened(tmp_path, capsys):
    arguments = ["nowhere", "no", "--dataset", "none", "--report", str(tmp_path)]
    assert main(["compare", *arguments]) == 1
    assert "Name a new folder for the report" in capsys.readouterr().err


def test_a_model_that_is_none_is_named(tmp_path, tiny_pack, capsys):
    arguments = [str(tiny_pack.folder), "nowhere", "--dataset", "none"]
    assert main(["compare", *arguments, "--report", str(tmp_path / "report")]) == 1
    assert "btgui: nowhere cannot be compared. nowhere is not a model" in capsys.readouterr().err


@pytest.mark.parametrize("missing", ["--dataset", "--report"])
def test_data_and_report_are_asked_for(capsys, missing):
    given = {"--dataset": "scans", "--report": "new"}
    del given[missing]
    arguments = [word for pair in given.items() for word in pair]
    with pytest.raises(SystemExit):
        main(["compare", "a", "b", *arguments])
    assert f"required: {missing}" in capsys.readouterr().err
