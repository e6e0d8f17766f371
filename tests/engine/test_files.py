import hashlib

import pytest

from btgui.engine.files import free_name, replacing, sha256_of


def test_a_file_appears_only_when_it_is_complete(tmp_path):
    file = tmp_path / "result.txt"
    with replacing(file) as temporary:
        temporary.write_text("new")
        assert not file.exists()
    assert file.read_text() == "new"
    assert list(tmp_path.iterdir()) == [file]


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
