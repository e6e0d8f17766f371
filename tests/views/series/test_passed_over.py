from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget

from btgui.engine.studies.series import PassedOver
from btgui.views.series.passed_over import PassedOverDialog, PassedOverLine
from btgui.views.theme import apply_theme


def test_the_line_opens_the_list_of_reasons(qtbot):
    line = PassedOverLine()
    qtbot.addWidget(line)
    line.show_files([])
    assert line.isHidden()
    line.show_files([PassedOver(Path("a"), "a is a report."), PassedOver(Path("b"), "b is empty.")])
    assert line.text() == "2 files were skipped"
    qtbot.mouseClick(line, Qt.MouseButton.LeftButton)
    dialog = line.findChild(PassedOverDialog)
    assert dialog.reasons.toPlainText() == "a is a report.\nb is empty."
    with qtbot.waitSignal(dialog.destroyed):  # none is left behind
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)


def test_the_list_looks_like_every_other_dialog_and_the_line_shows_its_focus(qtbot):
    apply_theme(QApplication.instance())
    window, line, other = QWidget(), PassedOverLine(), QPushButton("other")
    qtbot.addWidget(window)
    layout = QVBoxLayout(window)
    for widget in (line, other):
        layout.addWidget(widget)
    files = [PassedOver(Path("a"), "a is a report.")]
    line.show_files(files)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    other.setFocus()
    without_focus = line.grab().toImage()
    line.setFocus()
    assert line.grab().toImage() != without_focus
    alone = PassedOverDialog(files)
    qtbot.addWidget(alone)
    qtbot.mouseClick(line, Qt.MouseButton.LeftButton)
    (dialog,) = window.findChildren(PassedOverDialog)
    for one in (dialog, alone):
        one.reasons.setEnabled(False)  # without the focus, which only one can have
    assert dialog.grab().toImage() == alone.grab().toImage()
    dialog.close()


def test_a_warning_is_over_when_another_folder_is_listed(qtbot):
    line, over = PassedOverLine(), []
    qtbot.addWidget(line)
    line.problem_over.connect(over.append)
    shut = [PassedOver(Path("shut"), "shut is a folder that cannot be listed.", is_folder=True)]
    line.show_files(shut)
    line.show_files(shut)
    assert over == []
    line.show_files([PassedOver(Path("a"), "a is a report.")])
    assert over == [f"{shut[0].reason} Scans in there are missing from the list."]
    line.show_files([])
    assert len(over) == 1


def test_a_folder_that_cannot_be_listed_is_told_aloud(qtbot, told):
    line = PassedOverLine()
    qtbot.addWidget(line)
    reason = "shut is a folder that cannot be listed."
    line.show_files([PassedOver(Path(n), reason, is_folder=True) for n in "ab"])
    assert [(one.level, one.text) for one in told] == [
        ("warning", f"{reason} Nor can 1 more. Scans in there are missing from the list.")
    ]
