"""Rules for every field and table, in all windows."""

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QAbstractSpinBox,
    QComboBox,
    QDoubleSpinBox,
    QTableView,
    QWidget,
)

from btgui.views.evaluation_view.view import EvaluationView
from btgui.views.training_wizard.run_panel import RunPanel
from btgui.views.widgets.decimal_box import DecimalBox
from tests.views.conftest import heard, press, send_wheel

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support raise", extend=True)


@pytest.fixture
def windows(qtbot, window):
    """The main window with all windows that it opens, which are its children."""
    for name in ("train", "evaluate", "compare", "compare_scans", "models", "header"):
        press(qtbot, window, name)
        window.activateWindow()
    yield window
    for one in window.findChildren(QComboBox) + window.findChildren(QTableView):
        if one.window() is not window:
            one.window().close()


def test_the_wheel_changes_no_box_that_it_passes_over(windows):
    boxes = [*windows.findChildren(QComboBox), *windows.findChildren(QAbstractSpinBox)]
    assert len(boxes) > 40
    changed = []
    for box in boxes:
        box.blockSignals(True)
        if isinstance(box, QComboBox):
            box.addItems(["one more", "and one more"])
        box.clearFocus()
        before = box.currentIndex() if isinstance(box, QComboBox) else box.text()
        send_wheel(box, -1)
        after = box.currentIndex() if isinstance(box, QComboBox) else box.text()
        if isinstance(box, QComboBox):
            for _ in range(2):
                box.removeItem(box.count() - 1)
        box.blockSignals(False)
        takes_focus = box.focusPolicy() == Qt.FocusPolicy.WheelFocus
        if after != before or takes_focus:
            changed.append(box.accessibleName() or box.objectName())
    assert changed == []


def test_numbers_with_decimals_are_typed_alike_on_every_system(windows):
    boxes = windows.findChildren(QDoubleSpinBox)
    assert boxes
    assert [box.accessibleName() for box in boxes if not isinstance(box, DecimalBox)] == []


def test_tab_leaves_every_table(windows):
    tables = windows.findChildren(QTableView)
    assert len(tables) >= 4
    assert [one.accessibleName() for one in tables if one.tabKeyNavigation()] == []


def test_whatever_scrolls_and_the_pages_of_the_window_have_names_to_be_announced(windows):
    pages = [windows.page.scan_view.canvas, windows.preprocessing, windows.folder_results.table]
    named_by_their_box = {one.view() for one in windows.findChildren(QComboBox)}
    stops = [
        one
        for one in windows.findChildren(QAbstractScrollArea)
        if one.focusPolicy() & Qt.FocusPolicy.TabFocus and one not in named_by_their_box
    ]
    assert len(stops) > 10
    nameless = [type(one).__name__ for one in (*pages, *stops) if not heard(one)[0]]
    assert nameless == []


class _Shown(QObject):
    """Records every window that is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.names = []

    def eventFilter(self, watched, event):  # noqa: N802  (Qt's name)
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.names.append(type(watched).__name__)
        return False


@pytest.mark.parametrize("part", [RunPanel, EvaluationView])
def test_no_part_is_a_window_of_its_own_before_it_is_in_one(qtbot, qapp, part):
    shown = _Shown()
    qapp.installEventFilter(shown)
    qtbot.addWidget(part())
    qapp.removeEventFilter(shown)
    assert shown.names == []
