import json

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction

from btgui.engine.paths import user_data_folder
from btgui.views.runtime_menu import RuntimeMenu
from tests.views.conftest import PATIENCE, opens_a_list, read


@opens_a_list
def test_the_present_choice_is_checked_and_another_is_told(qtbot):
    menu = RuntimeMenu("openvino", None)
    qtbot.addWidget(menu)
    assert [action.text() for action in menu.actions() if action.isChecked()] == ["Processor"]
    menu.show()
    other = menu.findChild(QAction, "compute_openvino-half")
    with qtbot.waitSignal(menu.chosen) as told:
        where = menu.actionGeometry(other).center()
        qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=where)
    assert told.args == ["openvino-half"]
    assert [action.isChecked() for action in menu.actions()] == [False, False, True, False, False]


def test_the_runtimes_stand_apart_from_what_is_done_with_models(window):
    entries = window.own_actions.menus["Models"].actions()
    assert entries[entries.index(window.compute.menuAction()) - 1].isSeparator()


def test_a_choice_is_kept_and_the_open_scan_is_read_again_with_it(window, qtbot, scan_file):
    read(qtbot, window, scan_file)
    before = window.gradcam.analysis.device.runtime
    with qtbot.waitSignal(window.service.explanation_ready, timeout=PATIENCE):
        window.compute.findChild(QAction, "compute_openvino-half").trigger()
    assert window.gradcam.analysis.scan.path == scan_file
    assert before in window.gradcam.analysis.device.runtime
    assert "precision" in window.status.device.toolTip()
    kept = json.loads((user_data_folder() / "settings.json").read_text())
    assert kept["runtime"] == "openvino-half"


def test_a_device_that_is_not_there_is_told_and_another_can_be_chosen(window, qtbot, monkeypatch):
    with qtbot.waitSignal(window.service.model_failed, timeout=PATIENCE) as told:
        window.compute.findChild(QAction, "compute_intel-gpu").trigger()
    assert "Intel" in told.args[0] or "GPU" in told.args[0]
    with qtbot.waitSignal(window.service.model_ready, timeout=PATIENCE):
        window.compute.findChild(QAction, "compute_auto").trigger()
