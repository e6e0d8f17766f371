"""A series whose headers give no VOI window: one window for all its slices."""

from btgui.engine.scan import SERIES_SOURCE
from tests.dicom_files import series_without_windows
from tests.views.conftest import PATIENCE, drop


def test_one_window_is_shown_told_and_fed_for_all_slices(window, qtbot, tmp_path):
    series_without_windows(tmp_path / "bare", slices=6)
    with qtbot.waitSignal(window.service.series_finished, timeout=PATIENCE):
        assert drop(window, [tmp_path / "bare"])
    (fed,) = {reading.greys for reading in window.series.whole.readings}
    assert fed.source == SERIES_SOURCE
    for index in (1, 4):
        with qtbot.waitSignal(window.service.prediction_ready, timeout=PATIENCE) as ready:
            window.series.bar.slider.setValue(index)
        scan = ready.args[0].scan
        assert scan.address == window.series.series.slices[index].address
        assert scan.greys == window.scan_view.scan.greys == fed
    assert window.series.whole.card.greys.text() == f"Network input: {SERIES_SOURCE}."
    window.series.leave()


def test_beside_a_series_nothing_is_cut_off_in_the_smallest_window(window, qtbot, tmp_path):
    window.resize(1000, 640)
    series_without_windows(tmp_path / "bare", slices=4)
    with qtbot.waitSignal(window.service.explanation_ready, timeout=PATIENCE):
        assert drop(window, [tmp_path / "bare"])
    qtbot.waitUntil(lambda: window.width() == 1000)
    assert window.page.width() >= window.page.minimumSizeHint().width()
    scan, heatmap = (
        part.rect().translated(part.mapTo(window.page, part.rect().topLeft()))
        for part in (window.scan_view, window.gradcam)
    )
    assert scan.right() < heatmap.left()
    assert window.page.rect().contains(heatmap)
    window.series.leave()
