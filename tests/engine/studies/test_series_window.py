import numpy as np
import pytest
from pydicom import dcmread

from btgui.engine.analysis import Analyser
from btgui.engine.pictures.window_level import apply_window, window_of_percentiles
from btgui.engine.scan import PERCENTILES_SOURCE, SERIES_SOURCE, Greys, ScanAddress
from btgui.engine.scan_source import read_scan
from btgui.engine.studies import series_window
from btgui.engine.studies.series_window import window_of_series
from tests.conftest import write_head
from tests.dicom_files import dicom_test_file, series_without_windows


@pytest.fixture
def addresses(tmp_path):
    """A series whose headers give no window and whose slices differ in brightness."""
    return [ScanAddress(file) for file in series_without_windows(tmp_path / "series", slices=6)]


def test_all_slices_are_shown_and_read_by_one_window(addresses):
    window = window_of_series(addresses)
    everything = np.concatenate([read_scan(one).values.ravel() for one in addresses])
    assert window == window_of_percentiles(everything)
    for address in addresses:
        scan = read_scan(address, window)
        assert scan.greys == Greys(SERIES_SOURCE, window)
        assert np.array_equal(scan.grey, apply_window(scan.values, window))


def test_a_slice_by_itself_keeps_a_window_of_its_own(addresses):
    alone = [read_scan(address).greys for address in addresses]
    assert {greys.source for greys in alone} == {PERCENTILES_SOURCE}
    assert len({greys.window for greys in alone}) > 1
    assert window_of_series(addresses[:1]) is None


def test_the_network_reads_a_series_by_the_same_window_and_single_files_as_before(
    addresses, tiny_pack
):
    analyser, window = Analyser(tiny_pack), window_of_series(addresses)
    told = [one for batch in analyser.readings(addresses, as_series=True) for one in batch]
    for address, reading in told:
        assert reading.greys == Greys(SERIES_SOURCE, window)
        on_screen = analyser.classify(read_scan(address, window))
        expected = on_screen.prediction.probabilities
        assert reading.prediction.probabilities == pytest.approx(expected, abs=1e-5)
    alone = [one for batch in analyser.readings(addresses) for one in batch]
    assert {reading.greys.source for _, reading in alone} == {PERCENTILES_SOURCE}


def test_a_header_s_window_counts_for_its_slice_and_for_the_series(addresses):
    window = window_of_series(addresses)
    dataset = dcmread(addresses[0].path)
    dataset.WindowCenter, dataset.WindowWidth = 350, 700
    dataset.save_as(addresses[0].path)
    assert read_scan(addresses[0], window).window_source == "window in the DICOM header"
    assert window_of_series(addresses) is None


def test_a_screenshot_in_colours_leaves_the_slices_their_window(addresses, tmp_path):
    screenshot = tmp_path / "screenshot.dcm"
    dcmread(dicom_test_file("SC_rgb_rle.dcm")).save_as(screenshot)
    assert window_of_series([*addresses, ScanAddress(screenshot)]) == window_of_series(addresses)


def test_a_slice_that_cannot_be_read_is_passed_over(addresses):
    addresses[0].path.write_bytes(b"damaged")
    readable = np.concatenate([read_scan(one).values.ravel() for one in addresses[1:]])
    assert window_of_series(addresses) == window_of_percentiles(readable)
    for address in addresses:
        address.path.write_bytes(b"damaged")
    assert window_of_series(addresses) is None


def test_pictures_have_none(tmp_path):
    heads = [ScanAddress(write_head(tmp_path / f"{n}.png", seed=n)) for n in range(3)]
    assert window_of_series(heads) is None


def test_of_a_long_series_some_slices_from_first_to_last_are_read(addresses, monkeypatch):
    asked = []
    scan = read_scan(addresses[0])
    monkeypatch.setattr(series_window, "read_scan", lambda one: asked.append(one.frame) or scan)
    assert window_of_series([ScanAddress(scan.path, n) for n in range(200)]) is not None
    assert len(asked) == 16
    assert (asked[0], asked[-1]) == (0, 199)
    assert set(np.diff(asked)) <= {13, 14}


def test_who_wants_it_no_more_waits_for_one_slice_at_most(addresses, monkeypatch):
    asked = []
    monkeypatch.setattr(series_window, "read_scan", lambda one: asked.append(one) or read_scan(one))
    assert window_of_series(addresses, lambda: not asked) is None
    assert len(asked) == 1
