"""The status bar: messages, the model, the device, and the note on research use."""

from __future__ import annotations

from PySide6.QtWidgets import QProgressBar, QStatusBar, QWidget

from btgui.engine.results import Device
from btgui.views.text import RESEARCH_USE, plain_tip
from btgui.views.widgets.elided_label import ElidedLabel

_MESSAGE_MILLISECONDS = 8000
_GAP = 6  # pixels beside each part


class StatusBar(QStatusBar):
    """Shows short messages beside permanent facts on model, device, privacy and use."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self.busy = QProgressBar()
        self.busy.setRange(0, 0)
        self.busy.setFixedWidth(110)
        self.busy.hide()
        # Users name models, and fonts may be large: none of these labels may widen the window.
        self.model, self.device, self._private, self._note = (ElidedLabel() for _ in range(4))
        self._name_model("No model")
        self.device.hide()
        self._private.setText("Nothing leaves this computer")
        self._private.setToolTip(
            "Scans, names and results are never sent anywhere. Only training may download weights, "
            "and it asks first."
        )
        self._note.setText("For research use")
        self._note.setToolTip(f"{RESEARCH_USE} See Help, Limits.")
        for widget in (self.busy, self.model, self.device, self._private, self._note):
            self.addPermanentWidget(widget)
        self.messageChanged.connect(self._make_room)

    def say(self, text: str) -> None:
        """Show a message for a few seconds."""
        self.showMessage(text, _MESSAGE_MILLISECONDS)

    def show_loading(self, name: str) -> None:
        """Show that a model is being loaded."""
        self._name_model(f"Loading {name} …")
        self.busy.show()

    def show_ready(self, name: str, device: Device) -> None:
        """Show the model and the device that it runs on."""
        self.busy.hide()
        self._name_model(name)
        self.device.show()
        half = ", half precision" if device.half_precision else ""
        passed_over = ", GPU failed" if device.gpu_failed else ""
        self.device.setText(f"{device.kind.upper()}: {device.name}{half}{passed_over}")
        tip = f"The network runs on {device.name} with {device.runtime}."
        if device.gpu_failed:
            tip += f"\nThe GPU could not be used: {device.gpu_failed}"
        self.device.setToolTip(plain_tip(tip))

    def show_failed(self) -> None:
        """Show that no model is loaded, and no device."""
        self.busy.hide()
        self.device.clear()
        self.device.hide()
        self._name_model("No model")

    def _name_model(self, words: str) -> None:
        self.model.setText(words)
        self.model.setToolTip(plain_tip(words))  # the label may be elided

    def _make_room(self, message: str) -> None:
        """Hide less important labels while a message needs their room."""
        shown = [
            part for part in (self.model, self.device, self._private, self._note) if part.text()
        ]
        needed = self.fontMetrics().horizontalAdvance(message)
        needed += sum(part.sizeHint().width() + _GAP for part in shown)
        has_room = not message or needed <= self.width()
        self.device.setVisible(has_room and bool(self.device.text()))
        self._private.setVisible(has_room)
