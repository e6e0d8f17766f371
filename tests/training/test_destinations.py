import errno
import os
import tempfile
from pathlib import Path

import pytest

from btgui.engine.errors import DatasetError, TrainingError
from training.__main__ import main
from training.destinations import (
    check_free,
    check_new_file,
    check_new_folder,
    check_temporary_folder,
)


def test_a_file_must_be_new_and_its_folder_must_be_there(tmp_path):
    check_new_file(tmp_path / "new.json")
    check_new_file(None)
    (tmp_path / "old.json").touch()
    with pytest.raises(DatasetError, match=r"exists already\. Name a new file"):
        check_new_file(tmp_path / "old.json")
    with pytest.raises(
        DatasetError, match=r"write new\.json into; .*nofolder is not a folder\. Create it"
    ):
        check_new_file(tmp_path / "nofolder" / "new.json")


def test_a_file_beside_oneself_needs_no_folder_s_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    check_new_file(Path("new.json"))


def test_a_folder_must_be_new_or_empty(tmp_path):
    check_new_folder(None)
    check_new_folder(tmp_path / "new" / "deeper")
    (tmp_path / "empty").mkdir()
    check_new_folder(tmp_path / "empty")
    for name in ("file", "full/thing"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
        with pytest.raises(DatasetError, match="is not an empty folder"):
            check_new_folder(tmp_path / name.split("/")[0])


def test_a_folder_that_may_not_be_listed_is_refused_with_the_reason(tmp_path, monkeypatch):
    def refuse(_folder):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(DatasetError, match=r"cannot be written \(Permission denied\)"):
        check_new_folder(tmp_path)


def test_a_model_s_folder_must_not_be_there_at_all(tmp_path):
    check_free(None)
    check_free(tmp_path / "new")
    with pytest.raises(DatasetError, match=r"exists already\. Name a new folder"):
        check_free(tmp_path)


@pytest.mark.parametrize("check", [check_new_file, check_new_folder, check_free])
def test_a_place_that_cannot_be_written_to_is_refused(check, tmp_path, monkeypatch):
    def refuse(**_options):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(tempfile, "NamedTemporaryFile", refuse)
    with pytest.raises(DatasetError, match=r"new cannot be written \(Read-only file system\)"):
        check(tmp_path / "new")


@pytest.mark.parametrize("check", [check_new_file, check_new_folder, check_free])
def test_a_name_that_is_too_long_is_refused(check, tmp_path):
    with pytest.raises(DatasetError, match=r"cannot be written .*Choose a shorter name"):
        check(tmp_path / ("x" * 300))


def test_a_model_s_name_leaves_room_for_those_that_it_has_before_it_is_whole(tmp_path):
    check_free(tmp_path / ("x" * 230))
    with pytest.raises(DatasetError, match="Choose a shorter name"):
        check_free(tmp_path / ("x" * 250))


@pytest.mark.parametrize(
    "command",
    [
        ("fit", "scans", "--output"),
        ("fit", "scans", "--work", "work", "--resume", "--output"),
        ("average", "--run", "run", "model", "--output"),
        ("calibrate", "model", "scans", "--output"),
        ("evaluate", "model", "scans", "--save-to"),
        ("preview", "scans", "--into"),
    ],
    ids=" ".join,
)
def test_commands_say_of_a_new_folder_s_name_that_it_is_too_long(
    command, tiny_pack, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    words = [str(tiny_pack.folder) if word == "model" else word for word in command]
    assert main([*words, "x" * 300]) == 1
    assert "(File name too long). Choose a shorter name." in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_looking_leaves_nothing(tmp_path):
    check_new_folder(tmp_path / "new" / "deeper")
    check_new_file(tmp_path / "new.json")
    assert not list(tmp_path.iterdir())


def test_a_drive_that_is_not_there_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr("os.path.isdir", lambda _folder: False)
    with pytest.raises(DatasetError, match=r"is on a drive that is not connected\. Connect it"):
        check_new_folder(tmp_path / "new")


def test_training_without_a_folder_for_temporary_files_is_told(tmp_path, monkeypatch, capsys):
    check_temporary_folder()
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(tempfile, "_candidate_tempdir_list", lambda: [str(tmp_path / "nowhere")])
    with pytest.raises(TrainingError, match=r"folder for temporary files, found none\. .*TMPDIR"):
        check_temporary_folder()
    model, masks = tmp_path / "model", tmp_path / "masks.csv"
    for command in (
        ["fit", str(tmp_path), "--output", str(model)],
        ["evaluate", str(model), str(tmp_path), "--masks", str(masks)],
        ["calibrate", str(model), str(tmp_path), "--output", str(tmp_path / "new")],
    ):
        assert main(command) == 1
        assert "folder for temporary files" in capsys.readouterr().err


@pytest.mark.parametrize("command", [["probe"], ["preview", "scans", "--into", "new"]])
def test_figures_for_a_folder_that_is_not_there_are_refused_before_the_work(
    command, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    assert main([*command, "--json", "nowhere/new.json"]) == 1
    assert "nowhere is not a folder. Create it first" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
