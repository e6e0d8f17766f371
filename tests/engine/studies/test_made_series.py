"""A synthetic series through the index and the reader, like the folder of a study."""

import numpy as np
import pytest

from btgui.engine.dicom.patient import patient_lines
from btgui.engine.scan_source import read_scan
from btgui.engine.studies.index import index_places
from tools.make_series import THICKNESS_MM, make_series, phantom_slice


@pytest.mark.parametrize("plane", ["axial", "coronal", "sagittal"])
@pytest.mark.parametrize("enhanced", [False, True], ids=["files", "enhanced"])
def test_a_series_is_read_slice_by_slice_in_order(tmp_path, plane, enhanced):
    make_series(tmp_path, slices=5, size=32, plane=plane, enhanced=enhanced)
    (series,) = index_places([tmp_path]).series
    assert (series.plane, series.sequence, series.findings) == (plane, "T1", ())
    assert series.distance_mm == pytest.approx(THICKNESS_MM)
    places = [-6, -3, 0, 3, 6]  # to the back and to the head; sagittal slices go to the right
    forward = -1 if plane == "sagittal" else 1
    assert [s.location_mm for s in series.slices] == pytest.approx([forward * p for p in places])
    for slice_, height in zip(series.slices, np.linspace(-1, 1, 5), strict=True):
        scan = read_scan(slice_.address)
        assert np.array_equal(scan.values, phantom_slice(plane, height, 32))
        assert scan.address == slice_.address
        assert scan.spacing_mm == (1.5, 1.5)
        assert scan.plane == plane
        assert scan.slice_location_mm == pytest.approx(slice_.location_mm)
        assert scan.window_source == "window in the DICOM header"


def test_the_patient_is_in_the_overlay_and_marked_in_the_header_but_not_in_the_facts(tmp_path):
    file, *_ = make_series(tmp_path, slices=2, size=16, patient="SECRET77")
    scan = read_scan(file)
    assert patient_lines(scan.header) == ("SECRET77, Head", "ID SECRET77", "born 1970-01-01")
    holding = {key for key, text in scan.header.items() if "SECRET77" in text}
    assert holding == {"PatientName (0010,0010)", "PatientID (0010,0020)"}
    assert holding <= scan.header_patient
    assert "Modality (0008,0060)" not in scan.header_patient
    assert "SECRET77" not in str(scan.metadata)
    assert (scan.edges.left, scan.edges.right, scan.edges.top) == ("R", "L", "A")
