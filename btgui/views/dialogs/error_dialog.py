"""An unexpected error, told in words, with details to copy for whoever helps."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from btgui.views.widgets.labels import paragraph

_SIZE = (680, 380)
_MOST_DETAILED = 20  # different errors: what comes after follows from them


class ErrorDialog(QDialog):
    """Says what went wrong, and how often meanwhile; the application goes on behind it."""

    def __init__(self, text: str, details: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Something went wrong")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._first = text
        self._told: dict[tuple[str, str], int] = {}  # text and details to how often
        self.count = paragraph()
        message = paragraph(text)
        hint = paragraph(
            "You can go on working. If it happens again, copy the details and send them to whoever "
            "looks after this application; read them first, they may name files.",
            "quiet",
        )
        self.details = QPlainTextEdit()
        self.details.setReadOnly(True)
        self.details.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.details.setAccessibleName("Details")
        self.copy = QPushButton("Copy details")
        self.copy.setToolTip("Copy the message and the details.")
        self.copy.clicked.connect(self._copy)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.addButton(self.copy, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        for widget in (message, self.count, hint, self.details, buttons):
            layout.addWidget(widget)
        self.resize(*_SIZE)
        self.add(text, details)

    def add(self, text: str, details: str) -> None:
        """Take in another error, or the same once more."""
        self._told[text, details] = self._told.get((text, details), 0) + 1
        total, kinds = sum(self._told.values()), len(self._told)
        different = f", with {kinds} different details" if kinds > 1 else ""
        self.count.setText(f"Errors so far: {total:,}{different}.")
        self.count.setVisible(total > 1)
        if self._told[text, details] == 1 and kinds <= _MOST_DETAILED:
            self.details.setPlainText("\n\n".join(self._words()))

    def _words(self) -> list[str]:
        """Return the details, each below its message where there are several."""
        shown = list(self._told)[:_MOST_DETAILED]
        return [details if len(shown) == 1 else f"{text}\n{details}" for text, details in shown]

    def _copy(self) -> None:
        parts = [self._first, "" if self.count.isHidden() else self.count.text()]
        words = "\n".join(filter(None, parts))
        QGuiApplication.clipboard().setText(f"{words}\n\n{self.details.toPlainText()}")
