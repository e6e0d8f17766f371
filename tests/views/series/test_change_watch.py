import os

import pytest
from PySide6.QtCore import Qt

from btgui.engine.studies.index import index_places
from btgui.views.series.change_watch import ChangeWatch
from tools.make_series import make_series


@pytest.fixture
def series(tmp_path):
    make_series(tmp_path, slices=3, size=16)
    (found,) = index_places([tmp_path]).series
    return found


@pytest.fixture
def watch(qapp):
    watch = ChangeWatch()
    yield watch
    watch.close()


def write_anew(series) -> None:
    one = series.slices[1]
    later = one.modified_ns + 2_000_000_000
    os.utime(one.address.path, ns=(later, later))


def looked(watch, qtbot) -> None:
    qtbot.waitUntil(lambda: not watch._looking.is_busy())


@pytest.mark.parametrize("by", ["the user's return", "request"])
def test_a_change_is_told_once(watch, series, qtbot, qapp, by):
    told = []
    watch.changed.connect(lambda: told.append(watch.has_changed))
    watch.follow(series)
    looked(watch, qtbot)
    write_anew(series)
    for _ in range(2):
        if by == "request":
            watch.look()
        else:
            qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
        looked(watch, qtbot)
    assert told == [True]


def test_a_series_that_had_changed_when_it_is_opened_is_told(watch, series, qtbot):
    write_anew(series)
    with qtbot.waitSignal(watch.changed):
        watch.follow(series)


def test_of_a_series_that_is_put_away_nothing_is_told(watch, series, qtbot):
    write_anew(series)
    with qtbot.assertNotEmitted(watch.changed, wait=50):
        watch.follow(series)
        watch.follow(None)
        watch.look()
    assert not watch.has_changed
