import gzip

import nibabel
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from btgui.engine.errors import ScanError
from btgui.engine.nifti.volume import NiftiVolume, open_volume
from tests.nifti_files import change_header, stored_as, world_volume, write_nifti


def first_slice(file):
    return NiftiVolume(file).read(0, 0)


@pytest.mark.parametrize("kind", [nibabel.Nifti1Image, nibabel.Nifti2Image])
@pytest.mark.parametrize("ending", [".nii", ".nii.gz"])
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("dtype", ["u1", "i1", "u2", "i2", "u4", "i4", "f4", "f8", "u8", "i8"])
def test_every_kind_of_number_in_either_order_of_bytes(tmp_path, kind, ending, order, dtype):
    voxels, affine = stored_as("LPS", shape=(4, 5, 1))
    header = kind.header_class(endianness=order)
    header.set_data_dtype(np.dtype(dtype).newbyteorder(order))
    image = kind(voxels.astype(dtype), affine, header)
    nibabel.save(image, tmp_path / f"a{ending}")
    read = first_slice(tmp_path / f"a{ending}")
    assert read.dtype == np.float32
    assert np.array_equal(read, voxels[:, :, 0].T)


def test_a_file_that_a_server_has_unpacked_already_is_read(tmp_path):
    file = write_nifti(tmp_path / "a.nii", world_volume())
    slice_ = first_slice(file)
    assert np.array_equal(first_slice(file.rename(tmp_path / "a.nii.gz")), slice_)


@pytest.mark.parametrize("kind", [nibabel.Nifti1Image, nibabel.Nifti2Image])
def test_what_a_program_adds_behind_the_header_is_passed_over(tmp_path, kind):
    image = kind(world_volume(), np.diag([-1, -1, 1, 1]))
    added = nibabel.nifti1.Nifti1Extension("afni", b"<AFNI_attributes/>" * 100)
    image.header.extensions.append(added)
    nibabel.save(image, tmp_path / "a.nii")
    assert np.array_equal(first_slice(tmp_path / "a.nii"), world_volume()[:, :, 0].T)


def test_values_are_scaled_as_the_header_says(tmp_path):
    image = nibabel.Nifti1Image(world_volume(), np.diag([-1, -1, 1, 1]))
    image.header.set_slope_inter(0.5, -7)
    nibabel.save(image, tmp_path / "a.nii")
    stored = np.asarray(nibabel.load(tmp_path / "a.nii").dataobj.get_unscaled())
    assert np.allclose(first_slice(tmp_path / "a.nii"), stored[:, :, 0].T * 0.5 - 7)


def test_a_slice_of_two_dimensions_and_a_volume_of_many(tmp_path):
    voxels = world_volume()
    flat = write_nifti(tmp_path / "flat.nii", voxels[:, :, 0], np.diag([-1, -1, 1, 1]))
    assert np.array_equal(first_slice(flat), voxels[:, :, 0].T)
    series = np.stack([voxels, voxels * 2], axis=-1)
    many = NiftiVolume(write_nifti(tmp_path / "many.nii.gz", series, np.diag([-1, -1, 1, 1])))
    assert (many.layout.slices, many.layout.volumes) == (3, 2)
    assert np.array_equal(many.read(1, 2), voxels[:, :, 2].T * 2)


def test_colours_become_luma(tmp_path):
    voxels = np.zeros((2, 2, 1), np.dtype([("R", "u1"), ("G", "u1"), ("B", "u1")]))
    voxels["R"][0, 0], voxels["G"][1, 0], voxels["B"][0, 1] = 100, 100, 100
    file = write_nifti(tmp_path / "a.nii", voxels, np.diag([-1, -1, 1, 1]))
    assert first_slice(file) == pytest.approx(np.array([[29.9, 58.7], [11.4, 0]]))


def test_values_that_are_no_numbers_become_nought(tmp_path):
    voxels = world_volume().astype(np.float32)
    voxels[0, 0, 0], voxels[1, 0, 0], voxels[2, 0, 0] = np.nan, np.inf, -np.inf
    read = first_slice(write_nifti(tmp_path / "a.nii", voxels, np.diag([-1, -1, 1, 1])))
    assert list(read[0]) == [0, 0, 0, 4]


def test_the_window_is_that_of_the_whole_volume_not_of_a_dark_slice(tmp_path):
    voxels = np.zeros((16, 16, 8), np.int16)
    voxels[4:12, 4:12, 4:] = 1000
    volume = NiftiVolume(write_nifti(tmp_path / "a.nii", voxels))
    assert (volume.window(0).centre, volume.window(0).width) == (500, 1000)


def test_the_volume_that_was_opened_last_is_kept_until_the_file_changes(tmp_path):
    file = write_nifti(tmp_path / "a.nii.gz", world_volume())
    first = open_volume(file)
    assert open_volume(file) is first
    write_nifti(file, world_volume((6, 5, 3)))
    assert open_volume(file).layout.shape == (6, 5, 3)


@pytest.mark.parametrize(
    ("voxels", "said"),
    [
        (np.zeros((4, 4, 2), np.complex64), "complex64, which is neither"),
        (np.zeros((4, 4, 2, 1, 3), np.int16), "has 5 dimensions"),
        (np.zeros(4, np.int16), "has 1 dimension;"),
    ],
)
def test_what_is_no_picture_is_refused_in_words(tmp_path, voxels, said):
    with pytest.raises(ScanError, match=said):
        NiftiVolume(write_nifti(tmp_path / "a.nii", voxels))


def test_files_that_only_bear_the_name_are_refused(tmp_path):
    for name, content in (("a.nii", b"nothing"), ("b.nii.gz", gzip.compress(b"x" * 600))):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(ScanError, match="named like a NIfTI file"):
            NiftiVolume(tmp_path / name)
    (tmp_path / "c.nii").mkdir()
    with pytest.raises(ScanError, match="not a regular file"):
        NiftiVolume(tmp_path / "c.nii")
    with pytest.raises(ScanError, match="was not found"):
        NiftiVolume(tmp_path / "d.nii")


def test_files_that_end_too_early_are_told(tmp_path):
    plain = write_nifti(tmp_path / "a.nii", world_volume())
    plain.write_bytes(plain.read_bytes()[:-20])
    with pytest.raises(ScanError, match="shorter than its header says"):
        NiftiVolume(plain)
    noise = np.random.default_rng(1).integers(0, 999, (40, 40, 9), np.int16)
    packed = write_nifti(tmp_path / "b.nii.gz", noise)
    packed.write_bytes(packed.read_bytes()[:-200])
    with pytest.raises(ScanError, match="damaged or incomplete"):
        first_slice(packed)


def test_a_damaged_file_is_not_unpacked_again_for_every_slice(tmp_path, monkeypatch):
    noise = np.random.default_rng(1).integers(0, 999, (40, 40, 9), np.int16)
    packed = write_nifti(tmp_path / "a.nii.gz", noise)
    packed.write_bytes(packed.read_bytes()[:-200])
    volume = NiftiVolume(packed)
    unpack, times = NiftiVolume._content, []
    monkeypatch.setattr(NiftiVolume, "_content", lambda one: times.append(one) or unpack(one))
    for number in range(3):
        with pytest.raises(ScanError, match="damaged or incomplete"):
            volume.read(0, number)
    assert len(times) == 1


def test_a_packed_file_may_not_fill_the_memory(tmp_path):
    file = write_nifti(tmp_path / "a.nii", world_volume())
    change_header(file, dim=[3, 4000, 4000, 4000, 1, 1, 1, 1])
    packed = tmp_path / "a.nii.gz"
    packed.write_bytes(gzip.compress(file.read_bytes()))
    with pytest.raises(
        ScanError, match="unpacks to 128,000 MB; compressed files are read up to 512"
    ):
        NiftiVolume(packed)
    with pytest.raises(ScanError, match="shorter than its header says"):
        NiftiVolume(file)


@pytest.mark.parametrize(
    "fields",
    [
        {"vox_offset": np.inf},
        {"vox_offset": np.nan},
        {"vox_offset": -1e30},
        {"vox_offset": 3e38},
        {"dim": [3, -4, 5, 3, 1, 1, 1, 1]},
        {"dim": [3, 0, 5, 3, 1, 1, 1, 1]},
        {"dim": [7, 4, 5, 3, 1, 1, 1, 1]},
        {"dim": [1, 4, 1, 1, 1, 1, 1, 1]},
        {"dim": [0, 0, 0, 0, 0, 0, 0, 0]},
        {"dim": [99, 4, 5, 3, 1, 1, 1, 1]},
        {"datatype": 9999},
        {"datatype": 0},
        {"pixdim": np.nan, "sform_code": 0},
        {"quatern_b": 9, "quatern_c": np.nan, "sform_code": 0, "qform_code": 1},
        {"srow_x": np.inf},
        {"scl_slope": np.nan},
        {"scl_slope": np.inf, "scl_inter": np.inf},
        {"scl_slope": 3e38, "scl_inter": 3e38},
    ],
    ids=str,
)
def test_hostile_headers_are_read_or_refused_in_words(tmp_path, fields):
    file = change_header(write_nifti(tmp_path / "a.nii", world_volume()), **fields)
    look_at(file)


def look_at(file):
    """Read a slice and the window; any exception but a ScanError fails the test."""
    try:
        volume = NiftiVolume(file)
        picture, window = volume.read(0, 0), volume.window(0)
    except ScanError:
        return
    assert picture.ndim == 2
    assert np.isfinite(picture).all()
    assert np.isfinite([window.centre, window.width]).all()


@pytest.fixture(scope="module")
def content(tmp_path_factory):
    folder = tmp_path_factory.mktemp("nifti")
    return write_nifti(folder / "a.nii", *stored_as("PIR", (1, 2, 4))).read_bytes()


@settings(max_examples=300)
@given(
    changes=st.lists(st.tuples(st.integers(0, 351), st.integers(0, 255)), max_size=8),
    length=st.integers(300, 500),
    packed=st.booleans(),
)
def test_changed_headers_are_read_or_refused_in_words(tmp_path, content, changes, length, packed):
    changed = bytearray(content[:length])
    for place, byte in changes:
        if place < length:
            changed[place] = byte
    file = tmp_path / "a.nii"
    file.write_bytes(gzip.compress(changed, 1) if packed else changed)
    look_at(file)


@pytest.mark.parametrize("ending", [".nii", ".nii.gz"])
def test_a_scale_beside_colours_counts_for_nothing(tmp_path, ending):
    colours = np.zeros((4, 5, 3), [("R", "u1"), ("G", "u1"), ("B", "u1")])
    colours["R"], colours["G"], colours["B"] = 10, 20, 30
    file = change_header(write_nifti(tmp_path / "a.nii", colours), scl_slope=2.0, scl_inter=1.0)
    if ending == ".nii.gz":
        file = tmp_path / "a.nii.gz"
        file.write_bytes(gzip.compress((tmp_path / "a.nii").read_bytes()))
    expected = 0.299 * 10 + 0.587 * 20 + 0.114 * 30
    np.testing.assert_allclose(NiftiVolume(file).read(0, 0), expected, atol=1e-4)


def test_a_scale_that_is_no_number_is_told(tmp_path):
    file = write_nifti(tmp_path / "a.nii", world_volume())
    change_header(file, scl_slope=2.0, scl_inter=np.inf)
    with pytest.raises(ScanError, match=r"The header of a\.nii is damaged"):
        NiftiVolume(file)
