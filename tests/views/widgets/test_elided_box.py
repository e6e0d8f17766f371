import pytest
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QStyleOptionComboBox

from btgui.views.theme import apply_theme
from btgui.views.widgets.elided_box import ElidedBox


@pytest.fixture
def box(qtbot, qapp):
    apply_theme(qapp)
    box = ElidedBox(4)
    qtbot.addWidget(box)
    box.addItems(["T1", "FLAIR, coronal, with contrast agent"])
    box.resize(120, 26)
    return box


def drawn(box) -> str:
    option = QStyleOptionComboBox()
    box.initStyleOption(option)
    return option.currentText


def test_what_does_not_fit_is_cut_with_an_ellipsis(box):
    assert drawn(box) == "T1"
    box.setCurrentIndex(1)
    start, end = drawn(box).split("…")
    assert start
    assert end
    assert box.currentText().startswith(start)
    assert box.currentText().endswith(end)
    assert box.currentText() == "FLAIR, coronal, with contrast agent"


def test_what_is_drawn_is_what_fits(box):
    box.setCurrentIndex(1)
    whole, option = box.grab().toImage(), drawn(box)
    box.setItemText(1, option)
    assert box.grab().toImage() == whole


def test_a_picture_before_the_entry_takes_its_room(box):
    box.setCurrentIndex(1)
    alone = drawn(box)
    picture = QPixmap(box.iconSize())
    picture.fill("red")
    box.setItemIcon(1, QIcon(picture))
    assert len(drawn(box)) < len(alone)


def test_a_long_entry_does_not_widen_it(box):
    width = box.sizeHint().width()
    box.addItem("W" * 80)
    assert box.sizeHint().width() == width
