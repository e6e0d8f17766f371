"""The dialog for unexpected errors, with details to copy for support."""

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
_MOST_DETAILED = 20  # different errors; later ones usually follow from these


class ErrorDialog(QDialog):
    """What went wrong, and how many errors there were; the application continues behind it."""

    def __init__(self, text: str, details: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Something went wrong")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._first = text
        self._counts: dict[tuple[str, str], int] = {}  # how often each (text, details) came
        self.count = paragraph()
        message = paragraph(text)
        hint = paragraph(
            "You can continue working. If this happens again, copy the details and send them to the "
            "person who supports this application. Read them first: they may contain file names.",
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
        """Count and show another error, or the same one again."""
        self._counts[text, details] = self._counts.get((text, details), 0) + 1
        total, kinds = sum(self._counts.values()), len(self._counts)
        different = f", with {kinds} different details" if kinds > 1 else ""
        self.count.setText(f"Errors so far: {total:,}{different}.")
        self.count.setVisible(total > 1)
        if self._counts[text, details] == 1 and kinds <= _MOST_DETAILED:
            self.details.setPlainText("\n\n".join(self._words()))

    def _words(self) -> list[str]:
        """Return the details of each error, below its message if there are several."""
        shown = list(self._counts)[:_MOST_DETAILED]
        return [details if len(shown) == 1 else f"{text}\n{details}" for text, details in shown]

    def _copy(self) -> None:
        parts = [self._first, "" if self.count.isHidden() else self.count.text()]
        words = "\n".join(filter(None, parts))
        QGuiApplication.clipboard().setText(f"{words}\n\n{self.details.toPlainText()}")
