"""An unexpected error, told in words, with details to copy for whoever helps."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

_SIZE = (680, 380)


class ErrorDialog(QDialog):
    """Says what went wrong; the application goes on behind it."""

    def __init__(self, text: str, details: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Something went wrong")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        message = QLabel(text)
        message.setWordWrap(True)
        message.setTextFormat(Qt.TextFormat.PlainText)  # it may name a file
        hint = QLabel(
            "You can go on working. If it happens again, copy the details and send them to whoever "
            "looks after this application; read them first, they may name files."
        )
        hint.setWordWrap(True)
        hint.setProperty("role", "quiet")
        self.details = QPlainTextEdit(details)
        self.details.setReadOnly(True)
        self.details.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.details.setAccessibleName("Details")
        self.copy = QPushButton("Copy details")
        self.copy.setToolTip("Copy the message and the details.")
        self.copy.clicked.connect(
            lambda: QGuiApplication.clipboard().setText(f"{text}\n\n{details}")
        )
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.addButton(self.copy, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        for widget in (message, hint, self.details, buttons):
            layout.addWidget(widget)
        self.resize(*_SIZE)
