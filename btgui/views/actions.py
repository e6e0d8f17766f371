"""Every action of the window: its words, its keys, its tooltip and its menu."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QComboBox, QMainWindow


@dataclass(frozen=True)
class ActionText:
    """How an action is offered; keys as Qt spells them."""

    name: str
    menu: str
    text: str
    keys: str
    tip: str


ACTIONS = (
    ActionText("open_files", "File", "Open scans …", "Ctrl+O", "Open one or more scan files."),
    ActionText("open_folder", "File", "Open folder …", "Ctrl+Shift+O", "List a folder's scans."),
    ActionText("open_sample", "File", "Open sample scan", "Ctrl+E", "Open a healthy sample scan."),
    ActionText("read_folder", "File", "Read all or chosen", "Ctrl+R", "Read the listed scans."),
    ActionText("cancel", "File", "Stop reading", "Esc", "Stop reading the folder."),
    ActionText("save_picture", "File", "Save picture …", "Ctrl+S", "Save the heatmap view."),
    ActionText("save_table", "File", "Save table …", "Ctrl+Shift+S", "Save the folder's results."),
    ActionText("quit", "File", "Quit", "Ctrl+Q", "Close the application."),
    ActionText("next_scan", "View", "Next scan", "PgDown", "Open the next scan of the list."),
    ActionText("previous_scan", "View", "Previous scan", "PgUp", "Open the scan before."),
    ActionText("zoom_in", "View", "Nearer", "Ctrl++", "Zoom in."),
    ActionText("zoom_out", "View", "Farther", "Ctrl+-", "Zoom out."),
    ActionText("reset_view", "View", "Reset view", "R", "First zoom, brightness and contrast."),
    ActionText("toggle_crop", "View", "Mark crop", "C", "Mark what the network sees, or not."),
    ActionText("full_screen", "View", "Full screen", "F11", "Use the whole screen, or not."),
    ActionText("next_target", "Explain", "Next class", "T", "Explain the next class."),
    ActionText("play", "Explain", "Play stages", "Space", "Show the stages in turn."),
    ActionText("contours", "Explain", "Contours", "K", "Lines instead of colours."),
    *(
        ActionText(
            f"stage_{n}",
            "Explain",
            f"Stage {n}" if n else "Original",
            str(n),
            f"Show stage {n} large." if n else "Show the original large.",
        )
        for n in range(6)
    ),
    ActionText("models", "Models", "All models …", "Ctrl+M", "Their cards, side by side."),
    ActionText("import_model", "Models", "Import model …", "Ctrl+I", "Add a .btmodel file."),
    ActionText("train", "Models", "Train a model …", "Ctrl+T", "Retrain on scans of your own."),
    ActionText("evaluate", "Models", "Evaluate on my data …", "Ctrl+Y", "Measure a model."),
    ActionText("compare", "Models", "Compare on my data …", "Ctrl+Shift+Y", "Measure several."),
    ActionText("help_reading", "Help", "How to read the result", "F1", "Verdict and heatmaps."),
    ActionText("help_data", "Help", "About the data", "F2", "What the models learned from."),
    ActionText("help_model", "Help", "About this model", "F3", "The card of the model in use."),
    ActionText("help_limits", "Help", "Limits", "F4", "What this application cannot do."),
    ActionText("help_keys", "Help", "Keys", "Ctrl+/", "All keys."),
)


def add_actions(window: QMainWindow, handlers: dict[str, Callable[[], object]]) -> None:
    """Add every action to the window and its menus; each needs a handler of its name."""
    menus = {}
    for text in ACTIONS:
        if text.menu not in menus:
            menus[text.menu] = window.menuBar().addMenu(text.menu)
        action = QAction(text.text, window)
        action.setObjectName(text.name)
        action.setShortcut(QKeySequence(text.keys))
        action.setToolTip(f"{text.tip} ({text.keys})")
        action.setStatusTip(text.tip)
        handler = handlers[text.name]
        action.triggered.connect(lambda _checked=False, handler=handler: handler())
        menus[text.menu].addAction(action)


def is_for_focus(window: QMainWindow, event: QEvent) -> bool:
    """Whether a key is about to become an action though it presses what has the focus."""
    return (
        event.type() == QEvent.Type.ShortcutOverride
        and isinstance(event, QKeyEvent)
        and event.key() == Qt.Key.Key_Space
        and isinstance(window.focusWidget(), (QAbstractButton, QComboBox))
    )


def shortcuts() -> list[tuple[str, str]]:
    """Return (what it does, its keys) for every action."""
    return [(text.tip.rstrip("."), text.keys) for text in ACTIONS]
