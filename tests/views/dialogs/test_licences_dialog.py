from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from btgui import __version__
from btgui.views.dialogs.licences_dialog import LicencesDialog


def choose(dialog, name):
    item = dialog.list.findItems(name, Qt.MatchFlag.MatchStartsWith)[0]
    dialog.list.setCurrentItem(item)
    return dialog.text.toPlainText()


def test_it_opens_on_the_application_s_own_and_shows_the_chosen_part_s(qtbot):
    dialog = LicencesDialog()
    qtbot.addWidget(dialog)
    assert "Apache License" in dialog.text.toPlainText()
    assert "PYTHON SOFTWARE FOUNDATION LICENSE" in choose(dialog, "Python")
    qt = choose(dialog, "PySide6_Essentials")
    assert qt.index("The Qt Company") < qt.index("GNU LESSER GENERAL PUBLIC LICENSE")


def test_it_tells_the_version_and_whose_terms_they_are(qtbot):
    dialog = LicencesDialog()
    qtbot.addWidget(dialog)
    assert any(f"btgui {__version__} " in label.text() for label in dialog.findChildren(QLabel))


def test_escape_closes_it(qtbot):
    dialog = LicencesDialog()
    dialog.show()
    with qtbot.waitSignal(dialog.destroyed):
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
