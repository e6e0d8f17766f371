import pytest
from PySide6.QtCore import Qt

from btgui.views.widgets.play_button import PlayButton


@pytest.fixture
def play(qtbot) -> PlayButton:
    play = PlayButton("Play slices", 60_000)
    qtbot.addWidget(play)
    play.show()
    return play


def test_its_icon_shows_what_a_press_does_and_it_asks_for_steps_only_while_down(play, qtbot):
    ready = play.icon().cacheKey()
    qtbot.mouseClick(play, Qt.MouseButton.LeftButton)
    assert play.icon().cacheKey() != ready
    with qtbot.waitSignals([play.step_wanted] * 2):
        play.set_pace(5)
    qtbot.mouseClick(play, Qt.MouseButton.LeftButton)
    assert play.icon().cacheKey() == ready
    with qtbot.assertNotEmitted(play.step_wanted, wait=50):
        pass


def test_its_pace_may_be_set_before_it_plays(play, qtbot):
    play.set_pace(5)
    with qtbot.assertNotEmitted(play.step_wanted, wait=50):
        pass
    with qtbot.waitSignal(play.step_wanted):
        play.toggle()
