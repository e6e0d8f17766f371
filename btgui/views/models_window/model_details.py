"""The details of one model: its card, and the curves of its training."""

from __future__ import annotations

from PySide6.QtGui import QTextOption
from PySide6.QtWidgets import QHBoxLayout, QTextBrowser, QWidget

from btgui.engine.models.card import ModelCard
from btgui.views.card_page import card_page
from btgui.views.widgets.curves_plot import CurvesPlot, curves_of


class ModelDetails(QWidget):
    """A model's card as a page, beside the training curves where the card holds them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.page = QTextBrowser()
        self.page.setWordWrapMode(QTextOption.WrapMode.WordWrap)  # no word is broken
        self.page.setAccessibleName("Model card")
        self.page.setOpenLinks(False)
        self.curves = CurvesPlot()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.page, 3)
        layout.addWidget(self.curves, 2)
        self.curves.hide()

    def show_card(self, card: ModelCard) -> None:
        """Show a model's card and curves."""
        self.page.setHtml(card_page(card))
        curves = curves_of(card)
        self.curves.setVisible(curves is not None)
        if curves is not None:
            self.curves.show_curves([curves])

    def show_text(self, text: str) -> None:
        """Show plain text in place of a model."""
        self.page.setPlainText(text)
        self.curves.hide()
