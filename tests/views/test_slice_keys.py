"""Keys on the slices of the open series, and the series beside others, in the whole window."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QGraphicsView

from btgui.engine.paths import user_data_folder
from btgui.engine.settings import load_settings
from btgui.engine.studies.words import series_title
from tests.conftest import write_head
from tests.views.compare_scans.conftest import write_series
from tests.views.conftest import drop, press

# Said by the offscreen platform when a window is brought to the front.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support raise", extend=True)


@pytest.fixture
def opened(window, qtbot, tmp_path):
    """The window with a study of two series, the first one open at its middle slice."""
    write_series(tmp_path / "fine", slices=12, description="Fine")
    write_series(tmp_path / "enhanced", slices=6, apart=2, enhanced=True, description="Enhanced")
    window.open_paths([tmp_path])
    qtbot.waitUntil(lambda: window.series.series is not None)
    assert len(window.browser.found_series()) == 2
    yield window
    window.series.leave()


def slice_of(window) -> int:
    return window.series.bar.slider.value()


def test_slices_are_stepped_by_actions_in_the_menu_and_the_keys_dialog(opened, qtbot):
    count = opened.series.bar.slider.maximum() + 1
    for name, expected in (
        ("first_slice", 0),
        ("next_slice", 1),
        ("last_slice", count - 1),
        ("previous_slice", count - 2),
    ):
        press(qtbot, opened, name)
        assert slice_of(opened) == expected
    menu = opened.findChild(QAction, "next_slice").associatedObjects()[-1]
    assert menu.title() == "&Series"
    press(qtbot, opened, "play_slices")
    assert opened.series.bar.play.isChecked()
    press(qtbot, opened, "play_slices")
    assert not opened.series.bar.play.isChecked()


def test_a_key_of_the_user_s_own_steps_and_the_old_one_does_not(opened, qtbot):
    press(qtbot, opened, "change_keys")
    dialog = opened.viewer.keys
    row = next(
        n
        for n in range(dialog.list.topLevelItemCount())
        if dialog.list.topLevelItem(n).text(0) == "Next slice"
    )
    dialog.list.setCurrentItem(dialog.list.topLevelItem(row))
    dialog.edit.setFocus()
    qtbot.keyClick(dialog.edit, Qt.Key.Key_J)
    qtbot.waitUntil(lambda: load_settings(user_data_folder()).keys == {"next_slice": "J"})
    dialog.close()
    opened.activateWindow()
    before = slice_of(opened)
    scan = opened.scan_view.findChild(QGraphicsView)
    qtbot.keyClick(scan, Qt.Key.Key_J)
    assert slice_of(opened) == before + 1
    qtbot.keyClick(scan, Qt.Key.Key_Down)
    assert slice_of(opened) == before + 1
    assert opened.series.bar.slider.toolTip().endswith("next slice (J).")
    opened.kept.change(keys={})


def test_arrows_stay_with_lists_fields_and_sliders_that_have_the_focus(opened, qtbot):
    opened.series.bar.slider.setValue(3)
    rate = opened.series.bar.rate
    rate.setFocus()
    before = rate.value()
    qtbot.keyClick(rate, Qt.Key.Key_Up)
    assert (rate.value(), slice_of(opened)) == (before + 1, 3)
    tree = opened.browser.series
    tree.setFocus()
    tree.setCurrentItem(tree.topLevelItem(0))
    qtbot.keyClick(tree, Qt.Key.Key_Down)
    assert tree.currentItem() is not tree.topLevelItem(0)
    assert slice_of(opened) == 3
    slider = opened.series.bar.slider  # the same keys, without the actions
    slider.setFocus()
    qtbot.keyClick(slider, Qt.Key.Key_Up)
    assert slice_of(opened) == 2
    qtbot.keyClick(slider, Qt.Key.Key_End)
    assert slice_of(opened) == slider.maximum()


def test_without_a_series_the_keys_do_nothing(window, qtbot):
    window.series.leave()
    before = slice_of(window)
    for name in ("next_slice", "previous_slice", "first_slice", "last_slice", "play_slices"):
        press(qtbot, window, name)
    assert slice_of(window) == before
    assert not window.series.bar.play.isChecked()


def test_the_open_series_is_compared_at_its_slice_with_the_next_of_its_study(opened, qtbot):
    fine = next(s for s in opened.browser.found_series() if s.description == "Fine")
    opened.series.open(fine)
    opened.series.bar.slider.setValue(8)
    press(qtbot, opened, "compare_scans")
    compare = opened.viewer.compare
    first, second = compare.panes[:2]
    qtbot.waitUntil(lambda: all(pane.view.scan is not None for pane in (first, second)))
    assert (first.view.scan.address, first.index) == (fine.slices[8].address, 8)
    assert first.view.scan.slice_location_mm == pytest.approx(7.5)
    assert second.stack.title == "Enhanced (6 slices, axial)"
    assert second.view.scan.frame == 5  # 7.5 mm: the frames end there
    opened.kept.change(keys={"next_slice": "J"})  # keys that are changed meanwhile
    with qtbot.waitActive(compare):
        compare.activateWindow()
    qtbot.keyClick(compare, Qt.Key.Key_J)
    assert first.index == 9
    opened.kept.change(keys={})
    compare.close()
    opened.activateWindow()


def test_a_single_file_is_dropped_while_series_are_listed(opened, qtbot, scan_file):
    assert drop(opened, [scan_file])
    qtbot.waitUntil(lambda: opened.scan_view.scan.path == scan_file)
    press(qtbot, opened, "compare_scans")
    compare = opened.viewer.compare
    assert compare.panes[0].stack.title == "head.png"
    shown = compare.panes[0].view
    qtbot.waitUntil(lambda: shown.scan is not None and shown.scan.path == scan_file)
    compare.close()
    opened.activateWindow()


def test_the_series_that_is_opened_by_itself_is_marked_in_the_list_of_before_and_of_now(
    opened, qtbot, tmp_path
):
    def marked() -> str:
        item = opened.browser.series.currentItem()
        return "" if item is None else item.text(0).partition("\n")[0]

    title = series_title(opened.series.series)
    assert marked() == title
    with qtbot.waitSignal(opened.browser.files_listed):
        opened.browser.show_files([tmp_path])  # it stays open meanwhile
    assert marked() == title


def test_where_only_series_are_listed_the_keys_for_scans_step_through_them(opened, qtbot):
    first, second = opened.browser.found_series()
    assert opened.series.series == first
    for name, expected in (("next_scan", second), ("next_scan", second), ("previous_scan", first)):
        press(qtbot, opened, name)
        assert opened.series.series == expected


def test_the_keys_for_scans_step_through_series_and_then_through_single_scans(
    opened, qtbot, tmp_path
):
    first, second = opened.browser.found_series()
    picture = write_head(tmp_path / "key image.png")
    with qtbot.waitSignal(opened.browser.files_listed):
        opened.browser.show_files([tmp_path])
    assert opened.browser.files() == [picture]

    def what_is_open():
        return opened.series.series or opened._open_path

    for name, expected in (
        ("next_scan", second),
        ("next_scan", picture),
        ("next_scan", picture),
        ("previous_scan", second),
        ("previous_scan", first),
    ):
        press(qtbot, opened, name)
        assert what_is_open() == expected
