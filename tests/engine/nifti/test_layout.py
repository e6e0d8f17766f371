"""Slices are shown in radiological convention, in whatever order a file stores its voxels."""

import itertools

import numpy as np
import pytest

from btgui.engine.errors import ScanError
from btgui.engine.nifti.volume import NiftiVolume
from tests.nifti_files import SHAPE, change_header, stored_as, value, write_nifti

# Each of the three pairs once, in any order, in either sense: all 48 ways to store a volume.
ORDERS = [
    codes
    for order in itertools.permutations(("RL", "AP", "SI"))
    for codes in itertools.product(*order)
]
RIGHT, FRONT, HEAD = SHAPE


def expected(plane):
    """The slices of the known volume as they must be displayed, (slices, rows, columns)."""
    columns_from_the_right = np.arange(RIGHT)[::-1]
    columns_from_the_front = np.arange(FRONT)[::-1]
    rows_from_the_head = np.arange(HEAD)[::-1]
    if plane == "axial":  # foot to head; the front up
        head, front, right = np.ix_(range(HEAD), columns_from_the_front, columns_from_the_right)
    elif plane == "coronal":  # front to back; the head up
        front, head, right = np.ix_(
            columns_from_the_front, rows_from_the_head, columns_from_the_right
        )
    else:  # left to right; the head up, the face to the left
        right, head, front = np.ix_(range(RIGHT), rows_from_the_head, columns_from_the_front)
    return value(right, front, head)


def slices_of(file):
    volume = NiftiVolume(file)
    return np.stack([volume.read(0, number) for number in range(volume.layout.slices)])


@pytest.mark.parametrize("codes", ORDERS, ids="".join)
def test_the_same_axial_slices_come_from_all_48_ways_to_store_them(tmp_path, codes):
    file = write_nifti(tmp_path / "a.nii", *stored_as(codes))
    assert np.array_equal(slices_of(file), expected("axial"))


@pytest.mark.parametrize("codes", ORDERS[::5], ids="".join)
@pytest.mark.parametrize(
    ("plane", "spacing"),
    [("axial", (1, 1, 4)), ("coronal", (1, 4, 1)), ("sagittal", (4, 1, 1))],
)
def test_thick_slices_are_shown_in_the_plane_in_which_they_were_acquired(
    tmp_path, codes, plane, spacing
):
    file = write_nifti(tmp_path / "a.nii", *stored_as(codes, spacing))
    assert np.array_equal(slices_of(file), expected(plane))
    layout = NiftiVolume(file).layout
    assert layout.distance_mm == pytest.approx(4)
    assert layout.spacing_mm == pytest.approx((1, 1))


def test_rows_and_columns_have_their_own_spacing_and_slices_their_place(tmp_path):
    voxels, affine = stored_as("RAS", (0.5, 0.75, 3))
    layout = NiftiVolume(write_nifti(tmp_path / "a.nii", voxels, affine)).layout
    assert layout.spacing_mm == pytest.approx((0.75, 0.5))
    assert layout.orientation == pytest.approx((1, 0, 0, 0, 1, 0))
    # The first pixel lies at the patient's right front; the file's world has them at
    # x = -20 + 3 * 0.5 and y = -30 + 4 * 0.75, DICOM's with the opposite sign.
    assert layout.position(0) == pytest.approx((18.5, 27, -40))
    assert layout.position(2) == pytest.approx((18.5, 27, -34))


@pytest.mark.parametrize(("unit", "factor"), [("mm", 1.0), ("meter", 1000.0), ("micron", 0.001)])
def test_lengths_are_millimetres_whatever_the_unit(tmp_path, unit, factor):
    lengths = (1 / factor, 2 / factor, 3 / factor)
    file = write_nifti(tmp_path / "a.nii", *stored_as("LPS", lengths), unit=unit)
    layout = NiftiVolume(file).layout
    assert layout.spacing_mm == pytest.approx((2, 1))
    assert layout.distance_mm == pytest.approx(3)
    assert layout.position(1)[2] == pytest.approx(-40 * factor + 3)


@pytest.mark.parametrize("length", [1e20, 200.0, 5e-4])
def test_lengths_that_cannot_be_are_none(tmp_path, length):
    file = write_nifti(tmp_path / "a.nii", *stored_as("LPS", (length, length, length)))
    layout = NiftiVolume(file).layout
    assert (layout.spacing_mm, layout.distance_mm, layout.position(0)) == (None, None, None)


def test_no_millimetres_are_made_up_where_the_unit_is_not_stated(tmp_path):
    layout = NiftiVolume(write_nifti(tmp_path / "a.nii", *stored_as("LPS"), unit=0)).layout
    assert (layout.spacing_mm, layout.distance_mm, layout.position(0)) == (None, None, None)
    assert layout.orientation is not None


def test_no_orientation_is_made_up_where_neither_form_is_stated(tmp_path):
    file = write_nifti(tmp_path / "a.nii", *stored_as("RAS"))
    layout = NiftiVolume(change_header(file, sform_code=0, qform_code=0)).layout
    assert layout.orientation is None
    assert layout.position(0) is None
    assert layout.spacing_mm == pytest.approx((1, 1))


def test_an_oblique_volume_keeps_its_own_directions(tmp_path):
    angle = np.radians(30)  # turned about the axis from right to left
    turn = np.eye(4)
    turn[1:3, 1:3] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    voxels, affine = stored_as("RAS", (1, 1, 4))
    file = write_nifti(tmp_path / "a.nii", voxels, turn @ affine)
    layout = NiftiVolume(file).layout
    # Rows run to the left; columns run back and, for what was turned, downwards.
    assert layout.orientation == pytest.approx(
        (1, 0, 0, 0, np.cos(angle), -np.sin(angle)), abs=1e-6
    )
    assert np.array_equal(slices_of(file), expected("axial"))


def test_directions_that_are_none_are_refused(tmp_path):
    file = write_nifti(tmp_path / "a.nii", *stored_as("RAS"))
    change_header(file, srow_x=0, srow_y=0, srow_z=0)
    with pytest.raises(ScanError, match=r"header of a\.nii is damaged"):
        NiftiVolume(file)
