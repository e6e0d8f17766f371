"""Corrupted archives and folders: whatever the bytes, a study or a readable error results."""

import math
import shutil
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from btgui.engine.errors import ScanError
from btgui.engine.scan_source import read_scan
from btgui.engine.studies.archives import UnpackedArchives
from btgui.engine.studies.index import index_places
from tests.dicom_files import put, ramp_dataset
from tools.make_series import make_series

BYTES = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=8)
NAMES = st.sampled_from(
    ["IM1", "DICOMDIR", "x.dcm", "x.zip", "x.nii", "x.nii.gz", "x.tif", "x.png", "a/b", "notes.txt"]
)
FAST = settings(max_examples=30)


@pytest.fixture(scope="module")
def slices(tmp_path_factory):
    files = make_series(tmp_path_factory.mktemp("made"), slices=3, size=16)
    return [file.read_bytes() for file in files]


@pytest.fixture(scope="module")
def archive(slices, tmp_path_factory):
    """An archive of slices, with another one in it."""
    folder = tmp_path_factory.mktemp("packed")
    with zipfile.ZipFile(folder / "inner.zip", "w", zipfile.ZIP_DEFLATED) as inner:
        inner.writestr("IM3", slices[2])
    with zipfile.ZipFile(folder / "cd.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("DICOM/IM1", slices[0])
        packed.writestr("DICOM/IM2", slices[1])
        packed.write(folder / "inner.zip", "inner.zip")
    return (folder / "cd.zip").read_bytes()


def changed(content, changes, kept=1.0):
    """Change single bytes, counted from the end, where a ZIP file's directory is; truncate it."""
    result = bytearray(content)
    for where, byte in changes:
        result[-1 - int(where**2 * (len(result) - 1))] = byte
    return bytes(result[: int(len(result) * kept)])


def check(index, root):
    """Check that every image is readable or refused with a message, and lies within the root."""
    for series in index.series:
        for one in series.slices:
            assert one.address.path.is_relative_to(root)
            check_scan(one.address)
    assert all(told.reason for told in index.passed_over)
    for picture in index.pictures:
        check_scan(picture)


def check_scan(place):
    try:
        scan = read_scan(place)
    except ScanError:
        return
    assert scan.grey.shape == scan.values.shape
    assert all(map(math.isfinite, scan.values.ravel()[:100]))
    if scan.window is not None:
        assert math.isfinite(scan.window.centre)
        assert 0 <= scan.window.width < math.inf
    if scan.spacing_mm is not None:
        assert all(0.001 <= length <= 100 for length in scan.spacing_mm)
    if scan.slice_location_mm is not None:
        assert abs(scan.slice_location_mm) <= 2e5
    if scan.edges is not None:
        letters = (scan.edges.left, scan.edges.right, scan.edges.top, scan.edges.bottom)
        assert all(0 < len(edge) <= 3 for edge in letters)


@FAST
@given(changes=BYTES, kept=st.sampled_from([1.0, 1.0, 0.95, 0.5]))
def test_changed_archives(archive, changes, kept, tmp_path):
    path = tmp_path / "cd.zip"
    path.write_bytes(changed(archive, changes, kept))
    with UnpackedArchives(tmp_path) as archives:
        index = index_places([path], archives=archives)
        check(index, tmp_path)
    assert [left.name for left in tmp_path.iterdir()] == ["cd.zip"]


@FAST
@given(files=st.lists(st.tuples(NAMES, st.integers(0, 3), BYTES), min_size=1, max_size=5))
def test_folders_of_changed_files(slices, archive, files, tmp_path):
    folder = tmp_path / "folder"
    for name, which, changes in files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(changed([*slices, archive][which], changes))
    with UnpackedArchives(tmp_path) as archives:
        check(index_places([folder], archives=archives), tmp_path)
    shutil.rmtree(folder)


@FAST
@given(changes=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=12))
def test_numbers_of_changed_headers_are_sane(slices, changes, tmp_path):
    content = bytearray(slices[0])
    header = content.index(b"\xe0\x7f\x10\x00")
    for where, byte in changes:
        content[132 + int(where * (header - 133))] = byte
    path = tmp_path / "x.dcm"
    path.write_bytes(content)
    check_scan(path)


NUMBER = st.one_of(
    st.sampled_from(["1e300", "-1e300", "1e-320", "inf", "-inf", "nan", "0", "-1", "1e39", "1e9"]),
    st.floats(width=64).map(repr),
)


@FAST
@given(
    numbers=st.fixed_dictionaries(
        {
            keyword: st.lists(NUMBER, min_size=count, max_size=count)
            for keyword, count in {
                "PixelSpacing": 2,
                "WindowCenter": 1,
                "WindowWidth": 1,
                "RescaleSlope": 1,
                "RescaleIntercept": 1,
                "ImagePositionPatient": 3,
                "ImageOrientationPatient": 6,
            }.items()
        }
    )
)
def test_any_numbers_in_a_header_give_a_sane_scan(numbers, tmp_path):
    dataset = ramp_dataset()
    for keyword, texts in numbers.items():
        put(dataset, keyword, "\\".join(texts))
    path = tmp_path / "x.dcm"
    dataset.save_as(path)
    check_scan(path)
