import zipfile

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from btgui.engine.errors import ScanError
from btgui.engine.scan import ScanAddress, Window
from btgui.engine.studies.stack import stack_of_file
from btgui.views.compare_scans.listing import listed_stacks
from tests.views.compare_scans.conftest import wheel
from tests.views.conftest import drop


@pytest.fixture
def compare(empty_window, qtbot, folder):
    """The window with the three scans of the folder, the first two of them side by side."""
    stacks = listed_stacks([], sorted(folder.iterdir()))
    empty_window.open_scans(stacks, stacks[0])
    wait_for(qtbot, empty_window, "0.png", "1.png")
    return empty_window


def alone(file):
    return stack_of_file(ScanAddress(file))


def names(compare) -> list[str]:
    """Return the names of the scans in the visible panes."""
    return [
        pane.view.scan.path.name if pane.view.scan else ""
        for pane in compare.panes
        if pane.isVisible()
    ]


def wait_for(qtbot, compare, *expected: str):
    qtbot.waitUntil(lambda: names(compare) == list(expected))
    QApplication.processEvents()


def layout_button(compare, count: int):
    return compare.layouts.button(count)


def test_an_empty_pane_s_words_do_not_widen_the_window(compare):
    for pane in compare.panes:
        beside = (pane.place, pane.before, pane.after)
        left = pane.minimumSizeHint().width() - sum(one.minimumSizeHint().width() for one in beside)
        words = pane.choice.placeholderText()
        assert left < pane.choice.fontMetrics().horizontalAdvance(words)


def test_one_two_or_four_are_seen(compare, qtbot):
    assert layout_button(compare, 2).isChecked()
    for count in (1, 4, 2):
        qtbot.mouseClick(layout_button(compare, count), Qt.MouseButton.LeftButton)
        assert sum(pane.isVisible() for pane in compare.panes) == count


def test_zoom_and_place_are_shared_or_not(compare):
    first, second = (pane.view for pane in compare.panes[:2])
    first.zoom(2)
    there = second.place()
    assert (there.x, there.y, there.zoom) == pytest.approx((0.5, 0.5, 2))
    compare.toggles["place"].click()
    first.zoom(2)
    assert second.place().zoom == pytest.approx(2)


def test_contrast_is_shared_in_each_scan_s_own_measure(compare):
    first, second = (pane.view for pane in compare.panes[:2])
    # From 127.5, 255: half as wide, a little brighter.
    first._set_greys(first.greys.through(Window(150.0, 127.5)))
    assert second.greys.window.width == pytest.approx(127.5)
    assert second.greys.window.centre == pytest.approx(150.0)
    compare.toggles["contrast"].click()
    first.reset_view()
    assert second.greys.window.width == pytest.approx(127.5)


def test_a_change_comes_from_any_pane(compare):
    first, second = (pane.view for pane in compare.panes[:2])
    second.zoom(3)
    second._set_greys(second.greys.through(Window(100.0, 51.0)))
    assert first.place().zoom == pytest.approx(3)
    assert first.greys.window == second.greys.window
    second.reset_view()
    assert first.place().zoom == pytest.approx(1)
    assert first.greys.window == Window(127.5, 255.0)


def test_steps_are_shared_and_keep_zoom_and_contrast(compare, qtbot):
    first = compare.panes[0].view
    first.zoom(2)
    first._set_greys(first.greys.through(Window(100.0, 100.0)))
    qtbot.keyClick(compare, Qt.Key.Key_PageDown)
    wait_for(qtbot, compare, "1.png", "2.png")
    assert first.place().zoom == pytest.approx(2)
    assert first.greys.window == Window(100.0, 100.0)
    # At the end of the list all stay, so that the scans keep their distance.
    qtbot.keyClick(compare, Qt.Key.Key_PageDown)
    assert names(compare) == ["1.png", "2.png"]
    compare.toggles["steps"].click()
    qtbot.mouseClick(compare.panes[1].before, Qt.MouseButton.LeftButton)
    wait_for(qtbot, compare, "1.png", "1.png")


def test_a_pane_without_a_scan_leaves_the_others_as_they_are_shown(compare, qtbot):
    first = compare.panes[0].view
    compare.panes[1].clear()
    first.zoom(2)
    first._set_greys(first.greys.through(Window(100.0, 100.0)))
    qtbot.keyClick(compare, Qt.Key.Key_PageDown)
    wait_for(qtbot, compare, "1.png", "")
    assert first.place().zoom == pytest.approx(2)
    assert first.greys.window == Window(100.0, 100.0)


def test_a_scan_that_joins_is_shown_like_the_others(compare, qtbot, scan_file):
    first = compare.panes[0].view
    first._set_greys(first.greys.through(Window(100.0, 51.0)))
    compare.panes[3].choose(alone(scan_file))
    qtbot.waitUntil(lambda: compare.panes[3].view.scan is not None)
    qtbot.mouseClick(layout_button(compare, 4), Qt.MouseButton.LeftButton)
    assert compare.panes[3].view.greys.window == Window(100.0, 51.0)
    drop(compare.panes[1], [scan_file])
    wait_for(qtbot, compare, "0.png", "head.png", "2.png", "head.png")
    assert compare.panes[1].view.greys.window == first.greys.window == Window(100.0, 51.0)


def test_a_scan_is_dropped_on_a_pane(compare, qtbot, scan_file):
    assert drop(compare.panes[1], [scan_file])
    wait_for(qtbot, compare, "0.png", "head.png")
    assert compare.panes[1].place.text() == ""  # a single scan is no series


def test_a_scan_is_chosen_from_the_list(compare, qtbot):
    compare.panes[1].choice.setFocus()
    qtbot.keyClick(compare.panes[1].choice, Qt.Key.Key_End)
    wait_for(qtbot, compare, "0.png", "2.png")


def test_a_pane_that_says_why_is_as_large_as_the_others(compare, qtbot, tmp_path):
    compare.resize(1000, 700)
    qtbot.mouseClick(layout_button(compare, 4), Qt.MouseButton.LeftButton)
    (tmp_path / "broken.png").write_bytes(b"no picture")
    drop(compare.panes[1], [tmp_path / "broken.png"])
    qtbot.waitUntil(compare.panes[1].problem.isVisible)
    QApplication.processEvents()
    heights = [pane.height() for pane in compare.panes]
    assert max(heights) - min(heights) <= 1


def test_a_file_that_cannot_be_read_is_told_in_its_pane(compare, qtbot, tmp_path):
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    drop(compare.panes[1], [broken])
    qtbot.waitUntil(compare.panes[1].problem.isVisible)
    assert "broken.png" in compare.panes[1].problem.text()
    assert names(compare) == ["0.png", ""]
    compare.panes[1].choose(compare.panes[0].stack)
    wait_for(qtbot, compare, "0.png", "0.png")
    assert not compare.panes[1].problem.isVisible()


def test_why_nothing_could_be_looked_for_is_told_in_its_pane(
    compare, qtbot, scan_file, monkeypatch
):
    def refuse(*_arguments):
        raise ScanError("The drive does not answer.")

    monkeypatch.setattr("btgui.engine.studies.index.index_places", refuse)
    drop(compare.panes[1], [scan_file])
    qtbot.waitUntil(compare.panes[1].problem.isVisible)
    assert compare.panes[1].problem.text() == "The drive does not answer."
    assert names(compare) == ["0.png", "1.png"]


def test_names_and_text_are_hidden_in_every_pane(compare):
    compare.set_text(patient=False, anything=False)
    assert not any(pane.view.patient_visible() for pane in compare.panes)
    assert not any(pane.view.text_visible() for pane in compare.panes)


def test_escape_closes_it_and_it_opens_again_as_the_reader_left_it(compare, qtbot, scan_file):
    drop(compare.panes[1], [scan_file])
    wait_for(qtbot, compare, "0.png", "head.png")
    qtbot.keyClick(compare, Qt.Key.Key_Escape)
    assert not compare.isVisible()
    compare.open_scans([compare.panes[0].stack], compare.panes[0].stack)
    compare.show()
    wait_for(qtbot, compare, "0.png", "head.png")


def test_beside_another_scan_nothing_of_before_is_left(compare, qtbot, make_heads):
    compare.panes[0].view.zoom(3)
    qtbot.keyClick(compare, Qt.Key.Key_Escape)
    stacks = listed_stacks([], make_heads(3))
    compare.open_scans(stacks, stacks[1])
    compare.show()
    wait_for(qtbot, compare, "head-01.png", "head-02.png")
    assert compare.panes[2].stack is None
    assert compare.panes[0].view.place().zoom == pytest.approx(1)


def test_what_a_dropped_zip_file_holds_is_there_when_the_window_opens_again(
    compare, qtbot, folder, tmp_path
):
    packed = tmp_path / "packed.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(folder / "2.png", "inside.png")
    assert drop(compare.panes[1], [packed])
    wait_for(qtbot, compare, "0.png", "inside.png")
    unpacked = compare.panes[1].stack.addresses[0].path
    qtbot.keyClick(compare, Qt.Key.Key_Escape)
    compare.open_scans([compare.panes[0].stack], compare.panes[0].stack)
    compare.show()
    wait_for(qtbot, compare, "0.png", "inside.png")
    compare.panes[1].choose(compare.panes[0].stack)
    assert unpacked.exists()  # it is still on offer
    compare.open_scans([compare.panes[0].stack], compare.panes[0].stack)
    qtbot.waitUntil(lambda: not unpacked.exists())


def test_nothing_that_was_unpacked_is_left_at_the_end(compare, qtbot, folder, tmp_path):
    packed = tmp_path / "packed.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(folder / "2.png", "inside.png")
    drop(compare.panes[1], [packed])
    wait_for(qtbot, compare, "0.png", "inside.png")
    unpacked = compare.panes[1].stack.addresses[0].path
    compare.close()
    compare.close_workers()
    qtbot.waitUntil(lambda: not unpacked.exists())


def test_over_a_single_scan_the_wheel_zooms(compare, qtbot):
    wheel(compare.panes[0], 2)
    assert compare.panes[0].view.place().zoom > 1
    qtbot.keyClick(compare, Qt.Key.Key_Down)  # there is no slice to step to
    assert names(compare) == ["0.png", "1.png"]


def test_lists_of_single_scans_end_at_the_same_place(compare, qtbot, folder, stacks):
    compare.open_scans(stacks, stacks[0])
    qtbot.waitUntil(lambda: "slice" in compare.panes[0].place.text())
    pictures = listed_stacks([], sorted(folder.iterdir()))
    compare.open_scans(pictures, pictures[0])
    qtbot.mouseClick(layout_button(compare, 4), Qt.MouseButton.LeftButton)
    wait_for(qtbot, compare, "0.png", "1.png", "2.png", "")
    widths = [(pane.width(), pane.choice.width()) for pane in compare.panes]
    assert len({whole - choice for whole, choice in widths}) == 1
