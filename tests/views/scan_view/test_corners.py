from dataclasses import replace

from btgui.engine.pictures.greys import Greys
from btgui.engine.pictures.turn import PictureTurn
from btgui.engine.scan import Window
from btgui.views.scan_view.corners import corner_texts

AS_STORED = PictureTurn()


def texts(scan, *, turn=AS_STORED, inverted=False, patient=True):
    greys = Greys(Window(40.0, 80.0), inverted=inverted)
    return corner_texts(scan, greys, 1.5, turn, patient=patient)


def test_each_corner_has_its_subject(slice_scan):
    scan = replace(
        slice_scan, metadata={"Sequence": "T1", "Depth": "12 bits", "Field strength (T)": "3.0000"}
    )
    corners = texts(scan)
    assert corners.top_left == ("DOE, JANE", "ID 0042")
    assert corners.top_right == ("axial at H 34.5 mm", "T1", "3 T")
    assert corners.bottom_left == ("W 80  C 40", "150%")
    assert corners.bottom_right == ("lossy JPEG, 10:1", "0.50 mm pixels")


def test_without_facts_nothing_is_invented(slice_scan):
    bare = replace(
        slice_scan, edges=None, plane="", slice_location_mm=None, lossy="", spacing_mm=None
    )
    corners = texts(replace(bare, metadata={}, header={}))
    assert corners.edges is None
    assert corners.top_right == corners.top_left == ()
    assert corners.bottom_right == ("no pixel spacing",)


def test_pixels_that_are_not_square_are_told(slice_scan):
    corners = texts(replace(slice_scan, spacing_mm=(1.0, 0.5)))
    assert "0.50 x 1.00 mm pixels" in corners.bottom_right


def test_hidden_names_are_not_even_prepared(slice_scan):
    assert "DOE" not in str(texts(slice_scan, patient=False))


def test_what_the_reader_did_to_the_picture_is_told(slice_scan):
    corners = texts(slice_scan, inverted=True, turn=PictureTurn(mirrored=True))
    assert corners.bottom_left[1:-1] == ("inverted", "mirrored")


def test_a_damaged_header_s_huge_window_stays_short(slice_scan):
    greys = Greys(Window(1e38, 4e41))
    corners = corner_texts(slice_scan, greys, 1.5, PictureTurn(), patient=True)
    assert corners.bottom_left[0] == "W 4e+41  C 1e+38"
