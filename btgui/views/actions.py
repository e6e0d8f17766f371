"""The main window's actions: the menu, text, shortcut and tooltip of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QGraphicsView,
    QLineEdit,
    QMainWindow,
    QMenu,
    QWidget,
)

from btgui.views.text import plain_tip
from btgui.views.theme import tool_icon


@dataclass(frozen=True)
class ActionText:
    """The menu, text and shortcut of an action; ``keys`` is portable QKeySequence text."""

    menu: str
    name: str
    text: str
    keys: str
    tip: str
    checkable: bool = False
    icon: str = ""


# Actions that begin a new group of their menu, below a separator.
_BEGINS_GROUP = {
    *("read_folder", "save_picture", "save_table", "copy_picture", "quit"),
    *("zoom_in", "hide_patient", "header", "invert", "magnify", "stage_0"),
    *("train", "evaluate", "help_keys", "licences"),
}
_MOVING_KEYS = {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End}
_MOVED_IN = (QAbstractScrollArea, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit)
_TIP, _TIP_ACTION = "tip_without_keys", "tip_action"
# Name, text, keys, tip; where needed, whether the action is checkable, and its toolbar icon.
_MENUS: dict[str, tuple[tuple[str | bool, ...], ...]] = {
    "File": (
        ("open_files", "Open scans …", "Ctrl+O", "Open one or more scan files."),
        ("open_folder", "Open folder …", "Ctrl+Shift+O", "List a folder's scans."),
        ("open_sample", "Open sample scan", "Ctrl+E", "Open a healthy sample scan."),
        (
            "read_folder",
            "Read all or selected",
            "Ctrl+R",
            "Read the selected scans, or all that are listed.",
        ),
        ("cancel", "Stop reading", "Esc", "Stop reading or searching; close the comparison."),
        ("save_picture", "Save picture …", "Ctrl+S", "Save the heatmap view as PNG."),
        (
            "save_dicom",
            "Save as DICOM …",
            "Ctrl+Shift+D",
            "Save scan, heatmap and verdict as a DICOM image that the PACS keeps with the study.",
        ),
        ("save_report", "Save report …", "Ctrl+Shift+P", "Save the reading as a one-page PDF."),
        ("print_report", "Print report …", "Ctrl+P", "Print the reading on one page."),
        ("save_table", "Save table …", "Ctrl+Shift+S", "Save the folder's or series' readings."),
        (
            "save_list",
            "Save list of series …",
            "Ctrl+Alt+S",
            "Save the verdicts on all listed series that have been read.",
        ),
        ("copy_picture", "Copy picture", "Ctrl+Shift+C", "Copy the heatmap view to the clipboard."),
        ("copy_scan", "Copy scan view", "Shift+C", "Copy the scan view with its measurements."),
        ("quit", "Quit", "Ctrl+Q", "Close the application."),
    ),
    "View": (
        ("next_scan", "Next scan", "PgDown", "Open the next series or scan in the list."),
        ("previous_scan", "Previous scan", "PgUp", "Open the previous series or scan in the list."),
        ("find_result", "Find in results", "Ctrl+F", "Search the folder's table."),
        ("zoom_in", "Zoom in", "Ctrl++", "Enlarge scan and heatmap."),
        ("zoom_out", "Zoom out", "Ctrl+-", "Shrink scan and heatmap."),
        ("reset_view", "Reset view", "R", "Restore the initial zoom, window and orientation."),
        ("toggle_crop", "Mark crop", "C", "Outline what the network sees.", True),
        ("full_screen", "Full screen", "F11", "Enter or leave full screen."),
        (
            "hide_patient",
            "Hide patient",
            "H",
            "Keep the patient's name and the header's descriptions off the screen.",
            True,
        ),
        ("hide_text", "Hide text", "Shift+H", "Hide the text over the scan.", True),
        ("header", "Header …", "Ctrl+D", "Show the file's header."),
        ("compare_scans", "Compare scans …", "Ctrl+K", "View two or four scans side by side."),
    ),
    "Series": (
        ("previous_slice", "Previous slice", "Up", "Show the slice before."),
        ("next_slice", "Next slice", "Down", "Show the slice after."),
        ("first_slice", "First slice", "Home", "Show the series' first slice."),
        ("last_slice", "Last slice", "End", "Show the series' last slice."),
        ("play_slices", "Play slices", "P", "Play the slices in turn (cine), or pause."),
    ),
    "Picture": (
        ("window_file", "Window: from file", "Ctrl+1", "The window given by the file."),
        ("window_automatic", "Window: automatic", "Ctrl+2", "0.5th to 99.5th percentile."),
        ("window_full", "Window: full range", "Ctrl+3", "Lowest to highest value."),
        ("window_soft", "Window: soft", "Ctrl+4", "The automatic window, 1.5 times as wide."),
        ("window_narrow", "Window: brain, narrow", "Ctrl+5", "The automatic window, half as wide."),
        ("invert", "Invert", "I", "Swap black and white.", True, "invert"),
        ("flip_across", "Flip left to right", "X", "Mirror left and right.", False, "flip-across"),
        ("flip_down", "Flip top to bottom", "Y", "Mirror top and bottom.", False, "flip-down"),
        ("rotate", "Rotate by 90°", "Shift+R", "Rotate clockwise.", False, "rotate"),
        ("magnify", "Magnifier", "M", "Magnify the scan under the cursor.", True, "lens"),
        ("ruler", "Ruler", "L", "Drag to measure a length.", True, "ruler"),
        ("angle", "Angle", "A", "Click three points to measure an angle.", True, "angle"),
        ("delete_measure", "Delete measurement", "Del", "Delete the selected measurement."),
        ("bring_back", "Restore measurement", "Ctrl+Z", "Undo the last deletion on this scan."),
    ),
    "Explain": (
        ("next_target", "Next class", "T", "Explain the next class."),
        ("play", "Play stages", "Space", "Show the stages in turn."),
        ("contours", "Contours", "K", "Show contour lines instead of colours.", True),
        ("stage_0", "Original", "0", "Enlarge the original."),
        *((f"stage_{n}", f"Stage {n}", f"{n}", f"Enlarge stage {n}.") for n in range(1, 6)),
    ),
    "Models": (
        ("models", "All models …", "Ctrl+M", "Show the cards of all models."),
        ("import_model", "Import model …", "Ctrl+I", "Add a .btmodel file."),
        ("train", "Train a model …", "Ctrl+T", "Retrain a model on your own scans."),
        ("earlier_runs", "Interrupted training …", "Ctrl+Shift+T", "Resume or discard a training."),
        ("evaluate", "Evaluate on my data …", "Ctrl+Y", "Test a model on labelled scans."),
        ("compare", "Compare on my data …", "Ctrl+Shift+Y", "Test models on the same scans."),
    ),
    "Help": (
        ("help_reading", "How to read the result", "F1", "What the verdict and the heatmaps mean."),
        ("help_data", "About the data", "F2", "The scans that the models were trained on."),
        ("help_model", "About this model", "F3", "Show the card of the model in use."),
        ("help_limits", "Limits", "F4", "What this application cannot do."),
        ("help_keys", "Keys", "Ctrl+/", "List all keyboard shortcuts."),
        ("change_keys", "Change keys …", "Ctrl+Shift+K", "Assign your own keyboard shortcuts."),
        ("licences", "Version and licences", "Shift+F1", "About btgui and its components."),
    ),
}
ACTIONS = tuple(ActionText(menu, *one) for menu, offered in _MENUS.items() for one in offered)


def add_actions(window: QMainWindow, handlers: dict[str, Callable[[], object]]) -> dict[str, QMenu]:
    """Add every action to the window and return the menus by title.

    ``handlers`` holds a handler for the name of every action.
    """
    menus: dict[str, QMenu] = {}
    for text in ACTIONS:
        if text.menu not in menus:
            menus[text.menu] = window.menuBar().addMenu(f"&{text.menu}")  # initials are unique
        action = QAction(text.text, window)
        action.setObjectName(text.name)
        # macOS would move all actions that begin with "About" to one place in the application menu.
        is_quit = text.name == "quit"
        action.setMenuRole(QAction.MenuRole.QuitRole if is_quit else QAction.MenuRole.NoRole)
        action.setCheckable(text.checkable)
        if text.icon:
            action.setIcon(tool_icon(text.icon))
            action.setIconVisibleInMenu(False)
        action.setStatusTip(text.tip)
        handler = handlers[text.name]
        action.triggered.connect(lambda _checked=False, handler=handler: handler())
        if text.name in _BEGINS_GROUP:
            menus[text.menu].addSeparator()
        menus[text.menu].addAction(action)
    set_keys(window, {})
    return menus


def set_keys(window: QMainWindow, own: Mapping[str, str]) -> None:
    """Assign every action its shortcut, the user's or the default, and show it in the tooltip."""
    keys = keys_in_use(own)
    for text in ACTIONS:
        if (action := window.findChild(QAction, text.name)) is not None:
            sequence = QKeySequence(keys[text.name])
            action.setShortcut(sequence)
            action.setToolTip(_with_keys(text.tip, sequence))
    for widget in window.findChildren(QWidget):
        if widget.property(_TIP_ACTION) in keys:
            _say_keys(widget, keys)


def set_tip_with_keys(widget: QWidget, tip: str, action: str) -> None:
    """Set a widget's tooltip, which ends with the shortcut of an action as it is at the time.

    With ``action=""`` the tooltip names no shortcut.
    """
    widget.setProperty(_TIP, tip)
    widget.setProperty(_TIP_ACTION, action)
    # The action is found only once the widget is in its window.
    known = widget.window().findChild(QAction, action) if action else None
    keys = keys_in_use({}) if known is None else {action: known.shortcut().toString()}
    _say_keys(widget, keys)


def _say_keys(widget: QWidget, keys: Mapping[str, str]) -> None:
    sequence = QKeySequence(keys.get(widget.property(_TIP_ACTION), ""))
    widget.setToolTip(plain_tip(_with_keys(widget.property(_TIP), sequence)))


def _with_keys(tip: str, sequence: QKeySequence) -> str:
    shown = shown_keys(sequence)
    return f"{tip.removesuffix('.')} ({shown})." if shown else tip


def keys_in_use(own: Mapping[str, str]) -> dict[str, str]:
    """Return each action's shortcut by name, "" for none.

    The user's shortcuts take precedence: an action loses a default that the user gave to another.
    """
    taken = {_as_qt_writes(keys) for keys in own.values()} - {""}
    return {
        text.name: own.get(text.name, "" if _as_qt_writes(text.keys) in taken else text.keys)
        for text in ACTIONS
    }


@cache
def _as_qt_writes(keys: str) -> str:
    return QKeySequence(keys).toString()


def is_for_focus(window: QWidget, event: QEvent) -> bool:
    """Return whether a key belongs to the widget with the focus, not to an action of the window.

    Space presses buttons; Up, Down, Home and End move in lists, fields and sliders.
    """
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    focus = window.focusWidget()
    if event.key() == Qt.Key.Key_Space:
        return isinstance(focus, (QAbstractButton, QComboBox))
    plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    moves = isinstance(focus, _MOVED_IN) and not isinstance(focus, QGraphicsView)
    return plain and moves and event.key() in _MOVING_KEYS


def shortcuts(window: QWidget) -> list[tuple[str, str]]:
    """Return (description, current shortcut) for every action of a window."""
    found = [(text, window.findChild(QAction, text.name)) for text in ACTIONS]
    return [
        (f"{text.text.removesuffix(' …')}: {text.tip}".rstrip("."), shown_keys(action.shortcut()))
        for text, action in found
        if action is not None
    ]


def shown_keys(sequence: QKeySequence) -> str:
    """Return a shortcut in the notation of the user's system."""
    return sequence.toString(QKeySequence.SequenceFormat.NativeText)
