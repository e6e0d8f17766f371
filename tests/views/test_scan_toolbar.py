from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QToolButton

from btgui.engine.scan import Window
from btgui.views.scan_toolbar import ScanToolbar
from btgui.views.scan_view import ScanView
from btgui.views.theme import apply_theme


@pytest.fixture
def view(qtbot):
    view = ScanView()
    qtbot.addWidget(view)
    return view


@pytest.fixture
def window(noting_window):
    return noting_window


@pytest.fixture
def toolbar(window, view):
    toolbar = ScanToolbar(view, window)
    window.setCentralWidget(toolbar)
    window.show()
    return toolbar


def test_each_button_is_an_action_with_picture_keys_and_name(
    toolbar, window, view, qtbot, analysis
):
    view.show_scan(analysis.scan)
    for name, button in toolbar.buttons.items():
        assert not button.icon().isNull()
        assert not button.icon().pixmap(18, 18).isNull()
        assert button.accessibleName()
        assert f"({button.defaultAction().shortcut().toString()})" in button.toolTip()
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        assert window.called[-1] == name


def test_without_a_scan_there_is_nothing_to_do(toolbar, view, analysis):
    assert not toolbar.isEnabled()
    view.show_scan(analysis.scan)
    assert toolbar.isEnabled()


def test_the_menu_offers_rules_and_every_window_of_the_header(toolbar, view, analysis):
    header = {
        "WindowCenter (0028,1050)": "40, 300",
        "WindowWidth (0028,1051)": "81, 1501",
        "VOILUTFunction (0028,1056)": "LINEAR",
    }
    view.show_scan(replace(analysis.scan, window=Window(39.5, 80.0), header=header))
    toolbar.menu.aboutToShow.emit()
    entries = {entry.text().split("\t")[0]: entry for entry in toolbar.menu.actions()}
    assert list(entries) == [
        "From file",
        "From file, 2",
        "Automatic",
        "Full range",
        "Soft",
        "Brain, narrow",
    ]
    assert entries["From file"].isChecked()
    assert entries["Automatic"].text().endswith("\tCtrl+2")
    assert "width 1501, centre 300" in entries["From file, 2"].toolTip()
    entries["From file, 2"].trigger()
    assert view.greys.window == Window(299.5, 1500.0)


def test_the_arrow_to_what_finds_no_room_is_not_cut_off(toolbar, window, view, analysis, qtbot):
    apply_theme(QApplication.instance())
    view.show_scan(analysis.scan)
    window.resize(230, 60)
    arrow = toolbar.findChild(QToolButton, "qt_toolbar_ext_button")
    qtbot.waitUntil(arrow.isVisible)
    assert toolbar.rect().contains(arrow.geometry())


def test_the_tools_of_scan_and_heatmap_end_at_the_same_height(whole_window, qtbot):
    whole_window.resize(1600, 900)
    tool = whole_window.findChild(ScanToolbar).buttons["invert"]
    save = whole_window.gradcam.save

    def end_of(button):
        return button.mapTo(whole_window, QPoint(0, button.height())).y()

    qtbot.waitUntil(lambda: abs(end_of(tool) - end_of(save)) <= 1)
