import errno
import hashlib
import os
from pathlib import Path

import pytest

from btgui.engine.disk import files as module
from btgui.engine.disk.files import (
    file_name_of,
    free_name,
    fresh_folder,
    not_written,
    replacing,
    sha256_of,
)


def test_a_file_appears_only_when_it_is_complete(tmp_path):
    file = tmp_path / "result.txt"
    with replacing(file) as temporary:
        temporary.write_text("new")
        assert not file.exists()
    assert file.read_text() == "new"
    assert list(tmp_path.iterdir()) == [file]


def test_a_name_may_be_as_long_as_the_system_allows(tmp_path):
    file = tmp_path / f"{'n' * 251}.csv"
    with replacing(file) as temporary:
        temporary.write_text("new")
    assert file.read_text() == "new"


def test_a_failure_leaves_the_old_file_as_it_was(tmp_path):
    file = tmp_path / "result.txt"
    file.write_text("old")

    def interrupted():
        with replacing(file) as temporary:
            temporary.write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        interrupted()
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]


def test_what_another_program_looks_into_for_a_moment_is_put_in_place_after_it(
    tmp_path, monkeypatch
):
    refused, really = [PermissionError("in use"), PermissionError("in use")], Path.replace

    def as_on_windows(path, place):
        if refused:
            raise refused.pop()
        return really(path, place)

    monkeypatch.setattr(Path, "replace", as_on_windows)
    monkeypatch.setattr(module, "_PATIENCE_SECONDS", 10.0)
    with replacing(tmp_path / "result.txt") as temporary:
        temporary.write_text("new")
    assert (tmp_path / "result.txt").read_text() == "new"


@pytest.mark.parametrize(
    ("error", "way_out"),
    [
        (PermissionError(13, "Permission denied"), "Choose another folder."),
        (OSError(errno.ENAMETOOLONG, "File name too long"), "Choose a shorter name."),
        (
            OSError(28, "No space left on device"),
            "Free some space there, or choose another folder.",
        ),
        (OSError(errno.EROFS, "Read-only file system"), "Choose another folder."),
    ],
)
def test_what_cannot_be_written_is_told_with_the_way_out(error, way_out):
    said = str(not_written(Path("a.csv"), error))
    assert said == f"a.csv cannot be written ({error.strerror}). {way_out}"


def test_a_file_that_is_there_and_refused_may_be_open(tmp_path):
    (tmp_path / "a.csv").touch()
    said = str(not_written(tmp_path / "a.csv", PermissionError(13, "Permission denied")))
    assert said.endswith("Close it in other programs, or choose another folder.")


def test_what_a_kill_left_of_a_fresh_folder_goes_first(tmp_path):
    place = tmp_path / ".new-model"
    place.mkdir()
    (place / "half").touch()
    with fresh_folder(place) as folder:
        assert list(folder.iterdir()) == []
        (folder / "whole").touch()
        folder.rename(tmp_path / "model")
    assert [file.name for file in tmp_path.rglob("*")] == ["model", "whole"]
    with pytest.raises(RuntimeError), fresh_folder(place):
        raise RuntimeError
    assert not place.exists()


def test_a_taken_name_gets_a_number(tmp_path):
    file = tmp_path / "a.png"
    assert free_name(file) == file
    file.touch()
    (tmp_path / "a (2).png").touch()
    assert free_name(file) == tmp_path / "a (3).png"


def test_the_digest_is_sha256_also_of_large_files(tmp_path):
    content = bytes(range(256)) * 10_000
    (tmp_path / "large").write_bytes(content)
    assert sha256_of(tmp_path / "large") == hashlib.sha256(content).hexdigest()


def test_a_name_too_long_to_exist_is_free(tmp_path):
    file = tmp_path / ("x" * 300)
    assert free_name(file) == file


def test_a_folder_s_name_is_taken_too(tmp_path):
    (tmp_path / "a.png").mkdir()
    assert free_name(tmp_path / "a.png") == tmp_path / "a (2).png"


def test_a_folder_in_the_file_s_place_is_kept(tmp_path):
    (tmp_path / "result.txt").mkdir()
    with pytest.raises(OSError, match=r"result\.txt"), replacing(tmp_path / "result.txt"):
        pass
    assert [p.name for p in tmp_path.iterdir()] == ["result.txt"]
    assert (tmp_path / "result.txt").is_dir()


@pytest.mark.skipif(os.name != "posix", reason="permissions as on Unix")
def test_others_may_read_a_written_file_as_any_other(tmp_path):
    (tmp_path / "plain").touch()
    with replacing(tmp_path / "result.txt") as temporary:
        temporary.write_text("shared")
    assert (tmp_path / "result.txt").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_the_temporary_file_keeps_the_suffix_that_writers_look_at(tmp_path):
    with replacing(tmp_path / "picture.png") as temporary:
        assert temporary.suffix == ".png"
        assert temporary.parent == tmp_path


def test_a_title_keeps_the_signs_that_every_system_takes():
    assert file_name_of("T2 TSE, echo 2 (TE 98 ms)") == "T2 TSE, echo 2 (TE 98 ms)"
    assert file_name_of('a/b:c*"d"') == "a_b_c__d_"


@pytest.mark.parametrize(("letter", "count"), [("a", 100), ("ü", 100), ("脑", 66), ("𠀀", 50)])
def test_a_long_title_leaves_room_in_a_name_for_what_is_added(letter, count):
    assert file_name_of(letter * 300) == letter * count
