"""Help pages: how to read the result, the data, the model, the limits, the keys."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextOption
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from btgui.engine.models.card import ModelCard
from btgui.engine.paths import resource_folder
from btgui.views.actions import shortcuts
from btgui.views.card_page import card_page
from btgui.views.window_state import open_at

_SIZE = (680, 620)
HELP_PAGES = {
    "reading": "How to read the result",
    "data": "About the data",
    "model": "About this model",
    "limits": "Limits",
    "keys": "Keys",
}

_NO_MODEL = (
    "<h2>No model is ready</h2><p>This page shows the card of the model that reads the scans. If "
    "the line at the bottom of the window says that a model is being loaded, open this page again "
    "when the model is ready. Otherwise choose a model on the right of the window, or add one with "
    "Models, Import model.</p>"
)


class HelpDialog(QDialog):
    """A help page; the main window stays usable behind it."""

    def __init__(self, title: str, html: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.page = QTextBrowser()
        self.page.setWordWrapMode(QTextOption.WrapMode.WordWrap)  # no word is broken
        self.page.setHtml(html)
        self.page.setAccessibleName(title)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.page)
        layout.addWidget(buttons)
        open_at(self, *_SIZE)
        self.page.setFocus(Qt.FocusReason.OtherFocusReason)


def show_help(parent: QWidget, name: str, card: ModelCard | None) -> None:
    """Open one of :data:`HELP_PAGES`; without a card, "model" says that no model is ready."""
    if name == "keys":
        html = shortcuts_page(shortcuts(parent))
    elif name != "model":
        html = help_page(name)
    else:
        html = card_page(card) if card is not None else _NO_MODEL
    HelpDialog(HELP_PAGES[name], html, parent).show()


def help_page(name: str) -> str:
    """Return the HTML of a help page: "reading", "data" or "limits"."""
    return (resource_folder() / "help" / f"{name}.html").read_text(encoding="utf-8")


def shortcuts_page(shortcuts: list[tuple[str, str]]) -> str:
    """Return a page that lists the (action, keys) pairs, as HTML."""
    rows = "".join(
        f"<tr><td style='padding:3px 24px 3px 0'>{escape(text)}</td><td style='padding:3px 0'><b>{escape(keys)}</b></td></tr>"
        for text, keys in shortcuts
    )
    return f"<h2>Keys</h2><table>{rows}</table>"
