"""File locks, tested with a second process, because one process alone would prove little."""

import pytest

from btgui.engine.disk import file_lock
from btgui.engine.disk.file_lock import LockHeldError, holding, is_held

HOLDER = (
    "import sys\n"
    "from pathlib import Path\n"
    "from btgui.engine.disk.file_lock import holding\n"
    "with holding(Path(sys.argv[1])):\n"
    "    print('held', flush=True)\n"
    "    sys.stdin.readline()\n"
)


@pytest.fixture
def holder(other_process, tmp_path):
    """Another process that holds the lock until it reads a line."""
    return other_process(HOLDER, tmp_path / "lock", says="held")


def test_a_lock_of_another_process_is_seen_and_refused(holder, tmp_path, monkeypatch):
    monkeypatch.setattr(file_lock, "_PATIENCE_SECONDS", 0.1)
    assert is_held(tmp_path / "lock")
    with pytest.raises(LockHeldError, match="held by another process"), holding(tmp_path / "lock"):
        pass


def test_a_process_that_ends_or_is_killed_leaves_no_lock(holder, tmp_path):
    holder.kill()
    holder.communicate()
    assert not is_held(tmp_path / "lock")
    with holding(tmp_path / "lock"):
        assert is_held(tmp_path / "lock")
    assert not is_held(tmp_path / "lock")


def test_looking_creates_nothing(tmp_path):
    assert not is_held(tmp_path / "lock")
    assert not list(tmp_path.iterdir())


def test_a_file_system_without_locks_lets_pass(tmp_path, monkeypatch):
    def refuse(_number):
        raise OSError(file_lock.errno.ENOLCK, "No locks available")

    monkeypatch.setattr(file_lock, "_lock", refuse)
    with holding(tmp_path / "lock"):
        assert not is_held(tmp_path / "lock")
