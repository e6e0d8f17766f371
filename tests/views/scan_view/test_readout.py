from dataclasses import replace

import numpy as np

from btgui.engine.pictures.greys import Greys
from btgui.engine.scan import Window
from btgui.views.scan_view.readout import Readout


def test_size_window_and_the_value_under_the_cursor_are_told(qtbot, slice_scan):
    note = Readout()
    qtbot.addWidget(note)
    scan = replace(slice_scan, values=np.full((128, 128), 77.4, np.float32))
    note.tell(scan, Greys(Window(40.0, 80.0)), cursor=(3.2, 5.9))
    assert note.text().split("   ") == [" 128 x 128", "window 80, centre 40", "(3, 5): 77.4"]


def test_a_damaged_header_s_huge_numbers_stay_short(qtbot, slice_scan):
    note = Readout()
    qtbot.addWidget(note)
    scan = replace(slice_scan, values=np.full((128, 128), 3.1e38, np.float32))
    note.tell(scan, Greys(Window(1e38, 4e41)), cursor=(0, 0))
    assert note.text().endswith("window 4e+41, centre 1e+38   (0, 0): 3.1e+38")
