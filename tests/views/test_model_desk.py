import shutil
import threading
import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from btgui.engine.errors import ExportError
from btgui.engine.models.library import ModelLibrary
from btgui.engine.models.pack import export_pack
from btgui.engine.results import Device
from btgui.views import model_desk as module
from btgui.views.model_desk import ModelDesk
from btgui.views.models_window import library_work
from btgui.workers.background import Background
from tests.views.conftest import opens_a_list


@pytest.fixture
def desk(qtbot, tiny_pack, tmp_path):
    parent = QWidget()
    qtbot.addWidget(parent)
    desk = ModelDesk(ModelLibrary(tiny_pack.folder.parent, tmp_path / "mine"), parent)
    yield desk
    desk.close()


def test_a_model_that_is_ready_is_known_in_both_places(desk):
    desk.set_chosen("small")
    desk.set_ready("small", "", 14.2, Device("cpu", "2 cores"))
    assert "About 14\N{NO-BREAK SPACE}ms per scan" in desk.picker.facts.text()
    assert desk.window.rows.index(0, 0).data() == "Small test model (in use)"


def test_when_none_is_ready_none_is_in_use_and_the_one_before_can_be_gone_back_to(desk):
    desk.set_ready("small", "", 14.2, Device("cpu", "2 cores"))
    for _ in range(2):  # a second failure knows which one read last, too
        desk.set_none_ready()
        assert desk.window.rows.index(0, 0).data() == "Small test model"
        assert desk.window.back.text() == "Back to Small test model"


IMPORTED = (
    "Imported Small test model as Small test model 2: another model is called Small test model."
)


def test_an_imported_model_is_offered_and_used(desk, qtbot, make_pack, tmp_path, tiny_pack, told):
    import keras

    other = make_pack(keras.saving.load_model(tiny_pack.model_file, compile=False), id="other")
    export_pack(other, tmp_path / "other.btmodel")
    with qtbot.waitSignal(desk.use_requested) as asked:
        desk.import_model(tmp_path / "other.btmodel")
    assert asked.args == ["other"]
    assert [one.text for one in told] == ["Importing other.btmodel …", IMPORTED]
    assert desk.picker.choice.findData("other") >= 0


def test_closing_asks_while_a_model_is_still_being_saved(desk, qtbot, monkeypatch):
    goes_on, said, answers = threading.Event(), [], iter((False, True))
    monkeypatch.setattr(module, "ask_to_stop_and_close", lambda *_: next(answers))
    assert desk.may_close()  # nothing goes on
    desk.window.work.do("Saving …", lambda: goes_on.wait(20), said.append, said.append)
    begun = time.monotonic()
    assert not desk.may_close()
    assert time.monotonic() - begun < 5  # else the window would count as hanging
    monkeypatch.setattr(Background, "finish", lambda *_: None)  # not that long
    assert desk.may_close()
    goes_on.set()
    qtbot.waitUntil(lambda: said == [True])


def test_a_window_that_closes_stays_where_a_model_cannot_be_saved(
    desk, qtbot, answer_dialog, told, tmp_path, monkeypatch
):
    def full(*_arguments):
        time.sleep(0.2)
        raise ExportError("The disk is full.")

    monkeypatch.setattr(library_work, "_MOMENT_SECONDS", 60)  # on a busy computer: else it asks
    monkeypatch.setattr(desk.library, "export_model", full)
    answer_dialog("getSaveFileName", (str(tmp_path / "small.btmodel"), ""))
    desk.window.export.click()
    assert desk.window.work.doing() == "Saving Small test model as small.btmodel …"
    assert not desk.may_close()
    assert [one.text for one in told] == ["The disk is full."]
    assert desk.may_close()


def test_a_refused_import_is_told(desk, qtbot, tmp_path, told):
    file = tmp_path / "no.btmodel"
    file.write_bytes(b"no zip")
    with qtbot.assertNotEmitted(desk.use_requested):
        desk.import_model(file)
        qtbot.waitUntil(lambda: len(told) > 1)
    begun, problem, over = (one.text for one in told)
    assert (begun, over) == ("Importing no.btmodel …", "")  # nothing is being imported any more
    assert "no.btmodel is not a readable" in problem


def test_the_picker_asks_too(desk, qtbot):
    with qtbot.waitSignal(desk.use_requested) as asked:
        qtbot.keyClick(desk.picker.choice, Qt.Key.Key_Down)
        desk.picker.choice.activated.emit(0)
    assert asked.args == ["small"]


@pytest.fixture
def mine(make_pack, tiny_pack, tmp_path):
    """A file of a user's model, to be imported."""
    import keras

    network = keras.saving.load_model(tiny_pack.model_file, compile=False)
    export_pack(make_pack(network, id="mine", name="Mine"), tmp_path / "mine.btmodel")
    return tmp_path / "mine.btmodel"


@pytest.mark.parametrize("by", ["picker", "window"])
def test_a_model_that_another_window_deleted_is_not_used_and_not_offered(
    desk, qtbot, mine, told, by
):
    desk.library.import_model(mine)
    desk.take_new_model("mine", use=False)
    desk.set_chosen("small")
    desk.window.refresh("mine")
    shutil.rmtree(desk.library.get("mine").folder)
    with qtbot.assertNotEmitted(desk.use_requested):
        if by == "picker":
            desk.picker.choice.setCurrentIndex(desk.picker.choice.findData("mine"))
            desk.picker.choice.activated.emit(1)
        else:
            desk.window.use.click()
    assert "another window may have deleted it" in told[0].text
    assert desk.picker.choice.currentData() == "small"
    assert desk.picker.choice.findData("mine") == desk.window.rows.row_of("mine") == -1


@opens_a_list
def test_a_model_that_another_window_brought_is_in_the_picker_too(desk, mine):
    desk.show_window()
    desk.window.close()
    desk.library.import_model(mine)
    desk.show_window()
    desk.set_chosen("mine")
    assert desk.picker.choice.currentData() == "mine"


@opens_a_list
def test_a_window_that_opens_later_knows_who_reads_and_how_quick_each_model_was(desk, mine):
    desk.library.import_model(mine)
    desk.set_ready("small", "", 14.2, Device("cpu", "2 cores"))
    desk.set_ready("mine", "small", 31.0, Device("cpu", "2 cores"))
    desk.show_window()
    assert desk.window.back.text() == "Back to Small test model"
    desk.window.table.selectAll()
    page = desk.window.comparison.page.toPlainText()
    assert "14 ms" in page
    assert "31 ms" in page


@opens_a_list
def test_the_window_opens_with_the_model_in_use_chosen(desk, qtbot):
    desk.show_window()
    assert desk.window.isVisible()
    assert "Small test model" in desk.window.details.page.toPlainText()


@pytest.mark.parametrize("in_use", [True, False])
def test_the_model_in_use_reads_anew_under_a_new_name(desk, qtbot, mine, in_use):
    desk.library.import_model(mine)
    desk.set_chosen("mine" if in_use else "small")
    asked = []
    desk.use_requested.connect(asked.append)
    rows = desk.window.rows
    with qtbot.waitSignal(desk.models_changed):
        assert rows.setData(rows.index(rows.row_of("mine"), 0), "Ours")
    qtbot.wait(50)
    assert asked == (["mine"] if in_use else [])
    assert desk.library.get("mine").card.name == "Ours"
