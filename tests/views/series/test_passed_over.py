from pathlib import Path

from PySide6.QtCore import Qt

from btgui.engine.studies.series import PassedOver
from btgui.views.series.passed_over import PassedOverDialog, PassedOverLine


def test_the_line_opens_the_list_of_reasons(qtbot):
    line = PassedOverLine()
    qtbot.addWidget(line)
    line.show_files([])
    assert line.isHidden()
    line.show_files([PassedOver(Path("a"), "a is a report."), PassedOver(Path("b"), "b is empty.")])
    assert line.text() == "2 files were passed over"
    qtbot.mouseClick(line, Qt.MouseButton.LeftButton)
    dialog = line.findChild(PassedOverDialog)
    assert dialog.reasons.toPlainText() == "a is a report.\nb is empty."
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isHidden()
