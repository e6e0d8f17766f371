from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from btgui.views.browser.scan_list_model import CLASS_ROLE, PATH_ROLE, VERDICT_ROLE, ScanListModel


@pytest.fixture
def model(loader):
    model = ScanListModel(loader)
    model.set_paths([Path(f"scan {n}.png") for n in range(5000)])
    return model


def test_it_lists_the_files_in_order(model):
    assert model.rowCount() == 5000
    assert model.index(3).data() == "scan 3.png"
    assert model.index(3).data(PATH_ROLE) == Path("scan 3.png")
    assert model.row_of(Path("scan 4999.png")) == 4999
    assert model.row_of(Path("other.png")) == -1


def test_a_thumbnail_is_asked_for_only_when_its_row_is_looked_at(model, loader, monkeypatch):
    asked = []
    monkeypatch.setattr(loader, "ask", asked.append)
    assert model.index(7).data(Qt.ItemDataRole.DecorationRole) is None
    assert asked == [Path("scan 7.png")]


def test_a_thumbnail_that_arrives_is_shown(model, loader, qtbot):
    image = QImage(4, 4, QImage.Format.Format_RGB888)
    with qtbot.waitSignal(model.dataChanged) as changed:
        loader.thumbnail_ready.emit(Path("scan 7.png"), image, "")
    assert changed.args[0].row() == 7
    assert model.index(7).data(Qt.ItemDataRole.DecorationRole) == image


def test_a_thumbnail_of_another_folder_is_ignored(model, loader, qtbot):
    with qtbot.assertNotEmitted(model.dataChanged):
        loader.thumbnail_ready.emit(Path("elsewhere.png"), QImage(), "")


def test_a_verdict_marks_its_row_until_cleared(model, qtbot):
    with qtbot.waitSignal(model.dataChanged):
        model.set_verdict(Path("scan 2.png"), "Glioma", 0)
    row = model.index(2)
    assert (row.data(VERDICT_ROLE), row.data(CLASS_ROLE)) == ("Glioma", 0)
    assert row.data(Qt.ItemDataRole.AccessibleTextRole) == "scan 2.png, Glioma"
    model.clear_verdicts()
    assert model.index(2).data(VERDICT_ROLE) is None


def test_a_doubtful_verdict_has_a_warning_sign_and_its_tooltip_says_why(model):
    model.set_verdict(Path("scan 2.png"), "Glioma", 0, "This is no scan of a head.")
    row = model.index(2)
    assert row.data(VERDICT_ROLE) == "Glioma  \N{WARNING SIGN}"
    assert row.data(Qt.ItemDataRole.AccessibleTextRole) == "scan 2.png, Glioma  \N{WARNING SIGN}"
    assert row.data(Qt.ItemDataRole.ToolTipRole).endswith(
        "Glioma  \N{WARNING SIGN}\nThis is no scan of a head."
    )


def test_a_verdict_goes_when_files_are_listed_again_as_they_may_be_others(model):
    model.set_verdict(Path("scan 2.png"), "Glioma", 0)
    model.set_paths([Path("scan 2.png")])
    assert model.index(0).data(VERDICT_ROLE) is None


def test_the_mark_of_one_file_can_be_removed(model, qtbot):
    for name in ("scan 2.png", "scan 3.png"):
        model.set_verdict(Path(name), "Glioma", 0)
    with qtbot.waitSignal(model.dataChanged) as changed:
        model.remove_verdict(Path("scan 2.png"))
    assert changed.args[0].row() == 2
    assert [model.index(row).data(VERDICT_ROLE) for row in (2, 3)] == [None, "Glioma"]
    with qtbot.assertNotEmitted(model.dataChanged):
        model.remove_verdict(Path("scan 2.png"))
