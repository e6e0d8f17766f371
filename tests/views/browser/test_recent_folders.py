import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from btgui.engine.paths import user_data_folder
from btgui.engine.settings import load_settings
from btgui.views.browser.recent_folders import RecentFolders
from tests.views.conftest import PATIENCE, opens_a_list


@pytest.fixture
def recent(qtbot):
    recent = RecentFolders()
    qtbot.addWidget(recent)
    recent.show()
    return recent


def texts(recent) -> list[str]:
    return [action.text() for action in recent.menu().actions() if not action.isSeparator()]


def test_folders_are_offered_before_what_can_be_done_about_them(recent):
    recent.set_folders(("first", "this & that"), remembered=True)
    assert texts(recent) == ["first", "this && that", "Remember folders", "Clear list"]


def test_a_chosen_folder_is_told_as_it_is_called(recent, qtbot):
    recent.set_folders(("this & that",), remembered=True)
    with qtbot.waitSignal(recent.folder_chosen) as chosen:
        recent.menu().actions()[0].trigger()
    assert chosen.args == ["this & that"]


@opens_a_list
def test_remembering_is_switched_off_before_there_is_a_folder(recent, qtbot):
    asked = []
    recent.remembering_requested.connect(asked.append)

    def choose():
        menu = QApplication.activePopupWidget()
        place = menu.actionGeometry(recent.remember).center()
        qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=place)

    assert recent.remember.isChecked()
    assert not recent.forget.isEnabled()
    QTimer.singleShot(50, choose)
    qtbot.mouseClick(recent, Qt.MouseButton.LeftButton)
    assert asked == [False]


def test_what_the_settings_say_is_shown(recent, qtbot):
    recent.set_folders((), remembered=False)
    assert not recent.remember.isChecked()
    with qtbot.waitSignal(recent.remembering_requested) as asked:
        recent.remember.trigger()
    assert asked.args == [True]
    recent.set_folders(("a",), remembered=True)
    with qtbot.waitSignal(recent.forgetting_requested):
        recent.forget.trigger()


def test_folders_are_remembered_or_not_as_the_menu_says(window, qtbot, folder, isolated_home):
    recent = window.browser.recent

    def open_folder():
        with qtbot.waitSignal(window.browser.folder_opened):
            window.browser.show_files([folder])

    open_folder()
    recent.forget.trigger()
    assert window.kept.now.recent_folders == ()
    assert recent.isEnabled()
    recent.remember.trigger()
    open_folder()
    assert load_settings(user_data_folder()) == window.kept.now
    assert window.kept.now.recent_folders == ()
    assert not recent.remember.isChecked()
    recent.remember.trigger()
    open_folder()
    assert window.kept.now.recent_folders == (str(folder),)
    assert recent.remember.isChecked()


def test_a_recent_folder_is_opened_with_its_first_scan(window, qtbot, folder):
    window.browser.recent.set_folders((str(folder),), remembered=True)
    with qtbot.waitSignal(window.service.scan_loaded, timeout=PATIENCE) as loaded:
        window.browser.recent.menu().actions()[0].trigger()
    assert loaded.args[0].path == folder / "0.png"
