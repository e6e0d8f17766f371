"""Corrupted files: whatever happens to the bytes, the reader shows an image or a readable error."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from btgui.engine.dicom.headers import read_header
from btgui.engine.dicom.source import read_dicom
from btgui.engine.errors import ScanError
from tests.dicom_files import dicom_test_file
from tools.make_series import make_series

NAMES = (
    "MR_small.dcm",
    "MR_small_RLE.dcm",
    "MR_small_bigendian.dcm",
    "MR_small_jpeg_ls_lossless.dcm",
    "SC_rgb_jpeg_gdcm.dcm",
    "SC_rgb_jpeg_dcmtk.dcm",
    "rtdose.dcm",
    "enhanced",
)
CHANGES = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 255), st.booleans()), min_size=1, max_size=12
)
FAST = settings(max_examples=25)


@pytest.fixture(scope="module", params=NAMES)
def content(request, tmp_path_factory):
    if request.param != "enhanced":
        return Path(dicom_test_file(request.param)).read_bytes()
    (file,) = make_series(tmp_path_factory.mktemp("made"), slices=3, size=16, enhanced=True)
    return file.read_bytes()


def changed(content, changes, kept):
    """Change single bytes, most of them in the header, and cut the end off."""
    result = bytearray(content)
    for where, byte, in_header in changes:
        length = min(len(result), 1500) if in_header else len(result)
        result[min(int(where * length), length - 1)] = byte
    return bytes(result[: max(200, int(len(result) * kept))])


@FAST
@given(changes=CHANGES, kept=st.sampled_from([1.0, 1.0, 0.9, 0.3]), frame=st.integers(0, 2))
def test_pictures_of_changed_files(content, changes, kept, frame, tmp_path):
    path = tmp_path / "x.dcm"
    path.write_bytes(changed(content, changes, kept))
    try:
        scan = read_dicom(path, frame)
    except ScanError:
        return  # anything else fails the test
    assert scan.grey.shape == scan.values.shape


@FAST
@given(changes=CHANGES, kept=st.sampled_from([1.0, 0.5, 0.1]))
def test_headers_of_changed_files(content, changes, kept, tmp_path):
    path = tmp_path / "x.dcm"
    path.write_bytes(changed(content, changes, kept))
    try:
        header = read_header(path)
    except ScanError:
        return  # anything else fails the test
    assert len(header.places) == max(1, header.frames)
