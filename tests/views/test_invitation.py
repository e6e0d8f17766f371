import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from btgui.views.invitation import Invitation
from tests.conftest import write_head
from tests.views.conftest import PATIENCE, drop, press, read


@pytest.fixture
def invitation(window) -> Invitation:
    window.page.invitation.show()  # as in a window in which nothing was opened yet
    return window.page.invitation


def button(invitation, text: str) -> QPushButton:
    return next(one for one in invitation.findChildren(QPushButton) if one.text() == text)


def test_without_a_scan_it_stands_in_the_scan_s_place_and_opens_the_sample(
    window, invitation, qtbot
):
    assert invitation.isVisible()
    assert invitation.size() == window.scan_view.canvas.contentsRect().size()
    with qtbot.waitSignal(window.service.explanation_ready, timeout=PATIENCE):
        qtbot.mouseClick(button(invitation, "Open sample scan"), Qt.MouseButton.LeftButton)
    assert window.scan_view.scan is not None
    assert invitation.isHidden()


def test_its_buttons_ask_for_scans_and_for_a_folder(
    window, invitation, qtbot, answer_dialog, tmp_path
):
    answer_dialog("getOpenFileNames", ([], ""))
    qtbot.mouseClick(button(invitation, "Open scans …"), Qt.MouseButton.LeftButton)
    assert invitation.isVisible()  # the user chose nothing
    write_head(tmp_path / "head.png")
    answer_dialog("getExistingDirectory", str(tmp_path))
    with qtbot.waitSignal(window.service.scan_loaded, timeout=PATIENCE):
        qtbot.mouseClick(button(invitation, "Open folder …"), Qt.MouseButton.LeftButton)
    assert invitation.isHidden()


def test_a_scan_dropped_on_it_is_opened(window, invitation, qtbot, tmp_path):
    read(qtbot, window, write_head(tmp_path / "head.png"))
    assert invitation.isHidden()


def test_it_gives_way_to_the_reason_why_a_scan_cannot_be_read(window, invitation, qtbot, tmp_path):
    (tmp_path / "broken.png").write_bytes(b"not a picture")
    with qtbot.waitSignal(window.service.scan_failed, timeout=PATIENCE):
        assert drop(window, [tmp_path / "broken.png"])
    assert invitation.isHidden()


def test_its_buttons_name_their_keys(window, invitation, qtbot):
    assert button(invitation, "Open scans …").toolTip() == "Open one or more scan files (Ctrl+O)."
    press(qtbot, window, "cancel")  # nothing to stop, and it stays
    assert invitation.isVisible()


def test_who_opened_a_scan_by_its_buttons_has_the_keys_on_the_scan(window, invitation, qtbot):
    window.tabs.setCurrentWidget(window.page)
    sample = button(invitation, "Open sample scan")
    sample.setFocus()
    with qtbot.waitSignal(window.service.explanation_ready, timeout=PATIENCE):
        qtbot.keyClick(sample, Qt.Key.Key_Space)
    assert invitation.isHidden()
    assert window.scan_view.canvas.hasFocus()


def test_tab_goes_from_the_scan_s_place_to_its_buttons(window, invitation, qtbot):
    window.tabs.setCurrentWidget(window.page)
    window.scan_view.setFocus()
    for text in ("Open scans …", "Open folder …", "Open sample scan"):
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
        assert window.focusWidget() is button(invitation, text)
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
    assert window.focusWidget() is button(invitation, "Open sample scan")
