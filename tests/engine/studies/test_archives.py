import errno
import io
import os
import stat
import threading
import time
import zipfile

import pytest

from btgui.engine.disk import time_limit
from btgui.engine.errors import Cancelled, ScanError
from btgui.engine.scan_source import read_scan
from btgui.engine.studies import archives as archive_module
from btgui.engine.studies import unpacking as module
from btgui.engine.studies.archives import UnpackedArchives
from btgui.engine.studies.index import index_places
from tools.make_series import make_series


@pytest.fixture
def archives(tmp_path):
    folder = tmp_path / "temporary"
    folder.mkdir()
    with UnpackedArchives(folder) as archives:
        yield archives


def zip_of(path, entries):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return path


def zip_in(*entries):
    """The bytes of a ZIP file."""
    stream = io.BytesIO()
    zip_of(stream, entries)
    return stream.getvalue()


def test_a_series_in_a_zip_in_a_zip_is_read_and_gone_after_closing(tmp_path, archives):
    (inner,) = make_series(tmp_path / "made", slices=3, size=16, zipped=True)
    outer = zip_of(tmp_path / "CD.ZIP", [("a/INNER.ZIP", inner.read_bytes())])
    (series,) = index_places([outer], archives=archives).series
    assert [s.number for s in series.slices] == [1, 2, 3]
    assert read_scan(series.slices[1].address).plane == "axial"
    root = archives.root
    assert stat.S_IMODE(root.stat().st_mode) == 0o700 or os.name == "nt"
    archives.close()
    archives.close()
    assert not root.exists()


def test_without_a_place_to_unpack_a_zip_is_told(tmp_path):
    (archive,) = make_series(tmp_path, slices=2, size=16, zipped=True)
    (told,) = index_places([tmp_path]).passed_over
    assert told.path == archive
    assert "ZIP" in told.reason


@pytest.mark.parametrize(
    "name",
    ["../out", "/etc/out", "a/../../out", "..\\out", "C:/out", "folder/D:evil.dcm", "a/D:/b/c"],
)
def test_names_that_lead_out_are_passed_over(tmp_path, archives, name):
    found = archives.unpack(zip_of(tmp_path / "bad.zip", [("fine", b"1"), (name, b"x")]))
    assert [path.name for path in found.folder.rglob("*")] == ["fine"]
    assert [path.name for path in archives.root.rglob("*") if path.is_file()] == ["fine"]
    assert "leads out" in found.passed_over[0].reason


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ('T2*/SE "ax" <2>|3?', "T2_/SE _ax_ _2__3_"),
        ("T1 /mean../IM1", "T1_/mean._/IM1"),
        ("Con/IM1", "_Con/IM1"),
        ("aux.dcm", "_aux.dcm"),
        ("contrast/com10", "contrast/com10"),
        ("T1 ./.hidden", "T1 _/.hidden"),
        ("T1 10:30/IM1", "T1 10_30/IM1"),  # a colon would name a stream
        ("folder/IM1:hidden", "folder/IM1_hidden"),
        ("folder/IM1::$DATA", "folder/IM1__$DATA"),
    ],
)
def test_a_name_that_windows_refuses_costs_no_scan(tmp_path, archives, name, kept):
    found = archives.unpack(zip_of(tmp_path / "cd.zip", [(name, b"1")]))
    (file,) = (path for path in found.folder.rglob("*") if path.is_file())
    assert file.relative_to(found.folder).as_posix() == kept
    assert not found.passed_over


def test_folders_whose_names_are_too_long_together_cost_no_scan(tmp_path, archives):
    deep = "/".join([250 * "x"] * 20)
    names = [f"{deep}/IM1", f"{deep}/IM2", f"{deep}y/IM1"]
    found = archives.unpack(zip_of(tmp_path / "cd.zip", [(name, b"1") for name in names]))
    assert not found.passed_over
    files = sorted(path for path in found.folder.rglob("*") if path.is_file())
    assert sorted(file.name for file in files) == ["IM1", "IM1", "IM2"]
    assert len({file.parent for file in files}) == 2


def test_links_are_passed_over(tmp_path, archives):
    link = zipfile.ZipInfo("link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with pytest.raises(ScanError, match="is a symbolic link"):
        archives.unpack(zip_of(tmp_path / "bad.zip", [(link, "/etc/passwd")]))
    assert list(archives.root.iterdir()) == []


def test_damage_that_bzip2_finds_is_called_so(tmp_path, archives):
    file = tmp_path / "cd.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("IM1", os.urandom(2000))
    content = bytearray(file.read_bytes())
    content[40:60] = bytes(20)
    file.write_bytes(content)
    with pytest.raises(ScanError, match=r"is damaged\. Copy"):
        archives.unpack(file)


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path, archives, monkeypatch):
    monkeypatch.setattr(module, "_HARMLESS_BYTES", 10_000_000)
    with pytest.raises(ScanError, match="exceeds the limits"):
        archives.unpack(zip_of(tmp_path / "bomb.zip", [("zeros", bytes(30_000_000))]))
    assert list(archives.root.iterdir()) == []


def test_what_a_bomb_in_an_archive_unpacks_to_counts_against_the_whole(
    tmp_path, archives, monkeypatch
):
    monkeypatch.setattr(module, "_HARMLESS_BYTES", 1_000_000)
    inner = zip_in(("zeros", bytes(3_000_000)))  # packed a thousand times, as is the next
    outer = zip_of(tmp_path / "cd.zip", [("fine", os.urandom(2000)), ("bomb.zip", inner)])
    found = archives.unpack(outer)
    assert [path.name for path in found.folder.rglob("*")] == ["fine"]
    assert "bomb.zip exceeds the limits" in found.passed_over[0].reason


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("SEG/seg.dcm", b"\0" * 30_000_000, "seg.dcm is not a DICOM file, and its name"),
        ("VIEWER/app.jar", zip_in(("x", b"hello"))[:-30], "app.jar is not a DICOM file"),
        (
            "more.zip",
            zip_in(("/absolute", b"x")),
            "absolute in more.zip has a path that leads outside",
        ),
        (".", b"x", ". in cd.zip has a path that leads outside"),
        ("more.zip", b"no archive", "more.zip is not a readable ZIP file"),
        ("a/" * 300 + "deep", b"x", "is nested in more than 100 folders"),
        ("x" * 300, b"x", "cannot be unpacked (file name too long)"),
    ],
    ids=[
        "empty segmentation",
        "damaged viewer",
        "out",
        "nameless",
        "no archive",
        "deep",
        "long name",
    ],
)
def test_an_odd_entry_does_not_cost_the_study(tmp_path, archives, name, content, reason):
    files = make_series(tmp_path / "made", slices=3, size=16)
    entries = [(f"DICOM/{file.name}", file.read_bytes()) for file in files]
    index = index_places(
        [zip_of(tmp_path / "cd.zip", [*entries, (name, content)])], archives=archives
    )
    assert [len(series.slices) for series in index.series] == [3]
    (told,) = index.passed_over
    assert reason in told.reason


def test_entries_of_one_name_are_all_kept(tmp_path, archives):
    with pytest.warns(UserWarning, match="Duplicate"):
        path = zip_of(tmp_path / "cd.zip", [("a.dcm", b"1"), ("a.dcm", b"2"), ("a.dcm", b"3")])
    found = archives.unpack(path)
    contents = {file.name: file.read_bytes() for file in found.folder.iterdir()}
    assert contents == {"a.dcm": b"1", "a (2).dcm": b"2", "a (3).dcm": b"3"}


def test_archives_in_archives_are_opened_to_a_depth_that_is_told(tmp_path, archives):
    content = zip_in(("scan", b"deep"))
    for _ in range(5):
        content = zip_in(("in.zip", content))
    (tmp_path / "five.zip").write_bytes(content)
    found = archives.unpack(tmp_path / "five.zip")
    assert [path.name for path in found.folder.rglob("*") if path.is_file()] == ["scan"]
    (tmp_path / "six.zip").write_bytes(zip_in(("in.zip", content)))
    with pytest.raises(ScanError, match="is nested in more than 5 ZIP files"):
        archives.unpack(tmp_path / "six.zip")


def test_a_full_disk_is_told_as_that(tmp_path, archives, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(module._Unpacking, "_write", full)
    with pytest.raises(ScanError, match="disk for temporary files is full"):
        archives.unpack(zip_of(tmp_path / "a.zip", [("a", b"1"), ("b", b"2")]))


@pytest.mark.usefixtures("no_temporary_files")
def test_a_zip_that_cannot_be_unpacked_costs_no_other_file(tmp_path):
    zip_of(tmp_path / "cd.zip", [("a", b"1")])
    (tmp_path / "scan.png").touch()
    with UnpackedArchives() as archives:
        found = index_places([tmp_path], archives=archives)
    assert [path.name for path in found.pictures] == ["scan.png"]
    (told,) = found.passed_over
    assert "cd.zip cannot be unpacked. Temporary files cannot be written" in told.reason


def test_progress_is_told_while_files_are_unpacked(tmp_path, archives):
    told = []
    entries = [("a", b"1"), ("in.zip", zip_in(("b", b"2"), ("c", b"3"))), ("d", b"4")]
    archives.unpack(
        zip_of(tmp_path / "cd.zip", entries), on_progress=lambda *counts: told.append(counts)
    )
    assert told == [(1, 3), (2, 5), (3, 5), (4, 5), (5, 5)]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a system with pipes")
def test_a_pipe_is_refused_instead_of_waited_for(tmp_path, archives):
    os.mkfifo(tmp_path / "x.zip")
    with pytest.raises(ScanError, match="not a regular file"):
        archives.unpack(tmp_path / "x.zip")


def test_a_drive_without_an_answer_does_not_hold_up_who_stops(tmp_path, archives, monkeypatch):
    answer = threading.Event()
    monkeypatch.setattr(archive_module, "unpack", lambda *_: answer.wait(5))
    for waiting in (time_limit, archive_module):
        monkeypatch.setattr(waiting, "_ENDING_SECONDS", 0.01)
    path = zip_of(tmp_path / "a.zip", [("a", b"abc")])
    with pytest.raises(Cancelled):
        archives.unpack(path, lambda: True)
    answer.set()


def test_too_many_files_are_refused(tmp_path, archives, monkeypatch):
    monkeypatch.setattr(module, "_MAXIMUM_FILES", 3)
    entries = [(f"{number}", b"") for number in range(4)]
    with pytest.raises(ScanError, match="exceeds the limits"):
        archives.unpack(zip_of(tmp_path / "many.zip", entries))


def test_a_directory_that_would_fill_the_memory_is_not_read(tmp_path, archives, monkeypatch):
    entries = [(f"{number}", b"") for number in range(100)]
    assert len([*archives.unpack(zip_of(tmp_path / "some.zip", entries)).folder.iterdir()]) == 100
    monkeypatch.setattr(module, "_LARGEST_DIRECTORY", 4000)  # an entry takes 46 bytes and its name
    with pytest.raises(ScanError, match=r"many\.zip exceeds the limits"):
        archives.unpack(zip_of(tmp_path / "many.zip", entries))


def test_a_password_is_told(tmp_path, archives):
    path = zip_of(tmp_path / "locked.zip", [("a", b"abc")])
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1  # the directory's flag "encrypted"
    path.write_bytes(content)
    with pytest.raises(ScanError, match="password"):
        archives.unpack(path)


def test_damaged_archives_are_told(tmp_path, archives):
    whole = zip_of(tmp_path / "whole.zip", [("a", os.urandom(5000))]).read_bytes()
    for name, content in (("cut", whole[:3000]), ("text", b"hello"), ("empty", b"")):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(ScanError, match="damaged"):
            archives.unpack(path)
    changed = bytearray(whole)
    changed[2000] ^= 0xFF
    (tmp_path / "flipped").write_bytes(changed)
    with pytest.raises(ScanError, match="damaged"):
        archives.unpack(tmp_path / "flipped")


def test_unpacking_can_be_stopped(tmp_path, archives):
    path = zip_of(tmp_path / "a.zip", [("a", b"abc")])
    with pytest.raises(Cancelled):
        archives.unpack(path, lambda: True)
    assert list(archives.root.iterdir()) == []


def test_an_interruption_leaves_nothing_though_a_file_is_being_written(tmp_path, archives):
    path = zip_of(tmp_path / "a.zip", [(f"{number}/a", b"abc") for number in range(3)])
    interrupted = threading.Event()

    def ask() -> bool:
        if threading.current_thread() is threading.main_thread():
            interrupted.set()
            raise KeyboardInterrupt
        interrupted.wait(5)
        time.sleep(0.1)  # the folder would be removed by now
        return False

    with pytest.raises(KeyboardInterrupt):
        archives.unpack(path, ask)
    for thread in threading.enumerate():
        if thread.name == "btgui-read":
            thread.join(5)
    assert list(archives.root.iterdir()) == []
