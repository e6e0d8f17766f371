from pathlib import Path

import pytest
from PySide6.QtCore import QDir, QStandardPaths
from PySide6.QtWidgets import QFileDialog

from btgui.views.dialogs.file_dialogs import (
    ask_for_folder,
    ask_for_model,
    ask_for_scans,
    ask_where_to_save,
)


def test_what_was_chosen_comes_back_as_paths(qtbot, answer_dialog):
    answer_dialog("getOpenFileNames", (["a.png", "b.dcm"], ""))
    answer_dialog("getExistingDirectory", "scans")
    answer_dialog("getOpenFileName", ("own.btmodel", ""))
    assert ask_for_scans(None) == [Path("a.png"), Path("b.dcm")]
    assert ask_for_folder(None) == [Path("scans")]
    assert ask_for_model(None) == Path("own.btmodel")


def test_cancelling_gives_nothing(qtbot, answer_dialog):
    answer_dialog("getOpenFileNames", ([], ""))
    answer_dialog("getExistingDirectory", "")
    answer_dialog("getOpenFileName", ("", ""))
    assert ask_for_scans(None) == []
    assert ask_for_folder(None) == []
    assert ask_for_model(None) is None


def test_the_dialog_offers_the_formats_that_can_be_read(qtbot, monkeypatch):
    offered = []
    monkeypatch.setattr(
        QFileDialog,
        "getOpenFileNames",
        staticmethod(lambda *arguments: (offered.extend(arguments), ([], ""))[1]),
    )
    ask_for_scans(None)
    assert "*.dcm" in offered[-1]
    assert "*.tiff" in offered[-1]
    first, second = offered[-1].split(";;")
    assert "DICOMDIR" in first.split("(")[1].rstrip(")").split()
    assert second == "All files (*)"


def test_a_suffix_that_is_added_here_never_replaces_a_file(qtbot, tmp_path, answer_dialog):
    (tmp_path / "table.csv").touch()
    answer_dialog("getSaveFileName", (str(tmp_path / "table"), ""))
    chosen = ask_where_to_save(None, "Save", "x.csv", "CSV table", ".csv")
    assert chosen == tmp_path / "table (2).csv"
    answer_dialog("getSaveFileName", (str(tmp_path / "table.CSV"), ""))
    assert ask_where_to_save(None, "Save", "x", "CSV", ".csv") == tmp_path / "table.CSV"
    answer_dialog("getSaveFileName", ("", ""))
    assert ask_where_to_save(None, "Save", "x", "CSV", ".csv") is None


@pytest.mark.parametrize("place", ["Documents", ""], ids=["documents", "home"])
def test_files_are_first_saved_where_users_keep_theirs(qtbot, monkeypatch, tmp_path, place):
    if place:
        (tmp_path / place).mkdir()
    monkeypatch.setattr(
        QStandardPaths, "writableLocation", staticmethod(lambda _kind: str(tmp_path / "Documents"))
    )
    monkeypatch.setattr(QDir, "homePath", staticmethod(lambda: str(tmp_path)))
    proposed = []
    monkeypatch.setattr(
        QFileDialog,
        "getSaveFileName",
        staticmethod(lambda *given: (proposed.append(given[2]), (str(tmp_path / "x.csv"), ""))[1]),
    )
    for _ in range(2):  # and then where the last one was saved
        ask_where_to_save(None, "Save", "table.csv", "CSV table", ".csv")
    assert proposed == [str(tmp_path / place / "table.csv"), str(tmp_path / "table.csv")]
