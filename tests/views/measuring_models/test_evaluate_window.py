import json
import shutil
import sys
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from btgui.engine.models.library import ModelLibrary
from btgui.engine.models.pack import write_pack
from btgui.engine.training_runs.events import Ended, to_line
from btgui.views.measuring_models.evaluate_window import EvaluateWindow
from btgui.workers import training_process
from tests.evaluation_values import VALUES
from tests.views.conftest import choose, opens_a_list

PATIENCE = 60_000
PROGRAM = (
    "import sys, json\n"
    f"values = json.loads({json.dumps(json.dumps(VALUES))}) | {{'data': ' '.join(sys.argv[1:4])}}\n"
    "open(sys.argv[sys.argv.index('--json') + 1], 'w').write(json.dumps(values))\n"
    f"print({to_line(Ended('succeeded'))!r})\n"
)


@pytest.fixture
def window(qtbot, tiny_pack, monkeypatch, tmp_path):
    monkeypatch.setattr(
        training_process, "training_program", lambda: (sys.executable, "-u", "-c", PROGRAM)
    )
    for name in ("first", "second"):
        card = replace(tiny_pack.card, id=name, name=f"The {name} model")
        write_pack(tmp_path / "models" / name, card, tiny_pack.model_file)
    window = EvaluateWindow(ModelLibrary(tiny_pack.folder.parent, tmp_path / "models"))
    qtbot.addWidget(window)
    window.show_models(tiny_pack.card.id)
    window.show()
    yield window
    window.runner.close_workers()


def test_without_scans_there_is_nothing_to_start(window):
    assert not window.start.isEnabled()
    assert window.note.text().startswith("Choose the scans")


def test_before_there_are_figures_the_rows_stand_together_at_the_top(window):
    places = [part.mapTo(window, part.rect().center()).y() for part in (window.model, window.start)]
    assert places[1] - places[0] < 160


def test_a_long_name_of_a_model_does_not_widen_the_window(qtbot, tiny_pack, tmp_path):
    widths = []
    for name in ("Short", "Our department's model, trained again on all scans of 2026 " * 4):
        models, card = tmp_path / name[:5], replace(tiny_pack.card, name=name)
        write_pack(models / "one", card, tiny_pack.model_file)
        window = EvaluateWindow(ModelLibrary(models, tmp_path / "none"))
        qtbot.addWidget(window)
        window.show_models(tiny_pack.card.id)
        assert window.model.currentText() == name
        widths.append(window.minimumSizeHint().width())
        window.runner.close_workers()
    assert widths[0] == widths[1]


def test_heatmaps_are_measured_against_a_table_of_outlines(qtbot, window, tmp_path, answer_dialog):
    answer_dialog("getExistingDirectory", str(tmp_path))
    qtbot.mouseClick(window.scans.folder, Qt.MouseButton.LeftButton)
    answer_dialog("getOpenFileName", (str(tmp_path / "masks.csv"), ""))
    qtbot.mouseClick(window.outlines.table, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(window.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.runner.figures is not None, timeout=PATIENCE)
    asked = window.runner._arguments
    assert asked[asked.index("--masks") + 1] == str(tmp_path / "masks.csv")


def test_a_model_is_measured_on_a_chosen_folder(qtbot, window, tiny_pack, tmp_path, answer_dialog):
    answer_dialog("getExistingDirectory", str(tmp_path))
    qtbot.mouseClick(window.scans.folder, Qt.MouseButton.LeftButton)
    assert window.scans.name.text() == tmp_path.name
    qtbot.mouseClick(window.start, Qt.MouseButton.LeftButton)
    assert not window.start.isEnabled()
    qtbot.waitUntil(lambda: window.runner.figures is not None, timeout=PATIENCE)
    assert window.runner.figures.data == f"evaluate {tiny_pack.folder} {tmp_path}"
    assert window.start.isEnabled()


def test_a_model_is_not_compared_with_itself(qtbot, window, tmp_path, answer_dialog):
    answer_dialog("getExistingDirectory", str(tmp_path))
    qtbot.mouseClick(window.scans.folder, Qt.MouseButton.LeftButton)
    window.other.setCurrentIndex(window.other.findData(window.model.currentData()))
    assert not window.start.isEnabled()
    assert window.note.text().startswith("A model cannot be compared with itself")
    window.model.setCurrentIndex(window.model.count() - 1)
    assert window.start.isEnabled()


def test_a_table_can_be_chosen_too(qtbot, window, tmp_path, answer_dialog):
    (tmp_path / "scans.csv").touch()
    answer_dialog("getOpenFileName", (str(tmp_path / "scans.csv"), ""))
    qtbot.mouseClick(window.scans.table, Qt.MouseButton.LeftButton)
    assert window.scans.name.text() == "scans.csv"
    assert window.start.isEnabled()


def test_a_dialog_that_is_cancelled_changes_nothing(qtbot, window, answer_dialog):
    answer_dialog("getExistingDirectory", "")
    qtbot.mouseClick(window.scans.folder, Qt.MouseButton.LeftButton)
    assert not window.start.isEnabled()


@opens_a_list
def test_over_its_figures_the_choice_of_models_stays(qtbot, window, tmp_path, answer_dialog):
    window.show_models("first")  # opened again: nothing was measured yet
    assert window.model.currentText() == "The first model"
    answer_dialog("getExistingDirectory", str(tmp_path))
    qtbot.mouseClick(window.scans.folder, Qt.MouseButton.LeftButton)
    choose(qtbot, window.other, "The second model")
    qtbot.mouseClick(window.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.runner.figures is not None, timeout=PATIENCE)
    window.show_models("small")
    assert window.model.currentText() == "The first model"
    assert window.other.currentText() == "The second model"


def test_a_model_that_is_gone_leaves_the_choice_to_the_one_in_use(
    qtbot, window, tmp_path, answer_dialog
):
    window.show_models("first")
    answer_dialog("getExistingDirectory", str(tmp_path))
    qtbot.mouseClick(window.scans.folder, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(window.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.runner.figures is not None, timeout=PATIENCE)
    shutil.rmtree(tmp_path / "models" / "first")
    window.show_models("second")
    assert window.model.currentText() == "The second model"


def test_the_note_tells_of_the_test_part_of_a_table_too(window):
    shown = [label.text() for label in window.findChildren(QLabel) if label.isVisible()]
    assert any("rows of a table whose split is test" in text for text in shown)
