import sys
from pathlib import Path

import pytest

from btgui.engine import paths
from btgui.engine.errors import BtguiError


def test_resources_are_beside_the_source():
    assert (paths.resource_folder() / "style.qss").is_file()
    assert paths.shipped_models_folder().is_dir()


def test_in_the_packaged_app_resources_are_in_its_folder(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert paths.resource_folder() == tmp_path / "resources"


def test_one_variable_moves_all_of_the_user_s_files(isolated_home):
    folders = (paths.user_data_folder(), paths.user_models_folder(), paths.user_cache_folder())
    assert all(isolated_home in folder.parents and folder.is_dir() for folder in folders)


def test_without_it_they_are_where_the_system_wants_them(monkeypatch, tmp_path):
    monkeypatch.delenv("BTGUI_HOME")
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_, **__: tmp_path / "x")
    assert paths.user_data_folder() == tmp_path / "x"
    assert Path(tmp_path / "x").is_dir()


def test_the_folders_of_settings_models_and_cache_do_not_mix():
    data, cache = paths.user_data_folder(), paths.user_cache_folder()
    assert paths.user_models_folder().parent == data
    assert cache != data
    assert data not in cache.parents


def test_a_folder_that_is_already_there_is_kept_with_its_files(isolated_home):
    (paths.user_data_folder() / "kept").touch()
    assert (paths.user_data_folder() / "kept").is_file()


@pytest.mark.parametrize("of", ["data", "models", "cache"])
def test_a_folder_that_cannot_be_created_is_told_in_a_sentence(monkeypatch, tmp_path, of):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("BTGUI_HOME", str(tmp_path / "file"))
    folder = getattr(paths, f"user_{of}_folder")
    with pytest.raises(BtguiError, match=r"cannot be created \(Not a directory\).*BTGUI_HOME"):
        folder()
