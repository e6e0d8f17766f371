from dataclasses import replace

import numpy as np
import pytest

from btgui.views.scan_view.readout import Readout


@pytest.mark.parametrize(("value", "words"), [(77.4, "77.4"), (0.0421, "0.0421"), (3e38, "3e+38")])
def test_size_and_the_value_under_the_cursor_are_told(qtbot, slice_scan, value, words):
    note = Readout()
    qtbot.addWidget(note)
    note.tell(replace(slice_scan, values=np.full((128, 128), value, np.float32)), cursor=(3.2, 5.9))
    assert note.text().split("   ") == [" 128 x 128", f"(3, 5): {words}"]
