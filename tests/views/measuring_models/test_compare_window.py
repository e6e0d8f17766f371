import json
import sys
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from btgui.engine.models.library import ModelLibrary
from btgui.engine.models.pack import write_pack
from btgui.engine.training_runs.events import Ended, to_line
from btgui.views.measuring_models.compare_window import CompareModelsWindow
from btgui.workers import training_process
from tests.comparison_values import VALUES

PATIENCE = 60_000
PROGRAM = (
    "import sys, json\n"
    f"values = json.loads({json.dumps(json.dumps(VALUES))}) | {{'data': sys.argv[1:sys.argv.index('--report')]}}\n"
    "open(sys.argv[sys.argv.index('--json') + 1], 'w').write(json.dumps(values))\n"
    f"print({to_line(Ended('succeeded'))!r})\n"
)


@pytest.fixture
def folders(tiny_pack, tmp_path):
    """Two models of the same classes, and one of others."""
    card = tiny_pack.card
    other = {"classes": ("a", "b", "c", "d"), "display_names": ("A", "B", "C", "D")}
    for name, changes in {"one": {}, "two": {}, "other": other}.items():
        changed = replace(card, id=name, name=f"Model {name}", **changes)
        write_pack(tmp_path / "models" / name, changed, tiny_pack.model_file)
    return tmp_path / "models"


@pytest.fixture
def window(qtbot, folders, monkeypatch):
    monkeypatch.setattr(
        training_process, "training_program", lambda: (sys.executable, "-u", "-c", PROGRAM)
    )
    window = CompareModelsWindow(ModelLibrary(folders, folders / "none"))
    qtbot.addWidget(window)
    window.show_models({"one", "two"})
    window.show()
    yield window
    window.runner.close_workers()


def choose_scans(qtbot, window, answer_dialog, place):
    answer_dialog("getExistingDirectory", str(place))
    qtbot.mouseClick(window.scans.folder, Qt.MouseButton.LeftButton)


def tick(qtbot, window, name):
    (item,) = window.models.findItems(f"Model {name}", Qt.MatchFlag.MatchExactly)
    rect = window.models.visualItemRect(item)
    place = rect.center()
    place.setX(rect.left() + 10)  # the box is at the left
    qtbot.mouseClick(window.models.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_what_is_lacking_is_said(qtbot, window, answer_dialog, tmp_path):
    assert window.problem.text() == "Choose the scans to compare on."
    choose_scans(qtbot, window, answer_dialog, tmp_path)
    assert window.start.isEnabled()
    tick(qtbot, window, "two")
    assert window.problem.text() == "Choose two or more models."
    assert not window.start.isEnabled()


def test_models_of_other_classes_are_refused_before_anything_runs(
    qtbot, window, answer_dialog, tmp_path
):
    choose_scans(qtbot, window, answer_dialog, tmp_path)
    tick(qtbot, window, "other")
    assert "Choose models with the same classes" in window.problem.text()
    assert not window.start.isEnabled()


def test_the_chosen_models_are_compared_on_the_chosen_scans(
    qtbot, window, answer_dialog, tmp_path, folders
):
    choose_scans(qtbot, window, answer_dialog, tmp_path)
    qtbot.mouseClick(window.start, Qt.MouseButton.LeftButton)
    assert not window.start.isEnabled()
    qtbot.waitUntil(lambda: window.runner.figures is not None, timeout=PATIENCE)
    expected = ["compare", str(folders / "one"), str(folders / "two"), "--dataset", str(tmp_path)]
    assert window.runner.figures.data == ", ".join(expected)
    assert window.runner.view.page.isVisible()
    assert window.start.isEnabled()


def test_the_note_tells_of_the_test_part_of_a_table_too(window):
    shown = [label.text() for label in window.findChildren(QLabel) if label.isVisible()]
    assert any("rows of a table whose split is test" in text for text in shown)
