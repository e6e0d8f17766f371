import numpy as np
import pytest
from PySide6.QtGui import QImage, QStandardItem, QStandardItemModel

from btgui.views.theme import apply_theme
from btgui.views.widgets.row_table import RowTable

WIDTH = 400


@pytest.fixture
def table(qtbot, qapp):
    apply_theme(qapp)
    table = RowTable()
    qtbot.addWidget(table)
    model = QStandardItemModel(table)
    model.setHorizontalHeaderLabels(["Name", "Protocol"])
    model.appendRow([QStandardItem("small"), QStandardItem("honest")])
    table.setModel(model)
    table.setColumnWidth(0, WIDTH)
    table.resize(2 * WIDTH, 200)
    table.show()
    return table


def test_a_heading_is_above_the_beginning_of_its_texts(table):
    image = (
        table.horizontalHeader().grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    )
    levels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)[:, : WIDTH - 4]
    columns = np.flatnonzero((levels.astype(int) - levels[2, WIDTH // 2] > 40).any(axis=0))
    assert len(columns)
    assert columns.max() < WIDTH // 4


def test_a_chosen_row_leaves_its_headings_as_wide_as_they_were(table):
    before = table.horizontalHeader().grab().toImage()
    table.selectRow(0)
    assert table.selectionModel().isRowSelected(0)
    assert table.horizontalHeader().grab().toImage() == before
