import os
import stat
import subprocess
import sys
import zipfile

import pytest

from btgui.engine.errors import Cancelled, ScanError
from btgui.engine.scan_source import read_scan
from btgui.engine.studies import archives as module
from btgui.engine.studies.archives import UnpackedArchives, remove_left_behind
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


def test_a_series_in_a_zip_in_a_zip_is_read_and_gone_after_closing(tmp_path, archives):
    (inner,) = make_series(tmp_path / "made", slices=3, size=16, zipped=True)
    outer = zip_of(tmp_path / "cd.zip", [("a/inner.zip", inner.read_bytes())])
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


@pytest.mark.parametrize("name", ["../out", "/etc/out", "a/../../out", "..\\out", "C:/out"])
def test_names_that_lead_out_are_refused(tmp_path, archives, name):
    with pytest.raises(ScanError, match="leads out"):
        archives.unpack(zip_of(tmp_path / "bad.zip", [("fine", b"1"), (name, b"x")]))
    assert list(archives.root.iterdir()) == []


def test_links_are_refused(tmp_path, archives):
    link = zipfile.ZipInfo("link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with pytest.raises(ScanError, match="holds a link"):
        archives.unpack(zip_of(tmp_path / "bad.zip", [(link, "/etc/passwd")]))


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path, archives):
    with pytest.raises(ScanError, match="more than is allowed"):
        archives.unpack(zip_of(tmp_path / "bomb.zip", [("zeros", bytes(30_000_000))]))
    assert list(archives.root.iterdir()) == []


def test_too_many_files_are_refused(tmp_path, archives, monkeypatch):
    monkeypatch.setattr(module, "_MAXIMUM_FILES", 3)
    entries = [(f"{number}", b"") for number in range(4)]
    with pytest.raises(ScanError, match="more than is allowed"):
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


def test_what_a_killed_application_left_is_removed_and_no_other(tmp_path, archives):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left = archives.root.parent / f"btgui-archive-{ended.pid}-x"
    left.mkdir()
    other = archives.root.parent / "btgui-archive-notes"
    other.mkdir()
    assert remove_left_behind(archives.root.parent) == 1
    assert not left.exists()
    assert other.exists()
    assert archives.root.exists()
