"""The whole command, on models that this test trains in seconds."""

import json
from dataclasses import replace

import pytest

from btgui.engine.figures.comparison import read_comparison
from btgui.engine.models.pack import write_pack
from btgui.engine.preprocessing import PLAIN
from btgui.engine.training_runs.events import Progress
from tests.training.conftest import RECIPE, Teller
from training.__main__ import main
from training.augmenting.augmentation import without_augmentation
from training.fitting.run import fit


@pytest.fixture
def three_models(request_for, tmp_path, eagerly):
    """One model with the full recipe, one without augmentation, one without preprocessing."""
    changes = {
        "full": {},
        "still": {"recipe": without_augmentation(RECIPE)},
        "plain": {"preprocessing": PLAIN},
    }
    return [
        fit(request_for(name, name=name, **change), tmp_path / f"{name}.run", Teller()).folder
        for name, change in changes.items()
    ]


@pytest.mark.filterwarnings("ignore:Even though the `tf.config")
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
    assert "A · full, published protocol: " in printed.err
    # The published figures stand beside in the report, and there alone.
    assert "published figures" not in printed.err
    assert any("published figures" in caution for caution in numbers["cautions"])
    assert "comparison.html" in printed.err


def test_an_existing_report_is_refused_before_any_model_is_opened(tmp_path, capsys):
    (tmp_path / "mine").touch()
    arguments = ["nowhere", "no", "--dataset", "none", "--report", str(tmp_path)]
    assert main(["compare", *arguments]) == 1
    assert "is not an empty folder. Name a new folder" in capsys.readouterr().err


def test_data_are_asked_for(capsys):
    with pytest.raises(SystemExit):
        main(["compare", "a", "b", "--report", "new"])
    assert "required: --dataset" in capsys.readouterr().err


def test_something_to_write_is_asked_for(capsys):
    assert main(["compare", "a", "b", "--dataset", "scans"]) == 1
    assert "Name at least one file to write" in capsys.readouterr().err


@pytest.mark.parametrize("kind", ["--report", "--json", "--scan-list"])
def test_a_model_that_is_none_is_named_whatever_is_wanted(tmp_path, tiny_pack, capsys, kind):
    arguments = [str(tiny_pack.folder), "nowhere", "--dataset", "none"]
    assert main(["compare", *arguments, kind, str(tmp_path / "wanted")]) == 1
    assert "btgui: nowhere cannot be compared. nowhere was not found" in capsys.readouterr().err


def test_a_file_of_figures_is_not_overwritten(tmp_path, capsys):
    (tmp_path / "mine.json").write_text("precious")
    arguments = ["compare", "a", "b", "--dataset", "scans", "--json", str(tmp_path / "mine.json")]
    assert main(arguments) == 1
    assert "Name a new file" in capsys.readouterr().err
    assert (tmp_path / "mine.json").read_text() == "precious"


def test_the_window_gets_every_scan_with_its_file_and_progress(
    tiny_pack, tmp_path, four_classes, events_told
):
    card = tiny_pack.card
    other = write_pack(
        tmp_path / "other",
        replace(card, id="other", name="Other", classes=card.classes[::-1]),
        tiny_pack.model_file,
    )
    file = tmp_path / "figures.json"
    models = [str(tiny_pack.folder), str(other.folder)]
    arguments = ["--dataset", str(four_classes), "--json", str(file), "--events"]
    assert main(["compare", *models, *arguments]) == 0
    figures = read_comparison(file)
    assert [model.title for model in figures.models] == ["A · Small test model", "B · Other"]
    assert figures.names == card.display_names
    assert {scan.path for scan in figures.scans} == set((four_classes / "Testing").rglob("*.png"))
    for place, model in enumerate(figures.models):
        cells = [len(figures.of_cell(place, true, said)) for true in range(4) for said in range(4)]
        assert cells == [count for row in model.confusion for count in row]
    done = {(one.phase, one.done, one.total) for one in events_told.of(Progress)}
    assert {("reading", 8, 8), ("comparing", 40, 40)} <= done
