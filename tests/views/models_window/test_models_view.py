import pytest
from PySide6.QtCore import QItemSelectionModel
from PySide6.QtWidgets import QLineEdit

from btgui.engine.models.library import BrokenPack
from btgui.views.models_window.models_table import ModelsTable
from btgui.views.models_window.models_view import ModelsView


@pytest.fixture
def view(library, qtbot) -> ModelsView:
    rows = ModelsTable(library)
    view = ModelsView(rows)
    rows.setParent(view)
    qtbot.addWidget(view)
    view.resize(300, 200)
    view.show()
    return view


def choose(view, *rows: int) -> None:
    flags = QItemSelectionModel.SelectionFlag
    view.clearSelection()
    for row in rows:
        view.selectionModel().setCurrentIndex(view.model().index(row, 2), flags.Select | flags.Rows)


def test_what_is_chosen_is_told_from_top_to_bottom(view):
    choose(view, 3, 2, 0)
    assert [pack.card.name for pack in view.chosen_packs()] == ["Shipped", "Untested"]
    assert isinstance(view.chosen()[2], BrokenPack)


def test_a_name_is_edited_whatever_column_was_chosen(view):
    choose(view, 1)
    view.rename_chosen()
    assert view.findChild(QLineEdit).text() == "Mine"


def test_the_other_columns_leave_room_for_names(view, qtbot):
    letters = 20 * view.fontMetrics().averageCharWidth()
    qtbot.waitUntil(lambda: view.columnWidth(0) >= letters)
