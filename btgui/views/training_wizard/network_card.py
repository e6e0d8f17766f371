"""A card with which one of the six networks is chosen."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QRadioButton, QVBoxLayout, QWidget

from btgui.engine.models.published_networks import PublishedModel
from btgui.views.text import percent_exactly
from btgui.views.widgets.labels import plain_label

_NOT_MEASURED = "Training time: not measured yet"


class NetworkCard(QFrame):
    """The facts about a network before it is trained; a click anywhere chooses the network."""

    def __init__(self, network: PublishedModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        self.choice = QRadioButton(network.name)
        self.choice.setAutoExclusive(False)  # the grid groups the buttons: they are no siblings
        self.time = plain_label(_NOT_MEASURED, "quiet")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(2)
        layout.addWidget(self.choice)
        facts = (
            f"{percent_exactly(network.accuracy, 2)} in the paper (published protocol)",
            f"{network.parameters / 1e6:.1f} million parameters, {network.size_bytes / 1e6:.0f} MB",
        )
        for text in facts:
            layout.addWidget(plain_label(text, "quiet"))
        layout.addWidget(self.time)
        self.setAccessibleName(f"{network.name}: {'; '.join(facts)}")

    def show_time(self, text: str) -> None:
        """Show the expected training time, "" where it has not been measured."""
        self.time.setText(f"Training time: {text}" if text else _NOT_MEASURED)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802  (Qt's name)
        """Choose this network."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.choice.setChecked(True)
