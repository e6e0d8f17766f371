"""The line at the bottom: messages, the device, and what this is not."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QProgressBar, QStatusBar, QWidget

from btgui.engine.results import Device
from btgui.views.text import RESEARCH_USE, plain_tip

_MESSAGE_MILLISECONDS = 8000


class StatusBar(QStatusBar):
    """Shows short messages and what is always worth knowing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self.busy = QProgressBar()
        self.busy.setRange(0, 0)
        self.busy.setFixedWidth(110)
        self.busy.hide()
        self.model = QLabel("No model")
        self.device = QLabel()
        for label in (self.model, self.device):
            label.setTextFormat(Qt.TextFormat.PlainText)  # models are named by the user
        self.device.hide()
        private = QLabel("Nothing leaves this computer")
        private.setToolTip(
            "Scans, names and results are sent nowhere. Only a training may download weights, "
            "and asks first."
        )
        note = QLabel("For research use")
        note.setToolTip(f"{RESEARCH_USE} See Help, Limits.")
        for widget in (self.busy, self.model, self.device, private, note):
            self.addPermanentWidget(widget)

    def say(self, text: str) -> None:
        """Show a message for some seconds."""
        self.showMessage(text, _MESSAGE_MILLISECONDS)

    def show_loading(self, name: str) -> None:
        """Show that a model is being loaded."""
        self.model.setText(f"Loading {name} …")
        self.busy.show()

    def show_ready(self, name: str, device: Device) -> None:
        """Show the model and what it runs on."""
        self.busy.hide()
        self.model.setText(name)
        self.device.show()
        half = ", half precision" if device.half_precision else ""
        self.device.setText(f"{device.kind.upper()}: {device.name}{half}")
        self.device.setToolTip(plain_tip(f"The network runs on {device.name} by {device.runtime}."))

    def show_failed(self) -> None:
        """Show that no model is loaded, and nothing to run one on in use."""
        self.busy.hide()
        self.device.hide()
        self.model.setText("No model")
