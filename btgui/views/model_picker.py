"""A box to choose the model that reads, with its key facts."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from btgui.engine.models.pack import ModelPack
from btgui.engine.reading_words import accuracy_sentence
from btgui.engine.results import Device
from btgui.views.text import milliseconds, plain_tip, unbroken
from btgui.views.widgets.elided_box import ElidedBox
from btgui.views.widgets.labels import paragraph, plain_label
from btgui.views.widgets.wheel_guard import guard_wheel

_FEWEST_LETTERS = 9  # characters of a model's name that are always visible
_TIP = "The model that reads the scans. After a change, the open scan is read again."


class ModelPicker(QFrame):
    """A card on which the user chooses a model.

    Signals
    -------
    model_chosen(str)
        The user chose the model with this id.
    """

    model_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        self._models: dict[str, ModelPack] = {}
        self._speed: dict[str, str] = {}
        heading = plain_label("Model", "heading")
        self.choice = ElidedBox(_FEWEST_LETTERS)  # the tooltip shows a long name in full
        guard_wheel(self.choice)
        self.choice.setAccessibleName("Model")
        self.facts = paragraph(role="quiet")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 12)
        for widget in (heading, self.choice, self.facts):
            layout.addWidget(widget)
        self.choice.activated.connect(self._choose)

    def set_models(self, models: list[ModelPack]) -> None:
        """Offer these models for choice."""
        self._models = {pack.card.id: pack for pack in models}
        self.choice.clear()
        for pack in models:
            self.choice.addItem(pack.card.name, pack.card.id)
            place = self.choice.count() - 1
            self.choice.setItemData(place, plain_tip(pack.card.name), Qt.ItemDataRole.ToolTipRole)
        self._show_facts()

    def set_current(self, model_id: str) -> None:
        """Show this model as the one in use."""
        self.choice.setCurrentIndex(self.choice.findData(model_id))
        self._show_facts()

    def set_expected_milliseconds(self, model_id: str, value: float, device: Device) -> None:
        """Show the time per scan on this computer, as measured when the model was loaded."""
        self._speed[model_id] = f"About {milliseconds(value)} per scan on {device.name}."
        self._show_facts()

    def _choose(self) -> None:
        self._show_facts()
        self.model_chosen.emit(self.choice.currentData())

    def _show_facts(self) -> None:
        name = self.choice.currentText()
        self.choice.setToolTip(plain_tip(f"{name}\n{_TIP}" if name else _TIP))
        pack = self._models.get(self.choice.currentData() or "")
        if pack is None:
            self.facts.setText("No model is installed. Import one with Models, Import model.")
            return
        card, size = pack.card, pack.card.preprocessing
        lines = [
            (
                f"{card.architecture}, {card.parameter_count / 1e6:.1f} million parameters, "
                f"input {size.input_width} x {size.input_height}."
            ),
            accuracy_sentence(card),
            self._speed.get(card.id, ""),
        ]
        self.facts.setText(unbroken("\n".join(filter(None, lines))))
