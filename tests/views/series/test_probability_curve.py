import numpy as np
import pytest

from btgui.engine.studies.series_verdict import SliceReading
from btgui.views.series.probability_curve import ProbabilityCurve


def test_slices_that_do_not_count_are_points_beside_the_lines(qtbot):
    curve = ProbabilityCurve()
    qtbot.addWidget(curve)
    curve.start(4, ("Glioma", "No tumour"))
    curve.show_readings(
        [
            SliceReading(0, (0.9, 0.1), has_head=False),
            SliceReading(1, (0.2, 0.8)),
            SliceReading(2, problem="damaged"),
            SliceReading(3, (0.4, 0.6)),
        ]
    )
    numbers, shares = curve._lines[0].getData()
    assert numbers.tolist() == [1, 2, 3, 4]
    assert np.allclose(shares, [np.nan, 20, np.nan, 40], equal_nan=True)
    numbers, shares = curve._uncounted[0].getData()
    assert (numbers.tolist(), shares.tolist()) == ([1], [90])


@pytest.mark.parametrize("count", [1, 3, 12, 30, 400])
def test_slices_are_numbered_by_whole_numbers_with_room_between_them(qtbot, count):
    curve = ProbabilityCurve()
    qtbot.addWidget(curve)
    curve.start(count, ("Glioma", "No tumour"))
    levels = curve.plot.getAxis("bottom").tickValues(1, max(count, 2), 750)
    numbers = [number for _, values in levels for number in values]
    assert all(number == round(number) for number in numbers)
    assert 1 <= len(numbers) <= 12


@pytest.mark.parametrize("slices", [range(1), range(9, 10), range(10)])
def test_the_first_slice_and_the_last_have_room_for_their_mark_and_number(qtbot, slices):
    curve = ProbabilityCurve()
    qtbot.addWidget(curve)
    curve.start(10, ("Glioma", "No tumour"))
    curve.show_deciding(slices)
    (left, right), (first, last) = curve._band.getRegion(), curve.plot.viewRange()[0]
    assert first <= left < right <= last
