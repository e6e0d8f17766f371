"""Every action of the window: its words, its keys, its tooltip and its menu."""

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
    """How an action is offered; keys as Qt spells them."""

    menu: str
    name: str
    text: str
    keys: str
    tip: str
    checkable: bool = False
    icon: str = ""


# Each begins a group of its menu.
_BEGINS_GROUP = {
    *("read_folder", "save_picture", "save_table", "copy_picture", "quit"),
    *("zoom_in", "hide_patient", "header", "invert", "magnify", "stage_0"),
    *("train", "evaluate", "help_keys", "licences"),
}
_MOVING_KEYS = {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End}
_MOVED_IN = (QAbstractScrollArea, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit)
_TIP, _TIP_ACTION = "tip_without_keys", "tip_action"
# Name, text, keys, tip; whether it is switched on and off, and its icon in the row of tools.
_MENUS: dict[str, tuple[tuple[str | bool, ...], ...]] = {
    "File": (
        ("open_files", "Open scans …", "Ctrl+O", "Open one or more scan files."),
        ("open_folder", "Open folder …", "Ctrl+Shift+O", "List a folder's scans."),
        ("open_sample", "Open sample scan", "Ctrl+E", "Open a healthy sample scan."),
        ("read_folder", "Read all or chosen", "Ctrl+R", "Read all that is listed."),
        ("cancel", "Stop reading", "Esc", "Stop reading and looking; close the comparison."),
        ("save_picture", "Save picture …", "Ctrl+S", "Save the heatmap view."),
        (
            "save_dicom",
            "Save as DICOM …",
            "Ctrl+Shift+D",
            "Save scan, heatmap and verdict as a file for the archive, beside the study.",
        ),
        ("save_report", "Save report …", "Ctrl+Shift+P", "The open reading on one page, as PDF."),
        ("print_report", "Print report …", "Ctrl+P", "The open reading on paper."),
        ("save_table", "Save table …", "Ctrl+Shift+S", "Save the folder's or series' readings."),
        (
            "save_list",
            "Save list of series …",
            "Ctrl+Alt+S",
            "Save the verdicts on the listed series that were read.",
        ),
        ("copy_picture", "Copy picture", "Ctrl+Shift+C", "The heatmap view, to paste it."),
        ("copy_scan", "Copy scan view", "Shift+C", "The scan as seen, with what is measured."),
        ("quit", "Quit", "Ctrl+Q", "Close the application."),
    ),
    "View": (
        ("next_scan", "Next scan", "PgDown", "The next series or scan of the list."),
        ("previous_scan", "Previous scan", "PgUp", "The series or scan before in the list."),
        ("find_result", "Find in results", "Ctrl+F", "Find rows of the folder's table."),
        ("zoom_in", "Zoom in", "Ctrl++", "Scan and heatmap larger."),
        ("zoom_out", "Zoom out", "Ctrl+-", "Scan and heatmap smaller."),
        ("reset_view", "Reset view", "R", "First zoom, brightness and contrast."),
        ("toggle_crop", "Mark crop", "C", "Mark what the network sees.", True),
        ("full_screen", "Full screen", "F11", "Use the whole screen, or not."),
        (
            "hide_patient",
            "Hide patient",
            "H",
            "Keep the patient's name, and what headers describe, off the screen.",
            True,
        ),
        ("hide_text", "Hide text", "Shift+H", "Nothing over the scan.", True),
        ("header", "Header …", "Ctrl+D", "What the file's header says."),
        ("compare_scans", "Compare scans …", "Ctrl+K", "Two or four side by side."),
    ),
    "Series": (
        ("previous_slice", "Previous slice", "Up", "The slice before."),
        ("next_slice", "Next slice", "Down", "The slice after."),
        ("first_slice", "First slice", "Home", "The series' first slice."),
        ("last_slice", "Last slice", "End", "The series' last slice."),
        ("play_slices", "Play slices", "P", "One after the other, or pause."),
    ),
    "Picture": (
        ("window_file", "Window: as the file", "Ctrl+1", "The file's own window."),
        ("window_automatic", "Window: automatic", "Ctrl+2", "0.5th to 99.5th percentile."),
        ("window_full", "Window: full range", "Ctrl+3", "Lowest to highest value."),
        ("window_soft", "Window: soft", "Ctrl+4", "Automatic, half as wide again."),
        ("window_narrow", "Window: brain, narrow", "Ctrl+5", "Automatic, half as wide."),
        ("invert", "Invert", "I", "Exchange black and white.", True, "invert"),
        (
            "flip_across",
            "Flip left to right",
            "X",
            "Exchange left and right.",
            False,
            "flip-across",
        ),
        ("flip_down", "Flip top to bottom", "Y", "Exchange top and bottom.", False, "flip-down"),
        ("rotate", "Turn by 90°", "Shift+R", "Turn clockwise.", False, "rotate"),
        ("magnify", "Magnifier", "M", "A lens under the cursor.", True, "lens"),
        ("ruler", "Ruler", "L", "Drag to measure a length.", True, "ruler"),
        ("angle", "Angle", "A", "Three clicks measure an angle.", True, "angle"),
        ("delete_measure", "Delete measurement", "Del", "Delete the chosen one."),
        ("bring_back", "Bring back measurement", "Ctrl+Z", "Undo the last deletion here."),
    ),
    "Explain": (
        ("next_target", "Next class", "T", "Explain the next class."),
        ("play", "Play stages", "Space", "Show the stages in turn."),
        ("contours", "Contours", "K", "Lines instead of colours.", True),
        ("stage_0", "Original", "0", "Show the original large."),
        *((f"stage_{n}", f"Stage {n}", f"{n}", f"Show stage {n} large.") for n in range(1, 6)),
    ),
    "Models": (
        ("models", "All models …", "Ctrl+M", "Their cards, side by side."),
        ("import_model", "Import model …", "Ctrl+I", "Add a .btmodel file."),
        ("train", "Train a model …", "Ctrl+T", "Retrain on scans of your own."),
        ("earlier_runs", "Interrupted trainings …", "Ctrl+Shift+T", "Go on with one."),
        ("evaluate", "Evaluate on my data …", "Ctrl+Y", "Measure a model."),
        ("compare", "Compare on my data …", "Ctrl+Shift+Y", "Measure several."),
    ),
    "Help": (
        ("help_reading", "How to read the result", "F1", "Verdict and heatmaps."),
        ("help_data", "About the data", "F2", "What the models learned from."),
        ("help_model", "About this model", "F3", "The card of the model in use."),
        ("help_limits", "Limits", "F4", "What this application cannot do."),
        ("help_keys", "Keys", "Ctrl+/", "All keys."),
        ("change_keys", "Change keys …", "Ctrl+Shift+K", "Choose keys of your own."),
        ("licences", "Version and licences", "Shift+F1", "Of btgui and its parts."),
    ),
}
ACTIONS = tuple(ActionText(menu, *one) for menu, offered in _MENUS.items() for one in offered)


def add_actions(window: QMainWindow, handlers: dict[str, Callable[[], object]]) -> dict[str, QMenu]:
    """Add every action to the window; each needs a handler of its name. Return the menus."""
    menus: dict[str, QMenu] = {}
    for text in ACTIONS:
        if text.menu not in menus:
            menus[text.menu] = window.menuBar().addMenu(f"&{text.menu}")  # each its own letter
        action = QAction(text.text, window)
        action.setObjectName(text.name)
        # macOS would move what begins with "About" to the application's menu, all to one place there.
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
    """Give every action its keys, the user's own or its default, and say them in its tooltip."""
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
    """Give a widget a tooltip that ends with an action's keys, whatever they become.

    Without an action ("") it has none.
    """
    widget.setProperty(_TIP, tip)
    widget.setProperty(_TIP_ACTION, action)
    # Not before the widget is in its window.
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
    """Return each action's keys, "" for none.

    The user's own go first: a default that the user gave to another action is free no more.
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
    """Whether a key is about to become an action though it does something to what has the focus.

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
    """Return (what it does, its keys as they are now) for every action of a window."""
    found = [(text, window.findChild(QAction, text.name)) for text in ACTIONS]
    return [
        (f"{text.text.removesuffix(' …')}: {text.tip}".rstrip("."), shown_keys(action.shortcut()))
        for text, action in found
        if action is not None
    ]


def shown_keys(sequence: QKeySequence) -> str:
    """Return keys as the user's system writes them."""
    return sequence.toString(QKeySequence.SequenceFormat.NativeText)
