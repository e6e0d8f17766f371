"""Where the keys go when a series is opened or left, in the whole window."""

import pytest

from tests.conftest import write_head
from tests.views.conftest import drop, press, read
from tests.views.dropped_series import write_series


@pytest.fixture
def dropped(window, qtbot, tmp_path):
    """The window with a short series that was dropped on it."""
    assert drop(window, [write_series(tmp_path / "study", 6)])
    qtbot.waitUntil(lambda: window.series.series is not None)
    yield window
    window.series.leave()
    window.tabs.setCurrentWidget(window.page)


def test_a_series_opened_while_the_scan_is_hidden_leaves_the_keys_where_they_are(dropped, qtbot):
    series = dropped.series.series
    dropped.series.leave()
    dropped.tabs.setCurrentWidget(dropped.preprocessing)
    dropped.browser.series.setFocus()
    dropped.browser.series_requested.emit(series)
    assert dropped.series.series == series
    assert dropped.browser.series.hasFocus()
    dropped.series.leave()
    dropped.tabs.setCurrentWidget(dropped.page)
    dropped.browser.series_requested.emit(series)
    assert dropped.scan_view.canvas.hasFocus()


@pytest.mark.parametrize("control", ["play", "save"])
def test_who_had_the_keys_on_a_control_of_the_series_has_them_on_the_next_scan(
    dropped, qtbot, tmp_path, control
):
    card = dropped.series.whole.card
    qtbot.waitUntil(card.save.isVisible)
    {"play": dropped.series.bar.play, "save": card.save}[control].setFocus()
    read(qtbot, dropped, write_head(tmp_path / "head.png"))
    assert dropped.scan_view.canvas.hasFocus()


def test_keys_elsewhere_stay_there_when_the_series_is_left(dropped, qtbot, tmp_path):
    write_head(tmp_path / "head.png")
    with qtbot.waitSignal(dropped.browser.files_listed):
        dropped.browser.show_files([tmp_path])
    dropped.browser.list.setFocus()
    press(qtbot, dropped, "next_scan")
    assert dropped.series.series is None
    assert dropped.browser.list.hasFocus()
