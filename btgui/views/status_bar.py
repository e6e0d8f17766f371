"""The line at the bottom: messages, the device, and what this is not."""

from __future__ import annotations

from PySide6.QtWidgets import QProgressBar, QStatusBar, QWidget

from btgui.engine.results import Device
from btgui.views.text import RESEARCH_USE, plain_tip
from btgui.views.widgets.elided_label import ElidedLabel

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
        # Models are named by the user, and letters may be large: none of it may widen the window.
        self.model, self.device, private, note = (ElidedLabel() for _ in range(4))
        self.model.setText("No model")
        self.device.hide()
        private.setText("Nothing leaves this computer")
        private.setToolTip(
            "Scans, names and results are sent nowhere. Only a training may download weights, "
            "and asks first."
        )
        note.setText("For research use")
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
        self.model.setToolTip(plain_tip(name))  # it may be cut
        self.device.show()
        half = ", half precision" if device.half_precision else ""
        self.device.setText(f"{device.kind.upper()}: {device.name}{half}")
        self.device.setToolTip(plain_tip(f"The network runs on {device.name} by {device.runtime}."))

    def show_failed(self) -> None:
        """Show that no model is loaded, and nothing to run one on in use."""
        self.busy.hide()
        self.device.hide()
        self.model.setText("No model")
