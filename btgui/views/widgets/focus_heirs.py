"""Where the keyboard's focus goes when the widget that has it is hidden."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget


def leave_focus_to(widget: QWidget, *heirs: QWidget) -> None:
    """Give the focus to the first visible heir when the widget, or what holds the focus, is hidden.

    Qt would give it to the next widget in the tab order, which may be in another part of the window
    and have a use of its own for the keys that the user goes on to press.
    """
    _FocusHeirs(widget, heirs)


class _FocusHeirs(QObject):
    def __init__(self, widget: QWidget, heirs: tuple[QWidget, ...]) -> None:
        super().__init__(widget)
        self._heirs = heirs
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  (Qt's name)
        # Not hidden itself: its window or page was put away, and keeps the focus for its return.
        if event.type() == QEvent.Type.Hide and isinstance(watched, QWidget) and watched.isHidden():
            focus = watched.window().focusWidget()
            if focus is watched or watched.isAncestorOf(focus):
                self._pass_on()
        return False

    def _pass_on(self) -> None:
        heir = next((one for one in self._heirs if one.isVisible()), None)
        if heir is not None:
            heir.setFocus()
