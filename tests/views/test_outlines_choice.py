from PySide6.QtCore import Qt

from btgui.views.outlines_choice import OutlinesChoice


def test_a_table_is_chosen_and_left_away_again(qtbot, tmp_path, answer_dialog):
    choice = OutlinesChoice()
    qtbot.addWidget(choice)
    choice.show()
    assert not choice.without.isVisible()
    answer_dialog("getOpenFileName", (str(tmp_path / "masks.csv"), ""))
    with qtbot.waitSignal(choice.changed):
        qtbot.mouseClick(choice.table, Qt.MouseButton.LeftButton)
    assert (choice.file, choice.name.text()) == (tmp_path / "masks.csv", "masks.csv")
    qtbot.mouseClick(choice.without, Qt.MouseButton.LeftButton)
    assert choice.file is None
    assert choice.name.text().startswith("None")


def test_a_long_name_does_not_widen_its_window(qtbot, tmp_path, answer_dialog):
    choice = OutlinesChoice()
    qtbot.addWidget(choice)
    answer_dialog("getOpenFileName", (str(tmp_path / f"{'masks' * 40}.csv"), ""))
    qtbot.mouseClick(choice.table, Qt.MouseButton.LeftButton)
    assert choice.file is not None
    assert choice.minimumSizeHint().width() < 600
