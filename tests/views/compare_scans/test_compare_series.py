"""Series side by side, with real wheel and key events, linked by position or by proportion."""

import threading
import time
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from btgui.engine.pictures.contrast import Contrast
from btgui.engine.pictures.turn import PictureTurn
from btgui.engine.scan_source import read_scan
from btgui.engine.studies.index import index_places
from btgui.views.compare_scans.listing import listed_stacks
from btgui.workers import slice_loader
from tests.views.compare_scans.conftest import canvas, wheel, write_series
from tests.views.conftest import drop, shown_plainly

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def compare(empty_window, qtbot, stacks):
    """The fine series at slice 15 of 30, beside the one that follows in the study."""
    empty_window.open_scans(stacks, stacks[0], 14)
    settled(qtbot, empty_window)
    return empty_window


def settled(qtbot, compare):
    """Wait until every visible pane shows the slice that it should."""

    def shown(pane) -> bool:
        if pane.stack is None:
            return True
        scan = pane.view.scan
        return scan is not None and scan.address == pane.stack.addresses[pane.index]

    qtbot.waitUntil(lambda: all(shown(pane) for pane in compare.panes if pane.isVisible()))


def titles(compare) -> list[str]:
    return [pane.choice.currentText() for pane in compare.panes]


def indexes(compare, count: int = 2) -> list[int]:
    return [pane.index for pane in compare.panes[:count]]


def test_what_is_open_is_called_as_in_the_list(empty_window, stacks):
    listed = [replace(one, title=f"Study 2: {one.title}") for one in stacks]
    empty_window.open_scans(listed, stacks[0])
    choice = empty_window.panes[0].choice
    assert choice.toolTip() == choice.currentText() == listed[0].title


def test_while_the_patient_is_hidden_series_are_told_by_their_numbers(compare, study, qtbot):
    pane, before = compare.panes[0], titles(compare)
    assert before[0].startswith("T1 fine (")
    compare.set_text(patient=False, anything=True)
    assert titles(compare)[0] == before[0].replace("T1 fine", "Series 1")
    assert pane.choice.toolTip() == titles(compare)[0]
    drop(pane, [study / "coronal"])
    qtbot.waitUntil(lambda: pane.choice.currentText().startswith("Series 3 ("))
    listed = [pane.choice.itemText(row) for row in range(pane.choice.count())]
    assert not [text for text in listed if "T1" in text.split("(")[0]]
    compare.set_text(patient=True, anything=True)
    assert pane.choice.currentText().startswith("T1 coronal (")
    assert pane.choice.toolTip() == pane.choice.currentText()


def heights(compare) -> list[float]:
    """Return the positions of the slices on the screen, in millimetres."""
    return [pane.view.scan.slice_location_mm for pane in compare.panes[:2]]


def test_the_series_opens_at_its_slice_with_the_others_of_its_study(compare):
    assert titles(compare) == [
        "T1 fine (30 slices, axial, T1)",
        "T2 coarse (11 slices, axial, T2)",
        "T1 coronal (20 slices, coronal, T1)",
        "<b>FLAIR</b> enhanced (22 slices, axial, FLAIR)",
    ]
    assert compare.panes[0].place.text() == "slice 15 of 30, F 1.5 mm"
    assert compare.panes[0].place.accessibleName() == "Slice of scan 1: slice 15 of 30, F 1.5 mm"
    assert compare.panes[1].place.text() == "slice 6 of 11, H 0.0 mm"
    assert canvas(compare.panes[0]).parent().hasFocus()


def test_the_last_series_gets_those_before_it(empty_window, stacks):
    empty_window.open_scans(stacks, stacks[3], 0)
    assert [title.split(" (")[0] for title in titles(empty_window)] == [
        "<b>FLAIR</b> enhanced",
        "T1 fine",
        "T2 coarse",
        "T1 coronal",
    ]


def test_the_wheel_steps_and_the_other_series_goes_to_the_same_place(compare, qtbot):
    wheel(compare.panes[0], -5)
    settled(qtbot, compare)
    assert indexes(compare) == [19, 7]
    assert heights(compare) == pytest.approx([13.5, 15.0])
    wheel(compare.panes[1], 3)
    settled(qtbot, compare)
    assert indexes(compare) == [12, 4]
    assert heights(compare) == pytest.approx([-7.5, -7.5])
    wheel(compare.panes[0], -0.5)  # a fine wheel turns by parts of a notch
    wheel(compare.panes[0], -0.5)
    assert indexes(compare)[0] == 13
    wheel(compare.panes[0], 100)
    assert indexes(compare) == [0, 0]


def test_keys_step_the_pane_that_has_the_focus(compare, qtbot):
    qtbot.keyClick(canvas(compare.panes[0]).parent(), Qt.Key.Key_Down)
    assert indexes(compare) == [15, 5]
    qtbot.keyClick(compare, Qt.Key.Key_Home)
    assert indexes(compare) == [0, 0]
    qtbot.keyClick(compare, Qt.Key.Key_End)
    assert indexes(compare) == [29, 10]
    qtbot.mouseClick(canvas(compare.panes[1]), Qt.MouseButton.LeftButton)
    qtbot.keyClick(compare, Qt.Key.Key_Up)
    qtbot.keyClick(compare, Qt.Key.Key_Up)
    assert indexes(compare) == [22, 8]
    settled(qtbot, compare)
    assert heights(compare) == pytest.approx([22.5, 22.5])


def test_unlinked_series_step_alone(compare, qtbot):
    qtbot.mouseClick(compare.toggles["steps"], Qt.MouseButton.LeftButton)
    wheel(compare.panes[1], -2)
    assert indexes(compare) == [14, 7]


def test_ctrl_and_wheel_zoom_and_zoom_stays_while_stepping(compare, qtbot):
    wheel(compare.panes[0], 2, CTRL)
    zoomed = compare.panes[1].view.place().zoom
    assert indexes(compare) == [14, 5]
    assert zoomed > 1
    wheel(compare.panes[0], -1)
    settled(qtbot, compare)
    assert [pane.view.place().zoom for pane in compare.panes[:2]] == pytest.approx([zoomed] * 2)


def test_other_planes_go_as_far_along(compare, qtbot, stacks):
    compare.panes[1].choose(stacks[2])
    assert indexes(compare) == [14, 9]
    wheel(compare.panes[0], -15)
    assert indexes(compare) == [29, 19]


def test_an_enhanced_file_is_stepped_through_frame_by_frame(compare, qtbot, stacks):
    compare.panes[0].choose(stacks[3], 20)
    compare.links.go_to(compare.panes[0], 20)
    settled(qtbot, compare)
    assert compare.panes[0].view.scan.frame == 20
    assert heights(compare) == pytest.approx([28.5, 30.0])
    wheel(compare.panes[0], 1)
    settled(qtbot, compare)
    scan = compare.panes[0].view.scan
    assert (scan.frame, compare.panes[0].place.text()) == (19, "slice 20 of 22, H 25.5 mm")
    assert np.array_equal(scan.values, read_scan(stacks[3].addresses[19]).values)


def test_stepping_through_the_list_keeps_the_place_in_the_patient(compare, qtbot):
    qtbot.mouseClick(compare.toggles["steps"], Qt.MouseButton.LeftButton)
    compare.panes[0].show_slice(20)
    qtbot.mouseClick(compare.panes[0].after, Qt.MouseButton.LeftButton)
    assert titles(compare)[0].startswith("T2 coarse")
    assert compare.panes[0].index == 7  # 16.5 mm: 15 mm is nearest


def test_panes_that_were_hidden_come_to_the_place_of_the_others(compare, qtbot):
    wheel(compare.panes[0], -10)
    qtbot.mouseClick(compare.layouts.button(4), Qt.MouseButton.LeftButton)
    settled(qtbot, compare)
    assert indexes(compare, 4) == [24, 9, 16, 20]


def test_quick_scrolling_reads_the_last_slice_and_drops_those_between(
    compare, qtbot, stacks, monkeypatch
):
    """While a slice is read slowly, the window responds and older requests are dropped."""
    begun, goes_on, shown = threading.Event(), threading.Event(), []

    def slow(*asked):
        begun.set()
        assert goes_on.wait(60)
        return read_scan(*asked)

    monkeypatch.setattr(slice_loader, "read_scan", slow)
    pane = compare.panes[0]
    qtbot.mouseClick(compare.toggles["steps"], Qt.MouseButton.LeftButton)
    pane.choose(stacks[3], 0)
    qtbot.waitUntil(begun.is_set)
    pane.view.scan_changed.connect(lambda: shown.append(pane.view.scan.frame))
    for _ in range(12):
        wheel(pane, -1)  # returns at once: nothing is read here
    assert shown == []
    goes_on.set()
    settled(qtbot, compare)
    assert shown == [12]


def test_closing_and_opening_other_scans_wait_for_no_drive(compare, stacks, qtbot, monkeypatch):
    begun, answer = threading.Event(), threading.Event()

    def silent(*asked):
        begun.set()
        answer.wait(120)
        return read_scan(*asked)

    monkeypatch.setattr(slice_loader, "read_scan", silent)
    for away in (compare.panes[0].clear, compare.close):
        begun.clear()
        compare.panes[0].choose(stacks[3], 0)
        qtbot.waitUntil(begun.is_set)
        start = time.monotonic()
        away()
        assert time.monotonic() - start < 60
    assert not answer.is_set()
    answer.set()


def test_names_are_plain_text_in_one_line(compare):
    assert "T2 coarse" in titles(compare)[1]
    assert "&lt;b&gt;FLAIR" in compare.panes[3].choice.toolTip()
    compare.panes[3].place.setText("<b>slice</b>")
    assert all(shown_plainly(label) for label in compare.panes[3].findChildren(QLabel))


def test_a_folder_or_enhanced_file_is_dropped_on_a_pane(compare, qtbot, tmp_path):
    write_series(tmp_path / "new", slices=9, enhanced=True, study="9.9", description="Follow-up")
    for dropped in (tmp_path / "new" / "enhanced.dcm", tmp_path / "new"):
        assert drop(compare.panes[1], [dropped])
        qtbot.waitUntil(lambda: titles(compare)[1] == "Follow-up (9 slices, axial)")
        settled(qtbot, compare)
        compare.panes[1].choose(compare.panes[0].stack)
    assert compare.panes[1].choice.count() == 5  # the same again is no further entry


def test_where_no_scan_is_dropped_the_pane_says_so(compare, qtbot, tmp_path):
    (tmp_path / "nothing").mkdir()
    drop(compare.panes[1], [tmp_path / "nothing"])
    qtbot.waitUntil(compare.panes[1].problem.isVisible)
    assert compare.panes[1].problem.text() == "No scans were found there."


def test_a_damaged_slice_is_told_and_the_next_one_shown(compare, qtbot, tmp_path):
    write_series(tmp_path, slices=5, study="5.5", description="Damaged")
    drop(compare.panes[1], [tmp_path])
    qtbot.waitUntil(lambda: titles(compare)[1].startswith("Damaged"))
    pane = compare.panes[1]
    file = pane.stack.addresses[4].path
    file.write_bytes(b"gone")
    pane.close_workers()  # what was read ahead is forgotten
    pane.show_slice(4)
    qtbot.waitUntil(pane.problem.isVisible)
    assert file.name in pane.problem.text()
    assert (pane.view.scan, pane.place.text()[:12]) == (None, "slice 5 of 5")
    wheel(pane, 1)
    qtbot.waitUntil(lambda: pane.view.scan is not None)
    assert not pane.problem.isVisible()


@pytest.fixture
def pane_before_damage(empty_window, qtbot, tmp_path):
    """A pane beside another of its study; both are zoomed in, and its next slice is damaged."""
    for number in (1, 2):
        write_series(tmp_path / str(number), slices=5, study="5.5", number=number)
    stacks = listed_stacks(index_places([tmp_path]).series, [])
    empty_window.open_scans(stacks, stacks[0], 2)
    settled(qtbot, empty_window)
    pane = empty_window.panes[0]
    wheel(pane, 3, CTRL)
    pane.stack.addresses[3].path.write_bytes(b"gone")
    pane.close_workers()  # what was read ahead is forgotten
    return pane


def test_after_a_damaged_slice_the_next_one_is_shown_as_that_before(
    empty_window, pane_before_damage, qtbot
):
    pane, view = pane_before_damage, pane_before_damage.view
    empty_window.show_panes(1)
    view.set_turn(view.turn.rotated())
    view.set_contrast(Contrast(0.2, 2.0))
    zoom = view.place().zoom
    wheel(pane, -1)
    qtbot.waitUntil(pane.problem.isVisible)
    wheel(pane, -1)
    settled(qtbot, empty_window)
    assert view.place().zoom == pytest.approx(zoom)
    assert view.contrast().factor == pytest.approx(2.0)
    assert view.turn == PictureTurn().rotated()


def test_what_the_reader_sets_beside_a_damaged_slice_is_not_undone(
    empty_window, pane_before_damage, qtbot
):
    pane, other = pane_before_damage, empty_window.panes[1]
    wheel(pane, -1)
    qtbot.waitUntil(pane.problem.isVisible)
    zoom = other.view.place().zoom
    wheel(other, -1, CTRL)
    other.view.set_contrast(Contrast(0.1, 1.5))
    wheel(pane, -1)
    settled(qtbot, empty_window)
    assert other.view.place().zoom < 0.95 * zoom
    assert pane.view.place().zoom == pytest.approx(other.view.place().zoom)
    factors = [one.view.contrast().factor for one in (pane, other)]
    assert factors == pytest.approx([1.5, 1.5])


def test_closed_and_opened_again_it_goes_on(compare, qtbot, stacks):
    compare.close()
    compare.open_scans(stacks, stacks[0], 3)
    compare.show()
    settled(qtbot, compare)
    assert indexes(compare) == [3, 0]
    wheel(compare.panes[1], -2)
    settled(qtbot, compare)
    assert indexes(compare) == [7, 2]


def test_no_other_patient_stands_beside_a_study_that_is_opened(compare, qtbot, stacks):
    """Neither what the panes showed of an earlier patient, nor what follows in a list of several."""
    theirs = [
        replace(one, title="Theirs", patient="ANOTHER", study=f"{number}", slices=one.slices[::-1])
        for number, one in enumerate(stacks)
    ]
    compare.close()
    compare.open_scans([*stacks, *theirs], theirs[0], 3)
    compare.show()
    settled(qtbot, compare)
    assert titles(compare)[0] == "Theirs"
    assert [pane.stack.study for pane in compare.panes] == [one.study for one in theirs]
    compare.open_scans([stacks[0], *theirs], stacks[0], 3)
    assert [pane.stack for pane in compare.panes] == [stacks[0], None, None, None]
    assert titles(compare)[1:] == ["", "", ""]


def test_within_a_study_what_the_reader_put_beside_it_stays(compare, qtbot, stacks):
    compare.panes[1].choose(stacks[3])
    compare.open_scans(stacks, stacks[2], 3)
    settled(qtbot, compare)
    assert [pane.stack for pane in compare.panes[:2]] == [stacks[2], stacks[3]]


def test_the_user_s_own_keys_work_here_too(compare, qtbot):
    compare.set_keys(
        {
            "previous_scan": "PgUp",
            "next_scan": "PgDown",
            "previous_slice": "Q",
            "next_slice": "W",
            "first_slice": "",
            "last_slice": "End",
            "cancel": "Ctrl+W",
        }
    )
    qtbot.keyClick(compare, Qt.Key.Key_W)
    assert indexes(compare) == [15, 5]
    for unused in (Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_Escape):
        qtbot.keyClick(compare, unused)
    assert indexes(compare) == [15, 5]
    qtbot.keyClick(compare, Qt.Key.Key_W, CTRL)
    assert not compare.isVisible()


def test_arrows_move_in_the_list_that_has_the_focus(compare, qtbot):
    compare.panes[0].choice.setFocus()
    qtbot.keyClick(compare.panes[0].choice, Qt.Key.Key_Down)
    assert titles(compare)[0].startswith("T2 coarse")
