import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible

from btgui.engine.notifications import Notification
from btgui.views.widgets.problem_bar import ProblemBar
from tests.views.conftest import shown_plainly

FULL = Notification("error", "why.png could not be saved: the disk is full.")
UNRECORDED = Notification("warning", "Readings are not recorded any more.")


@pytest.fixture
def bar(qtbot):
    bar = ProblemBar()
    qtbot.addWidget(bar)
    return bar


def close(qtbot, bar):
    qtbot.mouseClick(bar.close_button, Qt.MouseButton.LeftButton)


def test_it_is_not_seen_without_a_problem(bar):
    assert not bar.isVisible()


def test_a_problem_stays_until_it_is_closed(qtbot, bar):
    bar.show_problem(FULL)
    assert bar.isVisible()
    assert bar.text.text() == FULL.text
    close(qtbot, bar)
    assert not bar.isVisible()


def test_the_newest_is_said_first_and_none_is_lost(qtbot, bar):
    bar.show_problem(UNRECORDED)
    bar.show_problem(FULL)
    assert bar.text.text() == f"{FULL.text} (1 of 2)"
    assert bar.property("finding") == "stop"
    close(qtbot, bar)
    assert bar.text.text() == UNRECORDED.text
    assert bar.property("finding") == "alarm"
    close(qtbot, bar)
    assert not bar.isVisible()


def test_what_is_told_twice_is_closed_once(qtbot, bar):
    for problem in (FULL, UNRECORDED, FULL):
        bar.show_problem(problem)
    close(qtbot, bar)
    assert bar.text.text() == UNRECORDED.text


def test_what_is_over_is_withdrawn_and_others_stay(bar):
    bar.show_problem(FULL)
    bar.show_problem(UNRECORDED)
    bar.withdraw(UNRECORDED)
    bar.withdraw(UNRECORDED)
    assert bar.text.text() == FULL.text
    bar.withdraw(FULL)
    assert not bar.isVisible()


def test_a_screen_reader_is_told_at_once(bar, monkeypatch):
    told = []
    monkeypatch.setattr(
        QAccessible,
        "updateAccessibility",
        lambda event: told.append((event.type(), event.object().accessibleName())),
    )
    bar.show_problem(FULL)
    assert told == [(QAccessible.Event.Alert, FULL.text)]


def test_a_file_s_name_is_shown_as_it_is_written(bar):
    bar.show_problem(Notification("error", "<b>1</b>.png could not be saved."))
    assert shown_plainly(bar.text)
