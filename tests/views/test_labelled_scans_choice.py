from PySide6.QtCore import Qt

from btgui.views.labelled_scans_choice import LabelledScansChoice


def test_a_folder_or_a_table_is_chosen_and_named(qtbot, tmp_path, answer_dialog):
    choice = LabelledScansChoice()
    qtbot.addWidget(choice)
    answer_dialog("getExistingDirectory", str(tmp_path))
    with qtbot.waitSignal(choice.changed):
        qtbot.mouseClick(choice.folder, Qt.MouseButton.LeftButton)
    assert (choice.place, choice.name.text()) == (tmp_path, tmp_path.name)
    (tmp_path / "scans.csv").touch()
    answer_dialog("getOpenFileName", (str(tmp_path / "scans.csv"), ""))
    with qtbot.waitSignal(choice.changed):
        qtbot.mouseClick(choice.table, Qt.MouseButton.LeftButton)
    assert choice.place == tmp_path / "scans.csv"


def test_a_dialog_that_is_cancelled_changes_nothing(qtbot, answer_dialog):
    choice = LabelledScansChoice()
    qtbot.addWidget(choice)
    answer_dialog("getExistingDirectory", "")
    qtbot.mouseClick(choice.folder, Qt.MouseButton.LeftButton)
    assert choice.place is None


def test_a_long_name_does_not_widen_its_window(qtbot, tmp_path, answer_dialog):
    choice = LabelledScansChoice()
    qtbot.addWidget(choice)
    answer_dialog("getExistingDirectory", str(tmp_path / ("Scans" * 40)))
    qtbot.mouseClick(choice.folder, Qt.MouseButton.LeftButton)
    assert choice.place is not None
    assert choice.minimumSizeHint().width() < 600
