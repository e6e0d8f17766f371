"""Deleted models with a real second process: within one process, locks would prove little."""

import subprocess

import pytest

from btgui.engine.models.deleted import DeletedModels

WINDOW = (
    "import sys\n"
    "from pathlib import Path\n"
    "from btgui.engine.models.deleted import DeletedModels\n"
    "deleted = DeletedModels(Path(sys.argv[1]))\n"
    "(deleted.own_folder() / 'model').mkdir()\n"
    "print('deleted', flush=True)\n"
    "sys.stdin.readline()\n"
)


@pytest.fixture
def window(other_process, tmp_path):
    """Another process that has deleted a model and ends when it reads a line."""
    return other_process(WINDOW, tmp_path / "deleted", says="deleted")


def names(folder):
    return sorted(path.name for path in folder.rglob("*"))


def test_what_another_window_may_still_undo_stays(window, tmp_path):
    DeletedModels(tmp_path / "deleted").purge()
    assert "model" in names(tmp_path / "deleted")


@pytest.mark.parametrize("end", [lambda process: process.communicate("\n"), subprocess.Popen.kill])
def test_what_a_window_left_that_has_ended_is_removed(window, tmp_path, end):
    end(window)
    window.wait()
    DeletedModels(tmp_path / "deleted").purge()
    assert names(tmp_path / "deleted") == []


def test_what_an_earlier_version_left_is_removed(tmp_path):
    (tmp_path / "deleted" / "model").mkdir(parents=True)
    DeletedModels(tmp_path / "deleted").purge()
    assert names(tmp_path / "deleted") == []


def test_a_window_keeps_one_folder_and_leaves_it_alone(tmp_path):
    deleted = DeletedModels(tmp_path / "deleted")
    deleted.purge()  # nothing is there to do
    folder = deleted.own_folder()
    deleted.purge()
    assert folder.is_dir()
    assert deleted.own_folder() == folder
