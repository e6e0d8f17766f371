"""Help: how to read the result, the data, the model, the limits, the keys."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from btgui.engine.model_card import ModelCard, TestResult
from btgui.engine.paths import resource_folder
from btgui.views.actions import shortcuts
from btgui.views.text import RESEARCH_USE

_SIZE = (680, 620)
HELP_PAGES = {
    "reading": "How to read the result",
    "data": "About the data",
    "model": "About this model",
    "limits": "Limits",
    "keys": "Keys",
}


class HelpDialog(QDialog):
    """A page of help; the window stays usable behind it."""

    def __init__(self, title: str, html: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.page = QTextBrowser()
        self.page.setHtml(html)
        self.page.setAccessibleName(title)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.page)
        layout.addWidget(buttons)
        self.resize(*_SIZE)
        self.page.setFocus(Qt.FocusReason.OtherFocusReason)


def show_help(parent: QWidget, name: str, card: ModelCard | None) -> None:
    """Open one of :data:`HELP_PAGES`; the model's needs its card."""
    if name == "keys":
        html = shortcuts_page(shortcuts())
    elif name != "model":
        html = help_page(name)
    elif card is not None:
        html = model_page(card)
    else:
        return
    HelpDialog(HELP_PAGES[name], html, parent).show()


def help_page(name: str) -> str:
    """Return a page that ships: "reading", "data" or "limits"."""
    return (resource_folder() / "help" / f"{name}.html").read_text(encoding="utf-8")


def shortcuts_page(shortcuts: list[tuple[str, str]]) -> str:
    """Return a page of (what it does, its keys)."""
    rows = "".join(
        f"<tr><td style='padding:3px 24px 3px 0'>{escape(text)}</td><td><b>{escape(keys)}</b></td></tr>"
        for text, keys in shortcuts
    )
    return f"<h2>Keys</h2><table>{rows}</table>"


def model_page(card: ModelCard) -> str:
    """Return a model's card as a page."""
    scans = card.training.get("scans", {})
    facts = {
        "Network": f"{card.architecture}, {card.parameter_count / 1e6:.2f} million parameters",
        "Classes": ", ".join(card.display_names),
        "Trained on": f"{scans.get('train', '?')} scans; chosen by {scans.get('validation', '?')}",
        "Made": card.created[:10],
        "Licence": card.licence,
        "Id": card.id,
    }
    rows = "".join(
        f"<tr><td style='padding:2px 20px 2px 0'>{escape(name)}</td><td>{escape(text)}</td></tr>"
        for name, text in facts.items()
    )
    tests = "".join(_result(card, result) for result in card.results)
    notes = f"<p>{escape(card.notes)}</p>" if card.notes else ""
    return (
        f"<h2>{escape(card.name)}</h2><table>{rows}</table>{notes}"
        f"{tests or '<p>It has not been tested yet.</p>'}<p>{RESEARCH_USE}</p>"
    )


def _result(card: ModelCard, result: TestResult) -> str:
    low, high = result.interval
    heading = f"<h3>Tested on {escape(result.data)} ({result.protocol} protocol)</h3>"
    total = (
        f"<p><b>{result.accuracy:.1%}</b> of {result.count:,} scans right "
        f"(95&nbsp;% interval {low:.1%} to {high:.1%})."
    )
    if result.leak_free:
        total += (
            f" On the {result.leak_free['count']} scans without a copy anywhere in the training "
            f"folder: {result.leak_free['accuracy']:.1%}."
        )
    head = "".join(f"<th>{escape(name)}</th>" for name in card.display_names)
    body = "".join(
        f"<tr><td>{escape(name)}</td>"
        + "".join(f"<td align='center'>{n}</td>" for n in row)
        + "</tr>"
        for name, row in zip(card.display_names, result.confusion, strict=False)
    )
    table = f"<table border='1' cellspacing='0' cellpadding='5'><tr><th>is / said</th>{head}</tr>{body}</table>"
    return f"{heading}{total}</p>{table}"
