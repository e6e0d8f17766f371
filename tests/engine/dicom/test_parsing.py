import io
import struct
import tracemalloc
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmread

from btgui.engine.dicom import parsing as dicom_parsing
from btgui.engine.dicom.headers import read_header
from btgui.engine.dicom.parsing import parse_header
from btgui.engine.dicom.source import read_dicom
from btgui.engine.errors import ScanError
from btgui.engine.studies.dicomdir import missing_files
from tests.dicom_files import dicom_test_file, ramp_dataset
from tools.make_series import make_series

PRIVATE = 0x00091001


@contextmanager
def peak_below(limit):
    tracemalloc.start()
    try:
        yield
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < limit


def with_element(path, length, group=0x0009):
    """Write the small file as a sparse file with a private binary element before the pixel data."""
    content = dicom_test_file("MR_small.dcm").read_bytes()
    place = content.index(struct.pack("<HH2s", 0x0010, 0x0010, b"PN"))
    with path.open("wb") as file:
        file.write(content[:place])
        file.write(struct.pack("<HH2sHL", group, 0x1001, b"OB", 0, length))
        file.seek(length, 1)
        file.write(content[place:])
    return path


def test_an_element_too_large_to_show_is_not_held_in_memory(tmp_path):
    path = with_element(tmp_path / "large.dcm", 300_000_000)
    plain = read_dicom(dicom_test_file("MR_small.dcm"))  # libraries too
    with peak_below(10_000_000):
        scan = read_dicom(path)
        header = read_header(path)
    assert np.array_equal(scan.values, plain.values)
    assert scan.header == plain.header
    assert header.number == read_header(dicom_test_file("MR_small.dcm")).number


def test_smaller_elements_of_a_maker_stay(tmp_path):
    path = with_element(tmp_path / "x.dcm", 1000)
    with path.open("rb") as stream:
        assert len(parse_header(path, stream)[PRIVATE].value) == 1000


def test_the_groups_of_many_frames_are_kept_however_long(tmp_path, monkeypatch):
    (made,) = make_series(tmp_path, slices=40, size=16, enhanced=True)
    dataset = dcmread(made)
    dataset["PerFrameFunctionalGroupsSequence"].is_undefined_length = False
    dataset.save_as(made)
    expected = read_header(made).places
    assert len(set(expected)) == 40
    monkeypatch.setattr(dicom_parsing, "_LARGEST_ELEMENT", 1000)
    assert read_header(made).places == expected
    assert read_dicom(made, 39).slice_location_mm is not None


def test_the_list_of_a_large_disc_is_read(monkeypatch):
    monkeypatch.setattr(dicom_parsing, "_LARGEST_ELEMENT", 1000)
    folder = Path(dicom_test_file("dicomdirtests/DICOMDIR"))
    with folder.open("rb") as stream:
        assert len(parse_header(folder, stream).DirectoryRecordSequence) > 10
    assert missing_files(folder) == ()


def test_a_header_of_more_than_is_held_is_refused_in_words(tmp_path):
    dataset = ramp_dataset()
    path = tmp_path / "many.dcm"
    for number in range(5):
        dataset.add_new(0x00091010 + number, "OB", bytes(14_000_000))
    dataset.save_as(path)
    with pytest.raises(ScanError, match=r"header of many\.dcm is larger than 64 MB"):
        read_dicom(path)
    assert read_header(path).frames == 1  # which skips what it does not need


def test_a_header_of_very_many_elements_is_refused_in_words(tmp_path, monkeypatch):
    monkeypatch.setattr(dicom_parsing, "_MOST_READS", 50)
    with pytest.raises(ScanError, match="or damaged"):
        read_dicom(dicom_test_file("MR_small.dcm"))


def test_a_sequence_of_very_many_items_is_refused_before_it_is_looked_at(tmp_path, monkeypatch):
    (made,) = make_series(tmp_path, slices=40, size=16, enhanced=True)
    dataset = dcmread(made)
    dataset["PerFrameFunctionalGroupsSequence"].is_undefined_length = False
    dataset.save_as(made)
    assert read_header(made).frames == 40
    monkeypatch.setattr(dicom_parsing, "_MOST_ITEMS", 39)
    with pytest.raises(ScanError, match="or damaged"):
        read_header(made)


def test_the_stream_stands_behind_the_header():
    path = Path(dicom_test_file("MR_small.dcm"))
    content = path.read_bytes()
    stream = io.BytesIO(content)
    parse_header(path, stream)
    assert struct.unpack("<HH", stream.read(4)) == (0x7FE0, 0x0010)


@pytest.mark.parametrize("windowed", [True, False])
def test_a_large_picture_takes_little_more_memory_than_its_values(tmp_path, windowed):
    dataset = ramp_dataset()
    dataset.Rows = dataset.Columns = 3000
    dataset.RescaleSlope, dataset.RescaleIntercept = 2, -10
    if windowed:
        dataset.WindowCenter, dataset.WindowWidth = 2000, 4000
    dataset.PixelData = np.resize(np.arange(5000, dtype=np.int16), (3000, 3000)).tobytes()
    path = tmp_path / "large.dcm"
    dataset.save_as(path)
    read_dicom(dicom_test_file("MR_small.dcm"))  # libraries
    with peak_below(12 * 9_000_000):  # bytes: 2 of pixels, 4 of values, 1 of grey, and working room
        read_dicom(path)
