from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QListView

from btgui.views.browser.scan_list_delegate import ScanListDelegate
from btgui.views.browser.scan_list_model import ScanListModel
from btgui.views.theme import QUIET_TEXT, SELECTION, TEXT, class_colour


@pytest.fixture
def view(qtbot, loader):
    view = QListView()
    qtbot.addWidget(view)
    view.setModel(ScanListModel(loader, view))
    view.setItemDelegate(ScanListDelegate(view))
    view.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
    view.model().set_paths([Path("one.png"), Path("two.png")])
    view.resize(300, 200)
    return view


def colours(view) -> set[str]:
    drawn = view.viewport().grab().toImage()
    size = drawn.size()
    return {
        drawn.pixelColor(x, y).name() for x in range(size.width()) for y in range(size.height())
    }


def test_long_names_that_differ_in_their_middle_look_different(view):
    view.resize(216, 200)
    names = [f"brisc2025_train_{number}_no_ax_t1.jpg" for number in ("02477", "02478")]
    view.model().set_paths([Path(name) for name in names])
    rows = [view.visualRect(view.model().index(row)) for row in range(2)]
    first, second = (view.viewport().grab(row).toImage() for row in rows)
    assert first != second


def test_a_verdict_is_drawn_in_its_class_s_colour(view):
    assert class_colour(1).name() not in colours(view)
    view.model().set_verdict(Path("two.png"), "Meningioma", 1)
    assert class_colour(1).name() in colours(view)


def test_the_verdict_of_the_chosen_scan_can_be_read(view):
    view.model().set_verdict(Path("one.png"), "Meningioma", 1)
    view.model().set_verdict(Path("two.png"), "Meningioma", 1)
    assert QUIET_TEXT.name() in colours(view)
    view.selectAll()
    assert {SELECTION.name(), TEXT.name()} <= colours(view)
    assert QUIET_TEXT.name() not in colours(view)


def test_a_thumbnail_is_drawn_in_its_row(view):
    image = QImage(8, 8, QImage.Format.Format_RGB888)
    image.fill(QColor("#12ab34"))
    view.model()._keep(Path("one.png"), image, "")
    assert "#12ab34" in colours(view)


def test_all_rows_are_of_the_same_height(view):
    view.model().set_verdict(Path("two.png"), "Meningioma", 1)
    rows = [view.visualRect(view.model().index(row)).height() for row in range(2)]
    assert rows[0] == rows[1] > 40
