"""Fixtures shared by the tests of the window: a real analysis, the window, keys, drops, dialogs."""

import shutil
import sys
import time
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAccessible, QAction, QDragEnterEvent, QDropEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMainWindow,
    QTableView,
    QWidget,
)

from btgui import app
from btgui.engine.models.library import ModelLibrary
from btgui.engine.results import Analysis
from btgui.engine.training_request import TrainingRequest
from btgui.engine.training_runs.runs import TrainingRun, begin_run, model_folder, new_run_folder
from btgui.views.actions import ACTIONS, add_actions
from btgui.views.thumbnail_loader import ThumbnailLoader
from btgui.views.training_desk import TrainingDesk
from btgui.workers import training_process
from tests.conftest import when_asked, write_head
from tests.views.dropped_series import write_series
from tests.views.training_wizard.fake_run import OBEYING

PATIENCE = 60_000  # milliseconds; the network's process starts once for a whole module
# Said by the offscreen platform when a list of choices opens; nothing of ours causes it.
opens_a_list = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture(autouse=True)
def nothing_saved_yet(monkeypatch):
    """Forget the folders in which earlier tests saved files."""
    monkeypatch.setattr("btgui.views.dialogs.file_dialogs._saved_in", [])


@pytest.fixture
def loader(qapp):
    """The loader that makes thumbnails in the background."""
    loader = ThumbnailLoader()
    yield loader
    loader.close()


@pytest.fixture
def noting_window(qtbot) -> QMainWindow:
    """A window with all actions; ``called`` has the names of those that were triggered."""
    window = QMainWindow()
    qtbot.addWidget(window)
    window.called = []
    add_actions(window, {one.name: partial(window.called.append, one.name) for one in ACTIONS})
    return window


@pytest.fixture
def answer_dialog(monkeypatch):
    """Answer the next file dialogs of each kind; the system's own cannot be driven by a test."""

    def answer(method: str, value) -> None:
        monkeypatch.setattr(QFileDialog, method, staticmethod(lambda *_, **__: value))

    return answer


@pytest.fixture
def answer_question(qapp):
    """Return a function that answers the next question; it returns a list for the question's texts."""

    def answer(button: str) -> list[str]:
        read: list[str] = []

        def click(question):
            read.append(question.text())
            next(one for one in question.buttons() if one.text() == button).click()

        when_asked(click)
        return read

    return answer


@pytest.fixture
def folder(tmp_path) -> Path:
    """A folder of three drawn heads: 0.png, 1.png, 2.png."""
    place = tmp_path / "scans"
    place.mkdir()
    for number in range(3):
        write_head(place / f"{number}.png", seed=number)
    return place


@pytest.fixture(scope="module")
def whole_window(qapp, tiny_pack, tmp_path_factory):
    """The window as the application assembles it, with the small model in its process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BTGUI_HOME", str(tmp_path_factory.mktemp("home of the window")))
        patch.setattr(app, "shipped_models_folder", lambda: tiny_pack.folder.parent)
        app.create_application(["btgui"])
        window = app.create_window()
        window.resize(1280, 800)
        window.show()
        window.start()
        yield window
        window.close()


@pytest.fixture
def window(whole_window, qtbot):
    """The whole window with a model that is ready."""
    qtbot.waitUntil(lambda: whole_window.pack is not None, timeout=PATIENCE)
    whole_window.activateWindow()
    return whole_window


@pytest.fixture
def earlier() -> TrainingRun:
    """A run that was interrupted."""
    folder = new_run_folder()
    return begin_run(TrainingRequest(("scans",), str(model_folder(folder)), "Mine"), folder)


def click_cell(qtbot, table: QTableView, row: int, column: int):
    """Click a cell of a table."""
    place = table.visualRect(table.model().index(row, column)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)


def press(qtbot, window, name: str):
    """Press the shortcut of an action."""
    sequence = window.findChild(QAction, name).shortcut()[0]
    qtbot.keyClick(window, sequence.key(), sequence.keyboardModifiers())


def choose(qtbot, box: QComboBox, text: str):
    """Open a list of choices by a click and take one with Return."""
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton)
    box.view().setCurrentIndex(box.model().index(box.findText(text), box.modelColumn()))
    qtbot.keyClick(box.view(), Qt.Key.Key_Return)


def read(qtbot, window, path: Path, on=None):
    """Drop a scan or a folder on the window, or a part of it, and wait for its heatmaps."""

    def of_this(analysis: Analysis) -> bool:
        return path in {analysis.scan.path, *analysis.scan.path.parents}

    explained = window.service.explanation_ready
    with qtbot.waitSignal(explained, timeout=PATIENCE, check_params_cb=of_this):
        assert drop(on or window, [path])


def steps_drawn(window) -> list[bool]:
    """Turn to the page of the preprocessing and back; return which of its pictures are there."""
    before = window.tabs.currentWidget()
    window.tabs.setCurrentWidget(window.preprocessing)
    drawn = [picture.has_picture() for picture in window.preprocessing.pictures]
    window.tabs.setCurrentWidget(before)
    return drawn


def heard(widget: QWidget) -> tuple[str, str]:
    """Return what a screen reader says of a widget: its name and its description."""
    spoken = QAccessible.queryAccessibleInterface(widget)
    return spoken.text(QAccessible.Text.Name), spoken.text(QAccessible.Text.Description)


def shown_plainly(label: QLabel) -> bool:
    """Whether a label shows its text literally, even if it looks like markup."""
    drawn = label.grab().toImage()
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label.grab().toImage() == drawn


def drop(widget, paths: list[Path]) -> bool:
    """Drag files over a widget and drop them, with Shift; return whether they were accepted.

    Shift proposes to move them: where that is accepted, their program may delete them.
    """
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copied = Qt.DropAction.CopyAction
    actions, button, shift = (
        copied | Qt.DropAction.MoveAction,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.ShiftModifier,
    )
    enter = QDragEnterEvent(QPoint(50, 50), actions, data, button, shift)
    QApplication.sendEvent(widget, enter)
    if not enter.isAccepted():
        return False
    event = QDropEvent(QPointF(50, 50), actions, data, button, shift)
    QApplication.sendEvent(widget, event)
    assert enter.dropAction() == event.dropAction() == copied
    return True


def drag_over_fields(place, file) -> int:
    """Drag a file over each text field of a place, which says what a drop does; return their number.

    Some file managers offer files also as text, which text fields would take.
    """
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    data.setText(str(file))
    mark = next(one for one in place.findChildren(QLabel) if one.property("role") == "drop")
    fields = place.findChildren(QLineEdit)
    for field in fields:
        mark.hide()
        event = QDragEnterEvent(
            QPoint(5, 5),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(field, event)
        assert not mark.isHidden(), field.accessibleName()
    return len(fields)


MANY = 12


def begin_reading(qtbot, window, place):
    """Read scans of which only the first ones arrive: the reading lasts until it is interrupted."""
    first = write_head(place / "0.png", seed=0)
    for number in range(1, MANY):
        shutil.copy(first, place / f"{number}.png")
    window.browser.show_files([place])
    qtbot.waitUntil(lambda: len(window.browser.files()) == MANY)
    network, results = window.service._worker.model.process, window.folder_results
    readings = network.readings

    def endless(places, **how):
        with closing(readings(places, **how)) as batches:
            yield next(batches)
            while True:
                time.sleep(0.01)
                yield []

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(network, "readings", endless)
        press(qtbot, window, "read_folder")
        # Not by waitSignal: PySide may crash where one is disconnected between quick emissions.
        qtbot.waitUntil(lambda: results.running() and results.model.rowCount() > 0)


@pytest.fixture
def training_desk(qtbot, tmp_path, monkeypatch):
    """Return a function that makes a desk whose command is a small program."""
    made = []

    def make(program=OBEYING):
        monkeypatch.setattr(
            training_process, "training_program", lambda: (sys.executable, "-u", "-c", program)
        )
        parent = QWidget()
        qtbot.addWidget(parent)
        parent.show()
        desk = TrainingDesk(ModelLibrary(tmp_path / "none", tmp_path / "models"), parent)
        desk.bar.setParent(parent)
        desk.news.indicator.setParent(parent)
        made.append(desk)
        return desk

    yield make
    for one in made:
        one.close()
        one.wizard.hide()  # or it would lie over the windows of later tests, and take their mouse


@pytest.fixture
def opened_series(window, qtbot, tmp_path):
    """The window with a short series dropped on it and read."""
    with qtbot.waitSignal(window.service.series_finished, timeout=PATIENCE):
        assert drop(window, [write_series(tmp_path / "study", 12)])
    yield window
    window.series.leave()


def turn_wheel(widget: QWidget, notches: int = -1):
    """Turn the wheel with the cursor on a visible widget; below 0 is towards the user."""
    window = widget.window()
    place = widget.mapTo(window, widget.rect().center())
    QTest.wheelEvent(window.windowHandle(), place, QPoint(0, 120 * notches))


def send_wheel(widget: QWidget, notches: float, keys=Qt.KeyboardModifier.NoModifier, at=None):
    """Send a wheel event to a widget, at its centre or a point, even if the widget is hidden."""
    place = QPointF(at or widget.rect().center())
    turned, button = QPoint(0, int(120 * notches)), Qt.MouseButton.NoButton
    phase = Qt.ScrollPhase.NoScrollPhase
    on_screen = widget.mapToGlobal(place)
    event = QWheelEvent(place, on_screen, QPoint(), turned, button, keys, phase, False)
    QApplication.sendEvent(widget, event)


@pytest.fixture
def large_letters(qapp):
    """Use a font two and a half times as large."""
    before = qapp.font()
    font = qapp.font()
    font.setPointSizeF(font.pointSizeF() * 2.5)
    qapp.setFont(font)
    yield
    qapp.setFont(before)
