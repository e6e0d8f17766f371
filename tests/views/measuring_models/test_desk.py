import sys
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from btgui.engine.models.library import ModelLibrary
from btgui.engine.models.pack import write_pack
from btgui.views.measuring_models.desk import MeasuringDesk
from btgui.workers import training_process

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support raise", extend=True)


@pytest.fixture
def desk(qtbot, tiny_pack):
    parent = QWidget()
    qtbot.addWidget(parent)
    folder = tiny_pack.folder.parent
    desk = MeasuringDesk(ModelLibrary(folder, folder / "none"), parent)
    yield desk
    desk.close()


def checked(window):
    items = [window.models.item(row) for row in range(window.models.count())]
    return [item.text() for item in items if item.checkState() == Qt.CheckState.Checked]


def test_the_model_in_use_is_the_first_to_be_measured(desk, tiny_pack):
    desk.set_in_use(tiny_pack.card.id)
    desk.show_evaluation()
    assert desk.evaluation.isVisible()
    assert desk.evaluation.model.currentText() == tiny_pack.card.name


def test_a_comparison_begins_with_the_models_that_were_chosen(desk, tiny_pack):
    desk.show_comparison()
    assert checked(desk.comparison) == []
    desk.show_comparison([tiny_pack.card.id])
    assert checked(desk.comparison) == [tiny_pack.card.name]


def test_a_scan_of_either_window_is_asked_for(qtbot, desk, tmp_path):
    desk.show_evaluation()
    desk.show_comparison()
    for window in (desk.evaluation, desk.comparison):
        with qtbot.waitSignal(desk.open_requested) as asked:
            window.runner.view.open_requested.emit(tmp_path)
        assert asked.args == [tmp_path]


def test_nothing_is_asked_where_nothing_is_measured(desk):
    assert desk.may_close()
    desk.show_evaluation()
    desk.show_comparison()
    assert desk.may_close()


@pytest.mark.parametrize("which", ["evaluation", "comparison"])
@pytest.mark.parametrize("answer", ["Stop and close", "Keep the window open"])
def test_what_is_being_measured_is_stopped_only_on_a_clear_yes(
    desk, monkeypatch, which, answer, answer_question
):
    program = "import sys; sys.stdin.read()"
    monkeypatch.setattr(
        training_process, "training_program", lambda: (sys.executable, "-u", "-c", program)
    )
    getattr(desk, f"show_{which}")()
    runner = getattr(desk, which).runner
    runner.measure(["this"])
    read = answer_question(answer)
    assert desk.may_close() == (answer == "Stop and close")
    assert "Stop measuring?" in read[0]
    desk.close()
    assert not runner.is_busy()


def test_a_comparison_that_is_opened_again_keeps_its_models(desk, tiny_pack):
    desk.show_comparison([tiny_pack.card.id])
    desk.comparison.close()
    desk.show_comparison()
    assert checked(desk.comparison) == [tiny_pack.card.name]


def test_open_windows_list_models_anew_and_keep_what_is_chosen(qtbot, tiny_pack, tmp_path):
    parent = QWidget()
    qtbot.addWidget(parent)
    for name in ("first", "second"):
        card = replace(tiny_pack.card, id=name, name=f"The {name} model")
        write_pack(tmp_path / name, card, tiny_pack.model_file)
    library = ModelLibrary(tmp_path / "none", tmp_path)
    desk = MeasuringDesk(library, parent)
    desk.set_in_use("first")
    desk.show_evaluation()
    desk.show_comparison(["second"])
    desk.evaluation.model.setCurrentIndex(1)
    library.rename("second", "Mine")
    desk.refresh_models()
    assert desk.evaluation.model.currentText() == "Mine"
    assert checked(desk.comparison) == ["Mine"]
    library.delete("second")
    desk.refresh_models()
    assert [desk.evaluation.model.itemText(0)] == ["The first model"]
    assert desk.comparison.models.count() == 1
    desk.close()
