import pytest

from btgui.engine.errors import ExportError
from btgui.views import saving
from btgui.views.saving import CSV_TABLE, ask_and_save


@pytest.fixture
def told(monkeypatch):
    told = []
    monkeypatch.setattr(saving, "notify", told.append)
    return told


def write(file, *lines):
    if not file.parent.is_dir():
        raise ExportError(f"{file.name} cannot be written.")
    file.write_text(" ".join(lines))


def test_what_was_taken_before_is_written_and_told(answer_dialog, told, tmp_path):
    answer_dialog("getSaveFileName", (str(tmp_path / "table"), ""))
    ask_and_save(None, "Save table", "x.csv", CSV_TABLE, write, "one", "two")
    assert (tmp_path / "table.csv").read_text() == "one two"
    assert [(message.level, message.text) for message in told] == [("info", "Saved table.csv.")]


def test_a_file_that_cannot_be_written_is_told_and_not_called_saved(answer_dialog, told, tmp_path):
    answer_dialog("getSaveFileName", (str(tmp_path / "none" / "x.csv"), ""))
    ask_and_save(None, "Save table", "x.csv", CSV_TABLE, write, "one")
    assert [message.level for message in told] == ["error"]


def test_a_dialog_that_is_cancelled_writes_and_tells_nothing(answer_dialog, told, tmp_path):
    answer_dialog("getSaveFileName", ("", ""))
    ask_and_save(None, "Save table", "x.csv", CSV_TABLE, write, "one")
    assert not told
    assert not list(tmp_path.iterdir())
