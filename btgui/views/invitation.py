"""How to open a scan, in the place of the scan until there is one."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from btgui.views.actions import set_tip_with_keys
from btgui.views.widgets.labels import paragraph
from btgui.views.widgets.large_text import enlarge_invitation

_FORMATS = "Files, folders or ZIP files:\nDICOM, NIfTI, JPEG, PNG, BMP, TIFF"


class Invitation(QWidget):
    """Invites the user to drop scans, above a button for each other way to open them.

    Parameters
    ----------
    place
        The widget that the invitation covers, in its middle.
    """

    def __init__(self, place: QWidget) -> None:
        super().__init__(place)
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)  # the place has tools for scans
        heading, formats = paragraph("Drop scans here"), paragraph(_FORMATS, "quiet")
        enlarge_invitation(heading)
        column = QVBoxLayout(self)
        column.setSpacing(8)
        column.addStretch(1)
        for label in (heading, formats):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(label)
        column.addSpacing(12)
        self._buttons = QVBoxLayout()
        self._buttons.setSpacing(8)
        column.addLayout(self._buttons)
        column.setAlignment(self._buttons, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        cover = QVBoxLayout(place)
        cover.setContentsMargins(0, 0, 0, 0)
        cover.addWidget(self)

    def offer(self, actions: Iterable[QAction]) -> None:
        """Add a button for each of these actions of the window, after the place in the tab order."""
        last = self.parentWidget()
        for action in actions:
            button = QPushButton(action.text())
            self._buttons.addWidget(button)
            set_tip_with_keys(button, action.statusTip(), action.objectName())
            button.clicked.connect(action.trigger)
            self.setTabOrder(last, button)
            last = button
