from PySide6.QtCore import Qt

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
