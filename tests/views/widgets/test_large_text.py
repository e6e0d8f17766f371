import pytest
from PySide6.QtWidgets import QLabel

from btgui.views.widgets.large_text import enlarge


def test_a_title_is_larger_than_ordinary_text_whatever_its_size(qtbot):
    for size in (9, 18):
        label = QLabel("Title")
        qtbot.addWidget(label)
        font = label.font()
        font.setPointSizeF(size)
        label.setFont(font)
        enlarge(label, 1.5)
        assert label.font().pointSizeF() == pytest.approx(1.5 * size)
        assert label.font().bold()
