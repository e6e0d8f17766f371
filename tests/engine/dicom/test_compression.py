"""Compressed files that would fill the memory or keep a decoder busy for ever."""

import struct
import zlib

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.encaps import encapsulate
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLSLossless,
    RLELossless,
)

from btgui.engine.dicom import compression as dicom_compression
from btgui.engine.dicom.headers import read_header
from btgui.engine.dicom.patient import patient_lines
from btgui.engine.errors import ScanError
from btgui.engine.scan_source import read_scan
from tests.dicom_files import dicom_test_file

JP2_MARK = b"\x00\x00\x00\x0cjP  \r\n\x87\n"


def siz(width=64, height=64, tile=64, components=1):
    """Return the first bytes of a JPEG 2000 codestream (ISO/IEC 15444-1 A.5.1)."""
    sizes = struct.pack(">8L", width, height, 0, 0, tile, tile, 0, 0)
    return (
        b"\xff\x4f\xff\x51" + struct.pack(">HH", 41, 0) + sizes + struct.pack(">H", components)
    ) + b"\x0f\x01\x01"


def jpeg(width, height, start=0xC0):
    return (
        b"\xff\xd8" + b"\xff" + struct.pack(">BHBHHB", start, 11, 8, height, width, 1) + b"\0" * 9
    )


@pytest.fixture
def compressed(tmp_path):
    """Write a file with a single frame of these bytes, 64 by 64 pixels according to its header."""

    def write(syntax, frame):
        dataset = dcmread(dicom_test_file("MR_small.dcm"))
        dataset.file_meta.TransferSyntaxUID = syntax
        dataset.PixelData = encapsulate([frame])
        dataset["PixelData"].VR = "OB"
        file = tmp_path / "slice.dcm"
        dataset.save_as(file)
        return file

    return write


@pytest.fixture
def deflated(tmp_path):
    dataset = dcmread(dicom_test_file("MR_small.dcm"))
    dataset.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    file = tmp_path / "deflated.dcm"
    dataset.save_as(file)
    return file


def test_a_deflated_file_is_the_plain_one(deflated):
    scan, plain = read_scan(deflated), read_scan(dicom_test_file("MR_small.dcm"))
    assert np.array_equal(scan.values, plain.values)
    assert patient_lines(scan.header) == patient_lines(plain.header)
    assert read_header(deflated).places == read_header(dicom_test_file("MR_small.dcm")).places


def test_a_file_that_unpacks_without_end_is_refused(deflated, monkeypatch):
    content = deflated.read_bytes()
    head = content[: 144 + struct.unpack("<L", content[140:144])[0]]  # (0002,0000) says how long
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    deflated.write_bytes(head + packer.compress(bytes(3_000_000)) + packer.flush())
    monkeypatch.setattr(dicom_compression, "_MAXIMUM_UNPACKED", 1_000_000)
    for read in (read_scan, read_header):
        with pytest.raises(ScanError, match="unpacks to more than"):
            read(deflated)


def test_a_deflated_file_with_a_changed_byte_is_refused_in_words(deflated):
    content = bytearray(deflated.read_bytes())
    content[600] ^= 0xFF
    deflated.write_bytes(content)
    for read in (read_scan, read_header):
        with pytest.raises(ScanError, match=r"deflated\.dcm.* damaged"):
            read(deflated)


def test_a_file_that_only_mentions_deflation_is_read_as_it_is(tmp_path):
    dataset = dcmread(dicom_test_file("MR_small.dcm"))
    dataset.SeriesDescription = DeflatedExplicitVRLittleEndian
    file = tmp_path / "plain.dcm"
    dataset.save_as(file)
    assert read_scan(file).shape == (64, 64)


@pytest.mark.parametrize(
    ("syntax", "frame"),
    [
        # pydicom looks for the code stream behind such a box for ever.
        (JPEG2000Lossless, JP2_MARK + b"\0\0\0\0free" + bytes(64)),
        (JPEG2000Lossless, JP2_MARK + b"\0\0\0\x14ftypjp2 \0\0\0\0jp2 "),
        (JPEG2000Lossless, b"no code stream at all" * 3),
        (JPEG2000Lossless, siz(60_000, 60_000)),
        (JPEG2000Lossless, siz(components=16_384)),
        (JPEG2000Lossless, siz(tile=0)),
        (JPEGBaseline8Bit, jpeg(65_000, 65_000)),
        (JPEGLSLossless, jpeg(65_000, 65_000, start=0xF7)),
        (JPEGBaseline8Bit, b"\xff\xd8\xff\xe0\0\0" + bytes(64)),
        (RLELossless, bytes(3 * 64 * 64 * 2)),
    ],
)
def test_what_no_decoder_may_be_given_is_refused(compressed, syntax, frame):
    with pytest.raises(
        ScanError, match=r"slice\.dcm is damaged: its compressed pixel data is invalid"
    ):
        read_scan(compressed(syntax, frame))


def test_markers_may_be_filled_up_and_others_come_before_the_size(tmp_path):
    def check(width):
        frame = b"\xff\xd8\xff\xfe\0\x04no\xff" + jpeg(width, 1_000)[2:]
        dicom_compression.check_compressed_frame(tmp_path, frame, JPEGBaseline8Bit, len(frame))

    check(64_000)
    with pytest.raises(ScanError, match="pixel data is invalid"):
        check(65_000)
