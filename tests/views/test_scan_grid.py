import pytest
from PySide6.QtCore import Qt

from btgui.views.scan_grid import LISTED, ListedScan, ScanGrid, scans_words


@pytest.fixture
def grid(qtbot):
    grid = ScanGrid()
    qtbot.addWidget(grid)
    grid.resize(500, 300)
    grid.show()
    yield grid
    grid.close_workers()


def test_scans_get_their_pictures_and_open_by_click_and_key(qtbot, grid, make_heads):
    files = make_heads(2)
    grid.show_scans("Two heads", [ListedScan(file, file.stem, "a tip") for file in files])
    assert grid.heading.text() == "Two heads"
    qtbot.waitUntil(lambda: not grid.scans.item(1).icon().isNull())
    place = grid.scans.visualItemRect(grid.scans.item(1)).center()
    with qtbot.waitSignal(grid.open_requested) as asked:
        qtbot.mouseClick(grid.scans.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert asked.args == [files[1]]
    with qtbot.waitSignal(grid.open_requested):
        qtbot.keyClick(grid.scans, Qt.Key.Key_Return)


@pytest.mark.usefixtures("large_letters")
def test_what_models_say_is_read_whole_with_large_letters_too(request, tmp_path):
    grid = request.getfixturevalue("grid")
    line = "B: Meningioma, >99 %"
    grid.show_scans("", [ListedScan(tmp_path, line, "")])
    assert grid.scans.gridSize().width() > grid.scans.fontMetrics().horizontalAdvance(line)


def test_a_long_list_is_cut_and_says_so(grid, tmp_path):
    grid.show_scans("", [ListedScan(tmp_path, str(n), "") for n in range(LISTED + 5)])
    assert grid.scans.count() == LISTED
    assert scans_words(0, "of A called B") == "No scan of A called B."
    assert scans_words(1, "of A called B").startswith("1 scan of A called B. Click one")
    assert scans_words(LISTED, "of A called B").startswith("200 scans of A called B. ")
    assert scans_words(LISTED + 1, "of A").startswith(
        "201 scans of A (the 200 most certain). Click"
    )
