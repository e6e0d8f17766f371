"""Which of the window's actions are enabled."""

import csv

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QAction, QGuiApplication, QImage

from btgui.engine.studies.index import index_places
from btgui.views.dialogs.licences_dialog import LicencesDialog
from btgui.views.scan_view.measuring_tool import ANGLE
from btgui.views.widgets.picture_label import to_image
from tests.views.conftest import begin_reading, press, read
from tools.make_series import make_series

OF_SCAN = ("invert", "ruler", "zoom_in", "header", "copy_scan", "window_soft", "reset_view")
OF_SERIES = ("next_slice", "play_slices")
OF_HEATMAPS = ("save_picture", "save_dicom", "copy_picture", "stage_1", "next_target", "play")
OF_LIST = ("next_scan", "read_folder")
ALWAYS = ("open_files", "cancel", "hide_patient", "toggle_crop", "help_keys", "models", "quit")


def enabled(window, names):
    found = {window.findChild(QAction, name).isEnabled() for name in names}
    assert len(found) == 1, names
    return found.pop()


def open_nothing(qtbot, window, tmp_path):
    """Open something that cannot be read, from an empty list."""
    (tmp_path / "broken.png").touch()
    with qtbot.waitSignal(window.service.scan_failed):
        window.open_scan(tmp_path / "broken.png")


def test_without_a_scan_what_needs_one_is_grey(window, qtbot, scan_file, tmp_path):
    open_nothing(qtbot, window, tmp_path)
    for names in (OF_SCAN, OF_SERIES, OF_HEATMAPS):
        assert not enabled(window, names)
    assert enabled(window, ALWAYS)
    read(qtbot, window, scan_file)
    for names in (OF_SCAN, OF_HEATMAPS, OF_LIST):
        assert enabled(window, names)
    assert not enabled(window, OF_SERIES)


def test_the_heatmap_is_copied_as_it_is_saved(window, qtbot, scan_file):
    """By shortcut, by the context menu and by the menu bar."""
    read(qtbot, window, scan_file)
    large = window.gradcam.large
    names = [action.objectName() for action in large.actions()]
    assert names == ["copy_picture", "save_picture", "save_dicom"]
    assert large.contextMenuPolicy() == Qt.ContextMenuPolicy.ActionsContextMenu
    press(qtbot, window, "copy_picture")
    pixels = window.gradcam._pixels(window.gradcam.stage())
    copied = QGuiApplication.clipboard().image().convertToFormat(QImage.Format.Format_RGB888)
    assert copied == to_image(pixels)
    press(qtbot, window, "copy_scan")
    assert QGuiApplication.clipboard().image().size() == (window.scan_view.picture_as_seen().size())


def test_escape_gives_up_a_half_drawn_angle_before_it_stops_the_reading(window, qtbot, tmp_path):
    begin_reading(qtbot, window, tmp_path)
    window.tabs.leave_table()
    measuring = window.scan_view.measuring
    window.scan_view.use_tool(ANGLE)
    measuring.click(QPointF(50, 50))
    press(qtbot, window, "cancel")
    assert measuring.draft == []
    assert window.folder_results.running()
    press(qtbot, window, "cancel")
    qtbot.waitUntil(lambda: not window.folder_results.running())
    window.scan_view.use_tool("")


def test_a_series_offers_its_slices_and_its_own_table(window, qtbot, tmp_path, answer_dialog):
    """Even if a folder was read before: its table is not in view."""
    begin_reading(qtbot, window, tmp_path)
    press(qtbot, window, "cancel")
    qtbot.waitUntil(lambda: not window.folder_results.running())
    make_series(tmp_path / "series", slices=3, size=32)
    (series,) = index_places([tmp_path / "series"]).series
    with qtbot.waitSignal(window.service.series_finished):
        window.series.open(series)
    assert enabled(window, OF_SERIES)
    for name, columns in (("series", "slice"), ("folder", "path")):
        file = tmp_path / f"{name}.csv"
        answer_dialog("getSaveFileName", (str(file), ""))
        press(qtbot, window, "save_table")
        qtbot.waitUntil(file.exists)
        with file.open(newline="", encoding="utf-8-sig") as stream:
            assert next(csv.reader(stream))[0] == columns
        window.tabs.show_table()
    window.tabs.leave_table()
    window.series.leave()
    assert not enabled(window, OF_SERIES)


def test_while_scans_are_added_to_a_table_it_is_not_saved(window, qtbot, tmp_path, answer_dialog):
    """Button, menu entry and shortcut are disabled, so that nobody mistakes a part for the whole."""
    begin_reading(qtbot, window, tmp_path)
    window.series.leave()
    qtbot.waitUntil(lambda: window.folder_results.model.rowCount() > 0)
    assert window.folder_results.running()
    assert not enabled(window, ("save_table",))
    press(qtbot, window, "cancel")
    qtbot.waitUntil(lambda: not window.folder_results.running())
    assert enabled(window, ("save_table",))


def test_results_are_found_wherever_the_keys_go(window, qtbot, tmp_path):
    begin_reading(qtbot, window, tmp_path)
    press(qtbot, window, "cancel")
    qtbot.waitUntil(lambda: not window.folder_results.running())
    window.tabs.leave_table()
    window.browser.setFocus()
    press(qtbot, window, "find_result")
    assert window.tabs.shows_table()
    assert window.focusWidget() is window.folder_results.filter.search


def test_the_licences_open_by_their_key(window, qtbot):
    press(qtbot, window, "licences")
    assert window.findChild(LicencesDialog).isVisible()
