"""The toolbar above the scan; its tools are actions of the window, with their shortcuts."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QMenu, QToolBar, QToolButton

from btgui.engine.one_line import one_line
from btgui.views.actions import shown_keys
from btgui.views.scan_view import ScanView
from btgui.views.text import plain_tip, window_words

_TOOLS = ("ruler", "angle", "magnify", "", "invert", "flip_across", "flip_down", "rotate")
_ICON = QSize(16, 16)
_ON_KEYS = {  # presets that have an action, and so a shortcut
    "file": "window_file",
    "automatic": "window_automatic",
    "full": "window_full",
    "soft": "window_soft",
    "narrow": "window_narrow",
}


class ScanToolbar(QToolBar):
    """Window presets in a menu and tools as buttons; those without room are behind an arrow."""

    def __init__(self, view: ScanView, window: QMainWindow) -> None:
        super().__init__("Scan tools")
        self._view, self._window = view, window
        self.setIconSize(_ICON)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self.windows = QToolButton()
        self.windows.setText("Window")
        self.windows.setAccessibleName("Window")
        self.windows.setToolTip("Window presets, from the file or computed from the image.")
        self.windows.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.windows.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.menu = QMenu(self.windows)
        self.menu.setToolTipsVisible(True)
        self.menu.aboutToShow.connect(self._fill)
        self.windows.setMenu(self.menu)
        self.addWidget(self.windows)
        self.addSeparator()
        self.buttons: dict[str, QToolButton] = {}
        for name in _TOOLS:
            if name:
                self._add(name)
            else:
                self.addSeparator()
        view.scan_changed.connect(lambda: self.setEnabled(view.scan is not None))
        self.setEnabled(view.scan is not None)

    def _add(self, name: str) -> None:
        action = self._window.findChild(QAction, name)
        if action is None:
            raise ValueError(f"expected an action of the window, received {name!r}")
        self.addAction(action)
        button = self.widgetForAction(action)
        if isinstance(button, QToolButton):
            button.setProperty("tool", True)
            button.setAccessibleName(action.text())
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self.buttons[name] = button

    def _fill(self) -> None:
        """Offer the window presets of the open scan; its header may define several windows."""
        self.menu.clear()
        for preset in self._view.presets():
            keys = self._keys_of(preset.name)
            entry = self.menu.addAction(f"{preset.label}\t{keys}" if keys else preset.label)
            rule = one_line(preset.rule)  # a rule may quote the header
            entry.setToolTip(plain_tip(f"{rule}: {window_words(preset.window)}"))
            entry.setCheckable(True)
            entry.setChecked(self._view.greys.are_by(preset))
            entry.triggered.connect(
                lambda _checked=False, name=preset.name: self._view.use_preset(name)
            )

    def _keys_of(self, preset: str) -> str:
        action = self._window.findChild(QAction, _ON_KEYS[preset]) if preset in _ON_KEYS else None
        return "" if action is None else shown_keys(action.shortcut())
