import os

import pytest
from PySide6.QtCore import Qt

from btgui.engine.studies.index import index_places
from btgui.views.series.change_watch import ChangeWatch
from tools.make_series import make_series


@pytest.fixture
def series(tmp_path):
    """Two series, in the order of their folders."""
    for name in ("first", "second"):
        make_series(tmp_path / name, slices=3, size=16)
    found = index_places([tmp_path]).series
    return sorted(found, key=lambda one: one.slices[0].address.path)


@pytest.fixture
def watched():
    return []


@pytest.fixture
def watch(qapp, watched):
    watch = ChangeWatch(lambda: watched)
    yield watch
    watch.close()


def write_anew(series) -> None:
    one = series.slices[1]
    later = one.modified_ns + 2_000_000_000
    os.utime(one.address.path, ns=(later, later))


@pytest.mark.parametrize("by", ["the user's return", "request"])
def test_the_series_that_changed_is_told(watch, watched, series, qtbot, qapp, by):
    told = []
    watch.changed.connect(told.append)
    watched += series
    watch.look()
    qtbot.waitUntil(lambda: not watch._looking.is_busy())
    assert not told
    write_anew(series[1])
    if by == "request":
        watch.look()
    else:
        qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
    qtbot.waitUntil(lambda: not watch._looking.is_busy())
    assert told == [series[1]]


def test_of_a_series_that_is_put_away_nothing_is_told(watch, watched, series, qtbot):
    write_anew(series[0])
    watched += series
    with qtbot.assertNotEmitted(watch.changed, wait=50):
        watch.look()
        watched.clear()
        qtbot.waitUntil(lambda: not watch._looking.is_busy())
