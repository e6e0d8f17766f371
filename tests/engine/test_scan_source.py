import hashlib
import io
import os
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pydicom.dataelem import RawDataElement
from pydicom.tag import Tag

from btgui.engine import scan_source
from btgui.engine.dicom import file as dicom_file
from btgui.engine.disk.folders import natural_key
from btgui.engine.errors import ScanError
from btgui.engine.scan import ScanAddress
from btgui.engine.scan_source import find_scans, read_scan, read_thumbnail
from btgui.engine.studies.index import index_places
from tests.conftest import write_head
from tests.dicom_files import dicom_test_file, ramp_dataset
from tools.make_series import make_series


def test_a_scan_is_read_with_its_pixels_and_digest(scan_file):
    scan = read_scan(scan_file)
    assert np.array_equal(scan.grey, cv2.imread(str(scan_file), cv2.IMREAD_GRAYSCALE))
    assert scan.sha256 == hashlib.sha256(scan_file.read_bytes()).hexdigest()
    assert scan.path == scan_file


def test_dicom_is_known_by_its_content_not_by_its_name(tmp_path):
    disguised = tmp_path / "looks like a picture.png"
    disguised.write_bytes(dicom_test_file("MR_small.dcm").read_bytes())
    assert read_scan(disguised).file_format == "DICOM"


def test_a_dicom_sequence_that_breaks_off_is_damage_not_a_file_that_may_not_be_read(tmp_path):
    dataset = ramp_dataset()
    dataset[Tag("VOILUTSequence")] = RawDataElement(
        Tag("VOILUTSequence"), "SQ", 4, b"\xfe\xff\x00\xe0", 0, False, True
    )
    dataset.save_as(tmp_path / "a.dcm")
    with pytest.raises(ScanError, match="damaged or incomplete"):
        read_scan(tmp_path / "a.dcm")


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda p: p.touch(), "is empty"),
        (lambda p: p.mkdir(), "is a folder"),
        (lambda p: None, "was not found"),
        (
            lambda p: p.write_text("just some notes"),
            "is not a JPEG, PNG, BMP, TIFF, DICOM or NIfTI file",
        ),
        (lambda p: p.write_bytes(b"\0" * 128 + b"DICM"), "not a readable DICOM file"),
    ],
    ids=["empty", "folder", "missing", "text", "dicom mark only"],
)
def test_what_cannot_be_read_gets_a_sentence_that_names_it(tmp_path, make, words):
    path = tmp_path / "odd.png"
    make(path)
    with pytest.raises(ScanError, match=r"^odd\.png") as refused:
        read_scan(path)
    assert words in str(refused.value)


def test_a_file_that_may_not_be_read_says_so(tmp_path, monkeypatch):
    path = write_head(tmp_path / "locked.png")

    def denied(_self, _mode):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.open", denied)
    with pytest.raises(ScanError, match=r"locked.png cannot be opened \(permission denied\)"):
        read_scan(path)


@pytest.mark.usefixtures("shut_folders")
def test_a_folder_that_cannot_be_listed_is_no_empty_one(tmp_path):
    (tmp_path / "open").mkdir()
    (tmp_path / "open" / "1.png").touch()
    (tmp_path / "shut").mkdir()
    assert find_scans([tmp_path]) == [tmp_path / "open" / "1.png", tmp_path / "shut"]
    with pytest.raises(ScanError, match=r"folder shut cannot be listed \(permission den"):
        read_scan(tmp_path / "shut")


@pytest.mark.parametrize("large", [False, True])
def test_a_slice_s_file_is_opened_once_and_once_for_each_frame(monkeypatch, tmp_path, large):
    (frames_file,) = make_series(tmp_path, slices=3, size=32, enhanced=True)
    if large:
        monkeypatch.setattr(dicom_file, "_SMALL_BYTES", 0)
    opened, open_file = [], Path.open

    def counted(path, *arguments, **named):
        opened.append(path)
        return open_file(path, *arguments, **named)

    monkeypatch.setattr(Path, "open", counted)
    slice_file = dicom_test_file("MR_small.dcm")
    read_scan(slice_file)
    for frame in range(3):
        read_scan(ScanAddress(frames_file, frame))
    assert opened == [slice_file, *[frames_file] * 3]


def test_a_huge_file_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "huge.tif"
    with path.open("wb") as file:
        file.truncate(600_000_000)  # sparse: takes no space
    with pytest.raises(ScanError, match="larger than 512 MB"):
        read_scan(path)


def test_folders_are_searched_in_natural_order(tmp_path):
    names = [
        "scan 10.png",
        "scan 2.PNG",
        "a/inner.jpg",
        "no_suffix_dicom",
        ".hidden.png",
        ".trash/deleted.png",
        "$RECYCLE.BIN/S-1-5-21/$RA1B2C3.dcm",
        "System Volume Information/scan.png",
    ]
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"\0" * 128 + b"DICM")
    (tmp_path / "notes.txt").write_text("just some notes")
    found = [path.relative_to(tmp_path).as_posix() for path in find_scans([tmp_path])]
    assert found == ["no_suffix_dicom", "scan 2.PNG", "scan 10.png", "a/inner.jpg"]


@pytest.mark.parametrize("name", ["1.2.840.113619.2.5.13", "IM_0001.MR", "MR.1.2.3", "image"])
def test_dicom_files_are_found_under_any_name(tmp_path, name):
    (tmp_path / name).write_bytes(dicom_test_file("MR_small.dcm").read_bytes())
    (tmp_path / "1.2.840.14").write_text("a number is not the mark")
    assert find_scans([tmp_path]) == [tmp_path / name]
    series = index_places([tmp_path]).series
    assert [one.address.path for found in series for one in found.slices] == [tmp_path / name]


def test_the_list_of_a_disc_is_no_scan(tmp_path):
    (tmp_path / "DICOMDIR").write_bytes(dicom_test_file("dicomdirtests/DICOMDIR").read_bytes())
    scan = write_head(tmp_path / "a.png")
    assert find_scans([tmp_path]) == [scan]


def test_named_files_are_kept_whatever_their_name_and_only_once(tmp_path):
    odd = tmp_path / "notes.txt"
    odd.touch()
    scan = write_head(tmp_path / "a.png")
    assert find_scans([odd, scan, tmp_path]) == [odd, scan]


def test_a_link_in_a_circle_does_not_hang(tmp_path):
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    scan = write_head(tmp_path / "a.png")
    assert find_scans([tmp_path]) == [scan]


@given(st.lists(st.text("ab01 29", max_size=8), min_size=2, max_size=2))
def test_any_two_names_can_be_ordered(names):
    one, other = (natural_key(name) for name in names)
    assert (one < other) + (one > other) + (one == other) == 1


@pytest.mark.parametrize("name", ["T1²", "½", "٣", "scan ٣ of 10", "", "12"])
def test_any_script_s_digits_can_be_ordered(name):
    assert sorted(["b", name, "a 2"], key=natural_key)


def test_digits_of_every_script_count_by_their_value():
    assert natural_key("scan ٣") < natural_key("scan 10")


def test_a_folder_of_any_name_is_searched(tmp_path):
    for name in ("T1²", "½", "10²3"):
        (tmp_path / name).mkdir()
        write_head(tmp_path / name / "scan.png")
    assert len(find_scans([tmp_path])) == 3


@pytest.mark.parametrize("name", ["x" * 300 + ".png", "nothing\0here.png"])
def test_an_impossible_name_is_kept_and_refused_in_words(tmp_path, name):
    path = tmp_path / name
    assert find_scans([path]) == [path]
    with pytest.raises(ScanError) as refused:
        read_scan(path)
    assert path.name in str(refused.value)


def test_a_file_that_may_not_be_looked_at_is_passed_over_in_a_folder(tmp_path, monkeypatch):
    scan = write_head(tmp_path / "a.png")
    (tmp_path / "without_suffix").write_bytes(b"\0" * 128 + b"DICM")
    assert len(find_scans([tmp_path])) == 2

    def denied(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.open", denied)
    assert find_scans([tmp_path]) == [scan]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a system with pipes")
def test_a_pipe_is_refused_instead_of_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(ScanError, match=r"pipe\.png is not a regular file"):
        read_scan(tmp_path / "pipe.png")


def test_a_link_to_nowhere_was_not_found(tmp_path):
    (tmp_path / "gone.png").symlink_to(tmp_path / "nothing")
    with pytest.raises(ScanError, match=r"gone\.png was not found"):
        read_scan(tmp_path / "gone.png")


@pytest.mark.parametrize(("width", "height"), [(400, 100), (100, 400), (8, 8)])
def test_a_thumbnail_keeps_its_proportions_and_is_never_enlarged(tmp_path, width, height):
    path = tmp_path / "wide.png"
    cv2.imwrite(str(path), np.full((height, width), 90, np.uint8))
    small = read_thumbnail(path, 96)
    assert small.shape == (
        min(height, height * 96 // max(width, height, 96)),
        min(width, width * 96 // max(width, height, 96)),
    )
    assert small.dtype == np.uint8


def test_thumbnails_of_dicom_and_deep_images_show_the_picture(tmp_path):
    deep = np.linspace(0, 60000, 200 * 200).reshape(200, 200).astype(np.uint16)
    Image.fromarray(deep).save(tmp_path / "deep.png")
    for path in (tmp_path / "deep.png", dicom_test_file("MR_small.dcm")):
        assert read_thumbnail(path, 96).std() > 20


FUZZ = settings(max_examples=60)


def read_or_refuse(path, content: bytes) -> None:
    path.write_bytes(content)
    refusal = ""
    try:
        scan = read_scan(path)
    except ScanError as error:
        refusal = str(error)
    assert path.name in refusal or (scan.grey.dtype == np.uint8 and scan.grey.size > 0)


@FUZZ
@given(content=st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_in_words(tmp_path, content):
    read_or_refuse(tmp_path / "any.png", content)
    read_or_refuse(tmp_path / "any.dcm", b"\0" * 128 + b"DICM" + content)


def encoded(kind: str) -> bytes:
    if kind.endswith("dcm"):
        return dicom_test_file(f"MR_small{kind.removesuffix('dcm')}.dcm").read_bytes()
    picture = np.random.default_rng(0).integers(0, 255, (24, 31, 3), dtype=np.uint8)
    stream = io.BytesIO()
    Image.fromarray(picture).save(stream, format=kind)
    return stream.getvalue()


@pytest.mark.parametrize("kind", ["jpeg", "png", "bmp", "tiff", "_RLEdcm", "_jp2klosslessdcm"])
@FUZZ
@given(data=st.data())
def test_damaged_files_are_read_or_refused_in_words(tmp_path, kind, data):
    content = bytearray(encoded(kind))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    end = data.draw(st.integers(1, len(content)))
    read_or_refuse(tmp_path / f"damaged.{kind}", bytes(content[:end]))


@FUZZ
@given(data=st.data())
def test_a_dicom_file_with_a_damaged_header_is_read_or_refused_in_words(tmp_path, data):
    content = bytearray(encoded("dcm"))
    header = content.rfind(b"\xe0\x7f\x10\x00")  # the pixel data begin here
    for _ in range(data.draw(st.integers(1, 12))):
        content[data.draw(st.integers(132, header))] = data.draw(st.integers(0, 255))
    read_or_refuse(tmp_path / "damaged.dcm", bytes(content))


def test_a_thread_watches_the_reading_of_all_but_small_pictures(tmp_path, monkeypatch):
    watched = []

    def read(path, work):
        watched.append(path.name)
        return work()

    monkeypatch.setattr(scan_source, "read_in_time", read)
    read_scan(write_head(tmp_path / "small.png"))
    read_scan(dicom_test_file("MR_small.dcm"))
    disguised = tmp_path / "dicom.png"
    disguised.write_bytes(dicom_test_file("MR_small.dcm").read_bytes())
    read_scan(disguised)
    monkeypatch.setattr(scan_source, "_SMALL_BYTES", 10)
    read_scan(write_head(tmp_path / "large.png"))
    assert watched == ["MR_small.dcm", "dicom.png", "large.png"]
