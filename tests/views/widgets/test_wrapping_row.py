import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QSizePolicy, QWidget

from btgui.views.widgets.wrapping_row import WrappingRow


class Block(QWidget):
    """A widget of a given size that may expand."""

    def __init__(self, width, height=20, *, growing=False):
        super().__init__()
        self._size = QSize(width, height)
        across = QSizePolicy.Policy.Expanding if growing else QSizePolicy.Policy.Fixed
        self.setSizePolicy(across, QSizePolicy.Policy.Fixed)

    def sizeHint(self):  # noqa: N802  (Qt's name)
        return self._size


@pytest.fixture
def placed(qtbot):
    """Return a function that gives the places (x, y, width) of blocks in a row of this width."""

    def place(width, *blocks):
        holder = QWidget()
        qtbot.addWidget(holder)
        row = WrappingRow(*blocks)
        holder.setLayout(row)
        holder.resize(width, row.heightForWidth(width))
        holder.show()
        assert all(holder.rect().contains(block.geometry()) for block in blocks)
        return [(block.x(), block.y(), block.width()) for block in blocks]

    return place


def test_what_finds_room_is_in_one_line(placed):
    assert placed(250, Block(100), Block(100)) == [(0, 0, 100), (106, 0, 100)]


def test_what_finds_no_room_goes_on_below(placed):
    places = placed(210, Block(100), Block(100), Block(60))
    assert places == [(0, 0, 100), (106, 0, 100), (0, 26, 60)]


def test_what_would_expand_takes_what_is_left_up_to_its_limit(placed):
    limited = Block(50, growing=True)
    limited.setMaximumWidth(80)
    assert placed(300, Block(100), Block(50, growing=True)) == [(0, 0, 100), (106, 0, 194)]
    assert placed(300, Block(100), limited)[1] == (106, 0, 80)


def test_what_is_too_wide_for_a_line_of_its_own_gets_narrower(placed):
    assert placed(80, Block(100, growing=True), Block(20)) == [(0, 0, 80), (0, 26, 20)]


def test_lower_widgets_lie_in_the_middle_of_their_line(placed):
    assert placed(200, Block(50, 40), Block(50, 20))[1] == (56, 10, 50)


def test_an_item_can_be_looked_at_and_taken(qtbot):
    holder = QWidget()
    qtbot.addWidget(holder)
    row = WrappingRow(Block(10), Block(20))
    holder.setLayout(row)
    assert row.itemAt(1).sizeHint().width() == 20
    assert row.itemAt(2) is None
    row.takeAt(0)
    assert row.takeAt(5) is None
    assert (row.count(), row.sizeHint()) == (1, QSize(20, 20))


def test_what_is_hidden_leaves_no_gap(qtbot):
    hidden, block = Block(50), Block(100)
    row = WrappingRow(hidden, block)
    holder = QWidget()
    qtbot.addWidget(holder)
    holder.setLayout(row)
    hidden.hide()
    holder.show()
    assert block.x() == 0
    assert row.sizeHint().width() == 100
