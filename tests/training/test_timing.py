import numpy as np
import pytest

from btgui.engine.analysis import Analyser
from btgui.engine.datasets.dataset import LabelledScan
from btgui.engine.errors import ScanError
from training.timing import summarise_times, time_in_turns


def test_the_five_figures_are_those_of_a_hand_sorted_list():
    times = summarise_times(np.array([5.0, 1.0, 2.0, 3.0, 4.0]))
    assert (times.minimum, times.mean, times.median, times.maximum) == (1, 3, 3, 5)
    assert times.percentile_95 == pytest.approx(4.8)  # linear between the two largest


def labelled(*files):
    return [LabelledScan(file, "glioma", "test", "made") for file in files]


def test_every_chosen_scan_is_timed_and_unreadable_ones_are_skipped(tiny_pack, scan_file, tmp_path):
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    (times,) = time_in_turns([Analyser(tiny_pack)], labelled(scan_file, broken, scan_file))
    assert times.count == 2
    assert 0 < times.minimum <= times.median <= times.maximum


def test_no_readable_scan_is_told(tiny_pack, tmp_path):
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    with pytest.raises(ScanError, match="cannot be timed"):
        time_in_turns([Analyser(tiny_pack)], labelled(broken))


def test_models_are_timed_in_turns_and_each_is_first_now_and_then(tiny_pack, scan_file):
    order = []

    class Noting(Analyser):
        def classify(self, scan):
            order.append(self)
            return super().classify(scan)

    first, second = Noting(tiny_pack), Noting(tiny_pack)
    times = time_in_turns([first, second], labelled(*[scan_file] * 3))
    assert [one.count for one in times] == [3, 3]
    assert order == [first, second, second, first, first, second]
