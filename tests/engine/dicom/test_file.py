import os
import tracemalloc
from pathlib import Path

import imagecodecs
import jpeg_ls
import numpy as np
import pytest
from numpy.typing import NDArray
from pydicom import dcmread, encaps
from pydicom.encaps import encapsulate, generate_frames
from pydicom.encaps import parse_fragments as found
from pydicom.uid import JPEG2000Lossless, JPEGLSLossless

from btgui.engine.dicom import file as dicom_file
from btgui.engine.dicom.file import open_dicom
from btgui.engine.dicom.patient import patient_lines
from btgui.engine.dicom.source import read_dicom
from btgui.engine.scan import ScanAddress
from btgui.engine.scan_source import read_scan
from tests.dicom_files import dicom_test_file, ramp_dataset
from tools.make_series import make_series


@pytest.fixture
def frames_file(tmp_path):
    """A file of three frames with per-frame functional groups."""
    (file,) = make_series(tmp_path, slices=3, size=32, enhanced=True)
    return file


def test_a_file_of_frames_is_opened_once_until_it_changes(frames_file):
    first = open_dicom(frames_file)
    assert open_dicom(frames_file) is first
    os.utime(frames_file, (1, 1))
    assert open_dicom(frames_file) is not first


def test_each_frame_has_its_own_header_and_the_file_s_stays_as_it_is(frames_file):
    file = open_dicom(frames_file)
    positions = [file.frame_header(frame).ImagePositionPatient for frame in range(3)]
    assert len({tuple(position) for position in positions}) == 3
    assert "ImagePositionPatient" not in file.header


def test_a_frame_s_header_is_made_without_going_through_the_others(frames_file):
    file = open_dicom(frames_file)
    assert "PerFrameFunctionalGroupsSequence" in file.header
    assert "PerFrameFunctionalGroupsSequence" not in file.frame_header(1)


@pytest.mark.parametrize("small_bytes", [0, 4_000_000], ids=["from the disk", "at once"])
@pytest.mark.parametrize("name", ["rtdose.dcm", "rtdose_rle.dcm", "rtdose_expb.dcm"])
def test_frames_from_the_disk_are_those_of_the_whole_file(name, small_bytes, monkeypatch):
    monkeypatch.setattr(dicom_file, "_SMALL_BYTES", small_bytes)
    monkeypatch.setattr(dicom_file, "_latest", dicom_file._Latest())
    whole = dcmread(dicom_test_file(name)).pixel_array
    for frame in (14, 0, 7):
        pixels = open_dicom(Path(dicom_test_file(name))).frame_pixels(frame)
        assert np.array_equal(pixels, whole[frame])


def _jpeg_ls(values: NDArray[np.uint16]) -> bytes:
    rows, columns = values.shape
    return bytes(jpeg_ls.encode_buffer(values.tobytes(), rows, columns, 1, 16))


def _jpeg_2000(values: NDArray[np.uint16]) -> bytes:
    return imagecodecs.jpeg2k_encode(values, codecformat="j2k", reversible=True)


@pytest.mark.parametrize(
    ("syntax", "encode"), [(JPEGLSLossless, _jpeg_ls), (JPEG2000Lossless, _jpeg_2000)]
)
@pytest.mark.parametrize("unused", [0, 0xF000], ids=["zero", "the sign"])
def test_a_sign_is_known_whatever_a_compressed_picture_holds_above_its_12_bits(
    syntax, encode, unused, tmp_path
):
    dataset = ramp_dataset()
    values = np.arange(dataset.Rows * dataset.Columns).reshape(dataset.Rows, -1) % 4000 - 2000
    stored = values.astype(np.uint16) & 0xFFF | np.where(values < 0, unused, 0).astype(np.uint16)
    dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 12, 11, 1
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset.PixelData = encapsulate([encode(stored)])
    dataset["PixelData"].VR = "OB"
    dataset.save_as(tmp_path / "signed.dcm")
    assert np.array_equal(open_dicom(tmp_path / "signed.dcm").frame_pixels(0), values)


@pytest.mark.parametrize("pieces", [1, 2], ids=["frames whole", "frames in pieces"])
def test_frames_without_a_table_are_looked_for_once(tmp_path, monkeypatch, pieces):
    dataset = dcmread(dicom_test_file("MR_small_jp2klossless.dcm"))
    (frame,) = generate_frames(dataset.PixelData, number_of_frames=1)
    dataset.NumberOfFrames = 5
    dataset.PixelData = encapsulate([frame] * 5, fragments_per_frame=pieces, has_bot=False)
    dataset.save_as(tmp_path / "a.dcm")
    looks = []
    monkeypatch.setattr(
        encaps, "parse_fragments", lambda *a, **k: looks.append(a) or found(*a, **k)
    )
    file = open_dicom(tmp_path / "a.dcm")
    whole = dcmread(dicom_test_file("MR_small.dcm")).pixel_array
    assert all(np.array_equal(file.frame_pixels(number), whole) for number in (4, 0, 2))
    assert bool(looks) == (pieces > 1)  # then the ends of pictures are what tells frames apart


def test_of_a_large_file_only_the_frame_is_held_in_memory(tmp_path):
    dataset = dcmread(dicom_test_file("MR_small.dcm"))
    dataset.NumberOfFrames, dataset.Rows, dataset.Columns = 240, 256, 512
    dataset.PixelData = bytes(240 * 256 * 512 * 2)
    file = tmp_path / "large.dcm"
    dataset.save_as(file)
    del dataset
    read_scan(ScanAddress(file, 0))  # libraries
    tracemalloc.start()
    try:
        for frame in (3, 239):
            assert read_scan(ScanAddress(file, frame)).metadata["Frame"] == f"{frame + 1} of 240"
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 10_000_000  # the file has 63 million bytes


def test_a_name_in_its_own_alphabet_is_read_in_it(tmp_path):
    dataset = dcmread(dicom_test_file("MR_small.dcm"))
    dataset.SpecificCharacterSet = "ISO_IR 100"
    dataset.PatientName = "Müller^Jürgen"
    file = tmp_path / "slice.dcm"
    dataset.save_as(file)
    assert patient_lines(read_dicom(file).header)[0] == "Müller, Jürgen"
