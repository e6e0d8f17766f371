import json
import sys

import pytest
from PySide6.QtCore import Qt

from btgui.engine.model_library import ModelLibrary
from btgui.engine.training_events import Ended, to_line
from btgui.views.evaluate_window import EvaluateWindow
from btgui.workers import training_process
from tests.evaluation_values import VALUES

PATIENCE = 20_000
PROGRAM = (
    "import sys, json\n"
    f"values = json.loads({json.dumps(json.dumps(VALUES))}) | {{'data': ' '.join(sys.argv[1:4])}}\n"
    "open(sys.argv[sys.argv.index('--json') + 1], 'w').write(json.dumps(values))\n"
    f"print({to_line(Ended('succeeded'))!r})\n"
)


@pytest.fixture
def window(qtbot, tiny_pack, monkeypatch):
    monkeypatch.setattr(
        training_process, "training_program", lambda: (sys.executable, "-u", "-c", PROGRAM)
    )
    folder = tiny_pack.folder.parent
    window = EvaluateWindow(ModelLibrary(folder, folder / "none"))
    qtbot.addWidget(window)
    window.show_models(tiny_pack.card.id)
    window.show()
    yield window
    window.close_workers()


def test_without_scans_there_is_nothing_to_start(window):
    assert not window.start.isEnabled()


def test_a_model_is_measured_on_a_chosen_folder(qtbot, window, tiny_pack, tmp_path, answer_dialog):
    answer_dialog("getExistingDirectory", str(tmp_path))
    qtbot.mouseClick(window.scans.folder, Qt.MouseButton.LeftButton)
    assert window.scans.name.text() == tmp_path.name
    qtbot.mouseClick(window.start, Qt.MouseButton.LeftButton)
    assert not window.start.isEnabled()
    qtbot.waitUntil(lambda: window.runner.figures is not None, timeout=PATIENCE)
    assert window.runner.figures.data == f"evaluate {tiny_pack.folder} {tmp_path}"
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
