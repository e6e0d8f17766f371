"""Text from a file or its header is shown literally, even if it looks like markup."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import Qt as QtGui
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QLabel, QMainWindow, QToolTip

from btgui.engine.exports.folder_table import ResultRow
from btgui.engine.scan import Window
from btgui.engine.studies.index import index_places
from btgui.views.actions import ACTIONS, add_actions
from btgui.views.browser.file_browser import FileBrowser
from btgui.views.browser.recent_folders import RecentFolders
from btgui.views.browser.scan_list_model import ScanListModel
from btgui.views.folder.results_model import FolderResultsModel
from btgui.views.header_panel import HeaderPanel
from btgui.views.labelled_scans_choice import LabelledScansChoice
from btgui.views.reading_page import ReadingPage
from btgui.views.scan_grid import ListedScan, ScanGrid
from btgui.views.scan_toolbar import ScanToolbar
from btgui.views.scan_view import ScanView
from btgui.views.series.series_tree import SeriesTree
from btgui.views.status_bar import StatusBar
from btgui.views.text import plain_tip
from btgui.views.training_wizard.thumbnail import Thumbnail
from tests.views.conftest import opens_a_list, shown_plainly
from tools.make_series import make_series

HOSTILE = "<img src='file:///there/x.png'>T1 & <b>bold"
TIP = Qt.ItemDataRole.ToolTipRole


def read_as_qt_does(tip: str) -> str:
    """Return what a tooltip shows; fail where it would load a picture."""
    if not QtGui.mightBeRichText(tip):
        return tip
    document = QTextDocument()
    document.setHtml(tip)
    assert "￼" not in document.toPlainText()  # what stands for a picture
    return document.toPlainText()


@pytest.mark.parametrize(
    "text", [HOSTILE, "plain", "a < b && c", "two\nlines\n<i>", "&lt;b&gt;", "<!-- x -->", "<a>  b"]
)
def test_a_tooltip_shows_every_letter(text):
    assert read_as_qt_does(plain_tip(text)) == text


@opens_a_list
def test_the_tooltip_on_the_screen_has_the_words_and_no_picture(qtbot):
    label = QLabel("x")
    qtbot.addWidget(label)
    label.show()
    QToolTip.showText(label.mapToGlobal(label.rect().center()), plain_tip(HOSTILE), label)
    assert read_as_qt_does(QToolTip.text()) == HOSTILE
    QToolTip.hideText()


def test_a_series_of_any_description_is_listed_in_its_letters(qtbot, loader, tmp_path):
    make_series(tmp_path, slices=2, size=16, description=HOSTILE)
    tree = SeriesTree(loader)
    qtbot.addWidget(tree)
    tree.show_series(index_places([tmp_path]).series)
    item = tree.topLevelItem(0).child(0).child(0)
    assert read_as_qt_does(item.toolTip(0)).startswith(HOSTILE)


def test_a_description_of_many_lines_is_listed_in_one(qtbot, loader, tmp_path):
    make_series(tmp_path, slices=2, size=16)
    (series,) = index_places([tmp_path]).series
    tree = SeriesTree(loader)
    qtbot.addWidget(tree)
    tree.show_series([replace(series, description="T1\n" + "very " * 1000)])
    first, *_ = tree.topLevelItem(0).child(0).child(0).text(0).splitlines()
    assert first.startswith("T1 very very")
    assert len(first) <= 64


def test_facts_and_header_of_a_scan(qtbot, analysis):
    scan = replace(analysis.scan, metadata={"Sequence": HOSTILE}, header={"Words": HOSTILE})
    page, panel = ReadingPage(), HeaderPanel()
    for widget in (page, panel):
        qtbot.addWidget(widget)
    page.show_scan(scan)
    panel.show_scan(scan)
    assert read_as_qt_does(page.name.toolTip()) == f"head.png\nSequence: {HOSTILE}"
    assert read_as_qt_does(panel.table.model().index(0, 1).data(TIP)) == HOSTILE


def test_the_names_of_the_header_s_windows(qtbot, analysis):
    view, window = ScanView(), QMainWindow()
    for widget in (view, window):
        qtbot.addWidget(widget)
    add_actions(window, {text.name: lambda: None for text in ACTIONS})
    toolbar = ScanToolbar(view, window)
    header = {
        "WindowCenter (0028,1050)": "40, 300",
        "WindowWidth (0028,1051)": "81, 1501",
        "WindowCenterWidthExplanation (0028,1055)": "['A', '<b>B']",
    }
    view.show_scan(replace(analysis.scan, window=Window(39.5, 80.0), header=header))
    toolbar.menu.aboutToShow.emit()
    tips = [read_as_qt_does(entry.toolTip()) for entry in toolbar.menu.actions()]
    assert any("<b>B: width 15" in tip for tip in tips)


def test_names_of_files_and_folders(qtbot, loader, tmp_path):
    file = Path(f"/scans/{HOSTILE.replace('/', '')}.png")
    listed = ScanListModel(loader)
    listed.set_paths([file])
    results = FolderResultsModel()
    results.start(("a", "b"), ("A", "B"))
    results.add([ResultRow(file, "a", {"a": 0.9, "b": 0.1}, "m")])
    for model in (listed, results):
        assert read_as_qt_does(model.index(0, 0).data(TIP)) == str(file)
    recent, grid, picture = RecentFolders(), ScanGrid(), Thumbnail(file, 32, loader)
    for widget in (recent, grid, picture):
        qtbot.addWidget(widget)
    recent.set_folders((str(file),), remembered=True)
    assert read_as_qt_does(recent.menu().actions()[0].toolTip()) == str(file)
    grid.show_scans("", [ListedScan(file, "", str(file))])
    assert read_as_qt_does(grid.scans.item(0).toolTip()) == str(file)
    grid.close_workers()
    assert read_as_qt_does(picture.toolTip()).startswith(file.name)


def test_labels_that_name_files_and_models(qtbot):
    browser, bar, choice = FileBrowser(), StatusBar(), LabelledScansChoice()
    for widget in (browser, bar, choice):
        qtbot.addWidget(widget)
    for label in (browser.heading, bar.model, bar.device, choice.name):
        label.setText("<b>name")
        assert shown_plainly(label)
    browser.close_workers()
