"""Whatever the bytes, reading returns a header or raises a readable error."""

import contextlib
import socket

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from btgui.engine.dicom.headers import read_header
from btgui.engine.errors import ScanError
from tests.dicom_files import dicom_test_file

CONTENT = dicom_test_file("MR_small.dcm").read_bytes()
FUZZ = settings(max_examples=150)


def read_or_refuse(folder, content):
    path = folder / "slice"
    path.write_bytes(content)
    with contextlib.suppress(ScanError):  # anything else fails the test
        read_header(path)


@FUZZ
@given(st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), max_size=8))
def test_changed_bytes(tmp_path, changes):
    content = bytearray(CONTENT)
    for place, value in changes:
        content[place] = value
    read_or_refuse(tmp_path, bytes(content))


@FUZZ
@given(st.binary(max_size=500))
def test_random_bytes_after_the_mark(tmp_path, tail):
    read_or_refuse(tmp_path, bytes(128) + b"DICM" + tail)


def test_what_is_no_file_is_refused(tmp_path):
    with pytest.raises(ScanError, match="is not a regular file"):
        read_header(tmp_path)
    with pytest.raises(ScanError, match="missing was not found"):
        read_header(tmp_path / "missing")


def test_reading_a_header_opens_no_socket(monkeypatch):
    def refuse(*_args, **_kwargs):
        pytest.fail("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    assert read_header(dicom_test_file("MR_small.dcm")).modality == "MR"
