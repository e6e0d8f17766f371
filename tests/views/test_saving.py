import threading

import pytest
from PySide6.QtWidgets import QWidget

from btgui import app
from btgui.engine.errors import ExportError
from btgui.views import saving
from btgui.views.saving import CSV_TABLE, Saving, ask_and_save, await_savings
from btgui.workers.background import Background


@pytest.fixture
def told(monkeypatch):
    told = []
    monkeypatch.setattr(saving, "notify", told.append)
    return told


@pytest.fixture
def part(qtbot):
    """A widget inside a window."""
    window = QWidget()
    qtbot.addWidget(window)
    yield QWidget(window)
    window.close()


def write(file, *lines):
    if not file.parent.is_dir():
        raise ExportError(f"{file.name} cannot be written.")
    file.write_text(" ".join(lines))


def test_what_was_taken_before_is_written_and_told(part, qtbot, answer_dialog, told, tmp_path):
    answer_dialog("getSaveFileName", (str(tmp_path / "table"), ""))
    ask_and_save(part, "Save table", "x.csv", CSV_TABLE, write, "one", "two")
    qtbot.waitUntil(lambda: bool(told))
    assert (tmp_path / "table.csv").read_text() == "one two"
    assert [(message.level, message.text) for message in told] == [("info", "Saved table.csv.")]
    qtbot.waitUntil(lambda: not part.findChildren(Saving))


def test_a_file_that_cannot_be_written_is_told_and_not_called_saved(
    part, qtbot, answer_dialog, told, tmp_path
):
    answer_dialog("getSaveFileName", (str(tmp_path / "none" / "x.csv"), ""))
    ask_and_save(part, "Save table", "x.csv", CSV_TABLE, write, "one")
    qtbot.waitUntil(lambda: [message.level for message in told] == ["error"])


def test_a_disk_that_is_slow_holds_up_the_window_only_as_it_closes(
    part, answer_dialog, told, tmp_path
):
    begun, goes_on, file = threading.Event(), threading.Event(), tmp_path / "x.csv"

    def write_slowly(place, text):
        begun.set()
        assert goes_on.wait(20)
        place.write_text(text)

    answer_dialog("getSaveFileName", (str(file), ""))
    ask_and_save(part, "Save table", "x.csv", CSV_TABLE, write_slowly, "one")
    assert begun.wait(20)
    assert not file.exists()
    threading.Timer(0.2, goes_on.set).start()
    assert await_savings(part.window())
    assert file.read_text() == "one"
    assert [message.text for message in told] == ["Saved x.csv."]


def test_a_window_that_closes_hears_what_could_not_be_written(part, answer_dialog, told, tmp_path):
    answer_dialog("getSaveFileName", (str(tmp_path / "none" / "x.csv"), ""))
    ask_and_save(part, "Save table", "x.csv", CSV_TABLE, write, "one")
    assert not await_savings(part.window())
    assert [message.level for message in told] == ["error"]
    assert await_savings(part.window())  # it was told: the next time the window closes


def test_a_window_that_closes_stays_once_where_something_is_not_written_in_time(
    part, told, monkeypatch
):
    monkeypatch.setattr(Saving, "finish", lambda saving: Background.finish(saving, 0))
    begun, goes_on, written = threading.Event(), threading.Event(), threading.Event()

    def write_slowly():
        begun.set()
        assert goes_on.wait(20)
        written.set()
        return "Saved x.csv."

    Saving(part, write_slowly)
    assert begun.wait(20)
    assert not await_savings(part.window())
    assert [(message.level, "taking a long time" in message.text) for message in told] == [
        ("error", True)
    ]
    assert await_savings(part.window())  # the user closes it again
    goes_on.set()
    assert written.wait(20)


def test_a_window_stays_open_until_it_was_told_what_could_not_be_written(qtbot):
    def fail():
        raise ExportError("x.csv cannot be written.")

    app.create_application(["btgui"])
    window = app.create_window()
    qtbot.addWidget(window)
    window.show()
    Saving(window.gradcam, fail)
    window.close()
    assert window.isVisible()
    assert window.messages.bar.text.text() == "x.csv cannot be written."
    window.close()
    assert not window.isVisible()


def test_a_dialog_that_is_cancelled_writes_and_tells_nothing(part, answer_dialog, told, tmp_path):
    answer_dialog("getSaveFileName", ("", ""))
    ask_and_save(part, "Save table", "x.csv", CSV_TABLE, write, "one")
    assert not told
    assert not list(tmp_path.iterdir())
