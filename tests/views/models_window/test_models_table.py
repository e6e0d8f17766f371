from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from btgui.engine.models.library import ModelLibrary
from btgui.views.models_window.models_table import ModelsTable


@pytest.fixture
def table(library, qtbot):
    return ModelsTable(library)


def row(table, number):
    return [table.index(number, column).data() for column in range(table.columnCount())]


def test_each_model_has_a_row_with_its_accuracy_and_protocol_and_what_is_none_comes_last(table):
    assert row(table, 0) == ["Shipped", "Small", "95.0 %", "honest", "btgui"]
    assert row(table, 1) == ["Mine", "Small", "95.0 %", "honest", "you"]
    assert row(table, 2) == ["Untested", "Small", "not tested", "", "you"]
    assert row(table, 3)[:2] == ["broken", "cannot be used"]
    assert table.rowCount() == 4


def test_a_model_that_was_tested_without_one_of_its_classes_is_told_from_an_untested_one(
    library, qtbot
):
    card = library.get("third").card
    lacking = {"count": 0, "recall": None, "precision": None, "f1": None}
    result = replace(library.get("first").card.results[0], per_class={card.classes[0]: lacking})
    table = ModelsTable(library)
    table._rows[2] = replace(table.entry(2), card=replace(card, results=(result,)))
    assert row(table, 2)[2] == "partly tested"


def test_the_model_in_use_is_marked(table):
    table.set_in_use("second")
    assert row(table, 1)[0] == "Mine (in use)"
    assert table.index(1, 0).data(Qt.ItemDataRole.FontRole).bold()
    assert table.index(0, 0).data(Qt.ItemDataRole.FontRole) is None


def test_an_empty_library_has_no_cells_that_change(tmp_path, qtbot):
    table = ModelsTable(ModelLibrary(tmp_path / "none", tmp_path / "none either"))
    # What breaks a rule of Qt's models is a warning, and fails the test.
    QAbstractItemModelTester(table, QAbstractItemModelTester.FailureReportingMode.Warning, table)
    table.set_in_use("one")
    assert table.rowCount() == 0


def test_only_the_user_s_own_names_can_be_edited(table):
    editable = [bool(table.index(n, 0).flags() & Qt.ItemFlag.ItemIsEditable) for n in range(4)]
    assert editable == [False, True, True, False]


def test_a_name_that_is_taken_is_refused_and_the_old_one_stays(table, qtbot):
    with qtbot.waitSignal(table.refused) as refused:
        assert not table.setData(table.index(1, 0), "Shipped")
    assert "is already called Shipped" in refused.args[0]
    assert row(table, 1)[0] == "Mine"


def test_the_same_name_again_changes_nothing(table, qtbot):
    with qtbot.assertNotEmitted(table.renamed):
        assert table.setData(table.index(1, 0), "Mine")


def test_a_name_that_was_being_typed_when_work_began_is_refused(table, qtbot):
    table.hold(True)
    with qtbot.waitSignal(table.refused) as refused:
        assert not table.setData(table.index(1, 0), "Another")
    assert "when this is done" in refused.args[0]
    table.hold(False)
    assert table.setData(table.index(1, 0), "Another")
