import pytest
from PySide6.QtCore import QPoint, Qt

from btgui.views.confusion_grid import ConfusionGrid, ModelCounts


def test_every_model_has_its_table_and_a_cell_tells_whose_it_is(qtbot):
    grid = ConfusionGrid()
    qtbot.addWidget(grid)
    grid.resize(800, 600)
    grid.show()
    names = ("Tumour", "Healthy")
    grid.show_counts([ModelCounts(t, names, [[8, 2], [1, 9]]) for t in ("One", "Two", "Three")])
    assert [table.item(0, 1).text() for table in grid.tables] == ["2"] * 3
    table = grid.tables[1]
    place = table.visualRect(table.model().index(1, 0)).center()
    with qtbot.waitSignal(grid.cell_chosen) as chosen:
        qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chosen.args == [1, 1, 0]


def test_other_models_take_their_place(qtbot):
    grid = ConfusionGrid()
    qtbot.addWidget(grid)
    grid.show_counts([ModelCounts("One", ("a", "b"), [[1, 0], [0, 1]])] * 3)
    grid.show_counts([])
    assert grid.tables == []


LONG = ("Glioma", "Meningioma", "No tumour", "Pituitary tumour")


def test_tables_go_below_each_other_where_names_would_be_cut(qtbot):
    grid = ConfusionGrid()
    qtbot.addWidget(grid)
    grid.resize(600, 700)
    grid.show()
    grid.show_counts([ModelCounts(t, LONG, [[9] * 4] * 4) for t in ("One", "Two")])
    first, second = grid.tables
    qtbot.waitUntil(lambda: second.mapTo(grid, second.rect().topLeft()).y() > first.height())
    header = first.horizontalHeader()
    for place, name in enumerate(LONG):
        assert header.fontMetrics().horizontalAdvance(name) < header.sectionSize(place)
        assert first.horizontalHeaderItem(place).toolTip() == name
    assert first.rowHeight(0) < first.columnWidth(0)
    grid.resize(1200, 700)
    qtbot.waitUntil(lambda: second.mapTo(grid, second.rect().topLeft()).x() > first.width())
    assert header.textElideMode() == Qt.TextElideMode.ElideRight


def test_a_long_name_of_one_model_takes_no_room_from_the_other_s_table(qtbot):
    grid = ConfusionGrid()
    qtbot.addWidget(grid)
    grid.resize(1200, 700)
    grid.show()
    titles = ("One", "Our department's model, trained again on all scans of " * 4)
    grid.show_counts([ModelCounts(title, LONG, [[9] * 4] * 4) for title in titles])
    first, second = grid.tables
    qtbot.waitUntil(lambda: first.width() > 500)
    assert abs(first.width() - second.width()) < 2
    assert grid.horizontalScrollBar().maximum() == 0


@pytest.mark.usefixtures("large_letters")
def test_large_letters_are_not_cut_and_widen_no_table(qtbot):
    grid = ConfusionGrid()
    qtbot.addWidget(grid)
    grid.resize(560, 700)
    grid.show()
    grid.show_counts([ModelCounts(t, ("a", "b"), [[9] * 2] * 2) for t in ("One", "Two")])
    qtbot.waitUntil(lambda: grid.tables[1].mapTo(grid, QPoint()).y() > grid.tables[0].height())
    assert grid.horizontalScrollBar().maximum() == 0
