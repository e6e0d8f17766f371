from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from btgui.views.browser.folder_tree import FolderTree
from tests.views.conftest import send_wheel

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def places(tmp_path) -> list[Path]:
    """A folder with sixty subfolders, each with one of its own."""
    found = [tmp_path / f"{number:02}" for number in range(60)]
    for place in found:
        (place / "inside").mkdir(parents=True)
    return found


@pytest.fixture
def tree(qtbot, places):
    """The tree with the middle one of the sixty in view."""
    tree = FolderTree()
    qtbot.addWidget(tree)
    tree.resize(260, 300)
    tree.show()
    tree.go_to(places[30])
    qtbot.waitUntil(lambda: not tree._follows)
    assert is_in_view(tree, places[30])
    return tree


def place_of(tree, folder):
    """Return where to click on a folder."""
    return tree.visualRect(tree.folders.index(str(folder))).center()


def is_in_view(tree, place) -> bool:
    rect = tree.visualRect(tree.folders.index(str(place)))
    return not rect.isEmpty() and tree.viewport().rect().contains(rect.center())


def expand(qtbot, tree, place):
    """Expand a folder in the tree and wait for its contents."""
    index = tree.folders.index(str(place))
    tree.expand(index)
    qtbot.waitUntil(lambda: tree.folders.rowCount(index) == 1)
    QApplication.processEvents()


def test_it_stays_where_the_user_scrolls_and_expands(qtbot, tree, places):
    tree.scrollTo(tree.folders.index(str(places[50])))
    there = tree.verticalScrollBar().value()
    assert not is_in_view(tree, places[30])
    expand(qtbot, tree, places[50])
    assert tree.verticalScrollBar().value() == there


@pytest.mark.parametrize("by", ["wheel", "keys", "click"])
def test_while_it_fills_it_follows_no_more_once_the_user_is_at_work(qtbot, tree, places, by):
    tree.go_to(places[40])
    bar, before = tree.verticalScrollBar(), tree.verticalScrollBar().value()
    if by == "wheel":
        send_wheel(tree.viewport(), -20)
    elif by == "keys":
        qtbot.keyClick(tree, Qt.Key.Key_Home)
    else:
        qtbot.mouseClick(tree.viewport(), LEFT, pos=place_of(tree, places[40]))
        tree.scrollToTop()
    there = bar.value()
    assert there != before
    for above in (places[40], *places[40].parents):
        tree.folders.directoryLoaded.emit(str(above))
    tree.folders.layoutChanged.emit()
    assert bar.value() == there


def test_it_goes_to_a_folder_again_when_it_is_asked_to(qtbot, tree, places):
    tree.scrollToBottom()
    tree.go_to(places[5])
    qtbot.waitUntil(lambda: is_in_view(tree, places[5]))


def test_a_folder_is_chosen_by_a_click_or_by_return(qtbot, tree, places):
    with qtbot.waitSignal(tree.folder_chosen) as clicked:
        qtbot.mouseClick(tree.viewport(), LEFT, pos=place_of(tree, places[31]))
    qtbot.keyClick(tree, Qt.Key.Key_Up)
    with qtbot.waitSignal(tree.folder_chosen) as activated:
        qtbot.keyClick(tree, Qt.Key.Key_Return)
    assert (clicked.args, activated.args) == ([places[31]], [places[30] / "inside"])


def test_a_double_click_chooses_once(qtbot, tree, places):
    chosen = []
    tree.folder_chosen.connect(chosen.append)
    place = place_of(tree, places[31])
    qtbot.mouseClick(tree.viewport(), LEFT, pos=place)
    qtbot.mouseDClick(tree.viewport(), LEFT, pos=place)
    assert chosen == [places[31]]


def test_what_is_chosen_stays_in_view_when_the_tree_gets_lower(tree, places, qtbot):
    tree.resize(260, 120)
    qtbot.waitUntil(lambda: tree.viewport().height() < 120)
    place = tree.visualRect(tree.folders.index(str(places[30])))
    assert 0 <= place.top() < place.bottom() < tree.viewport().height()
