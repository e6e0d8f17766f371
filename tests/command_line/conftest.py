import shutil

import pytest

import main
from btgui.command_line import models, opening


@pytest.fixture
def btgui(tiny_pack, isolated_home, monkeypatch, tmp_path_factory, capsys):
    """Run a command with the small model shipped; return status, output and error output."""
    shipped = tmp_path_factory.mktemp("shipped")
    shutil.copytree(tiny_pack.folder, shipped / "small")
    for module in (opening, models):
        monkeypatch.setattr(module, "shipped_models_folder", lambda: shipped)

    def run(*arguments):
        status = main.main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return status, said.out, said.err

    run.shipped = shipped
    return run
