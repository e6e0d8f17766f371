import pytest

from training.safe_writing import written_whole


def test_a_file_is_replaced_by_what_was_written(tmp_path):
    file = tmp_path / "note.json"
    for content in (b"one", b"two"):
        with written_whole(file) as stream:
            stream.write(content)
        assert file.read_bytes() == content
    assert list(tmp_path.iterdir()) == [file]


def test_what_cannot_be_finished_leaves_the_file_as_it_was(tmp_path):
    file = tmp_path / "note.json"
    file.write_bytes(b"before")
    with pytest.raises(OSError, match="full"), written_whole(file) as stream:  # noqa: PT012
        stream.write(b"half")
        raise OSError(28, "full")
    assert file.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [file]


def test_content_and_then_the_name_reach_the_disk(tmp_path, monkeypatch):
    forced = []
    real = type(tmp_path).replace

    def replace(path, target):
        forced.append("name")
        return real(path, target)

    monkeypatch.setattr("os.fsync", lambda _number: forced.append("disk"))
    monkeypatch.setattr(type(tmp_path), "replace", replace)
    with written_whole(tmp_path / "note.json") as stream:
        stream.write(b"x")
    assert forced[:3] == ["disk", "name", "disk"]
