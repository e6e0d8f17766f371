"""A series whose headers give no window, in the whole window: one for all its slices."""

from btgui.engine.scan import SERIES_SOURCE
from tests.dicom_files import series_without_windows
from tests.views.conftest import PATIENCE, drop


def test_one_window_is_shown_told_and_fed_for_all_slices(window, qtbot, tmp_path):
    series_without_windows(tmp_path / "bare", slices=6)
    with qtbot.waitSignal(window.service.series_finished, timeout=PATIENCE):
        assert drop(window, [tmp_path / "bare"])
    (fed,) = {reading.greys for reading in window.series.readings}
    assert fed.source == SERIES_SOURCE
    for index in (1, 4):
        with qtbot.waitSignal(window.service.prediction_ready, timeout=PATIENCE) as ready:
            window.series.bar.slider.setValue(index)
        scan = ready.args[0].scan
        assert scan.address == window.series.series.slices[index].address
        assert scan.greys == window.scan_view.scan.greys == fed
    assert window.series.card.greys.text() == f"Greys: {SERIES_SOURCE}."
    window.series.leave()
