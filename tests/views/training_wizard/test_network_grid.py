import pytest

from btgui.views.training_wizard.network_grid import NetworkGrid


@pytest.mark.parametrize("columns", [1, 2, 3])
def test_no_card_is_cut_off_at_the_right(qtbot, columns):
    grid = NetworkGrid()
    qtbot.addWidget(grid)
    font = grid.font()
    font.setPointSize(16)
    grid.setFont(font)
    grid.show()
    card = max(one.minimumSizeHint().width() for one in grid.cards.values())
    width = columns * (card + 6)
    grid.fit_to(width)
    grid.resize(width, 900)
    qtbot.waitUntil(lambda: grid.width() <= width)
    assert len({one.x() for one in grid.cards.values()}) == columns
