"""The splash screen that is shown while the window's libraries are loaded."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from btgui.views.widgets.labels import paragraph, plain_label
from btgui.views.widgets.large_text import enlarge

_SIZE = (500, 210)
_MARGIN = 28
_ICON = 64
_TITLE = 2.2  # size relative to ordinary text
_LETTERS = 60  # characters across its width


class StartScreen(QWidget):
    """The application's name, its purpose and that it is starting, without frame or buttons."""

    def __init__(self) -> None:
        super().__init__(None, Qt.WindowType.SplashScreen)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        name = QLabel("btgui")
        enlarge(name, _TITLE)
        purpose = paragraph(
            "Reads brain-MRI scans. For research and second reading, not for diagnosis."
        )
        self.progress = plain_label("Starting …", "quiet")
        icon = QLabel()
        icon.setPixmap(QApplication.windowIcon().pixmap(_ICON, _ICON))
        words = QVBoxLayout()
        for label in (name, purpose, self.progress):
            words.addWidget(label)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        layout.setSpacing(_MARGIN)
        layout.addWidget(icon, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addLayout(words, 1)
        self._fit(layout)

    def _fit(self, layout: QHBoxLayout) -> None:
        """Fix the size to what the font needs, and at least to the designed size."""
        width, height = _SIZE
        width = max(width, _LETTERS * self.fontMetrics().averageCharWidth())
        self.setFixedSize(width, max(height, layout.totalHeightForWidth(width)))
