"""Where training starts from: a model, ImageNet weights, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from btgui.engine.model_pack import ModelPack
from btgui.engine.published_networks import PublishedModel
from btgui.views.file_dialogs import ask_for_weights

_IMAGENET, _FILE, _NOTHING = "imagenet", "file", "none"


class StartChoice(QWidget):
    """Offers what fits the network and the classes; a download needs the user's consent.

    Signals
    -------
    changed()
        Another start was chosen, a file was named, or consent was given or taken back.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choice = QComboBox()
        self.choice.setAccessibleName("Start from")
        self.browse = QPushButton("Choose a file …")
        self.file = QLabel("No file chosen")
        self.file.setTextFormat(Qt.TextFormat.PlainText)  # a file may be named like markup
        self.consent = QCheckBox()
        self.note = QLabel()
        self.note.setProperty("role", "quiet")
        self.note.setWordWrap(True)
        self._path = ""
        row = QHBoxLayout()
        row.addWidget(self.choice, 1)
        row.addWidget(self.browse)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(row)
        for widget in (self.file, self.consent, self.note):
            layout.addWidget(widget)
        self.choice.activated.connect(lambda _index: self._offer())
        self.consent.toggled.connect(lambda _on: self.changed.emit())
        self.browse.clicked.connect(self._ask)

    def offer(self, network: PublishedModel, models: Sequence[ModelPack], weights: str) -> None:
        """List what one can start from, and choose what was chosen before if it still fits.

        Parameters
        ----------
        models
            Those of the same network and the same classes.
        weights
            As a training request names it.
        """
        self.choice.clear()
        for pack in models:
            self.choice.addItem(f"the model {pack.card.name}", str(pack.folder))
        self.choice.addItem("ImageNet weights, from the internet", _IMAGENET)
        self.choice.addItem("ImageNet weights, from a file", _FILE)
        self.choice.addItem("nothing (needs many thousand scans)", _NOTHING)
        self.consent.setText(
            f"Download {network.download_bytes / 1e6:.0f} MB from Google's Keras server when the "
            f"training starts. Nothing of your data is sent."
        )
        known = self.choice.findData(weights)
        if known < 0 and Path(weights).is_file():
            self._path = weights
            known = self.choice.findData(_FILE)
        # Going on from a model is the quickest, so it is offered first.
        self.choice.setCurrentIndex(max(0, known))
        self._offer()

    def weights(self) -> str:
        """Return the choice as a training request names it; "" while it is incomplete."""
        chosen = self.choice.currentData()
        if chosen == _FILE:
            return self._path
        if chosen == _IMAGENET and not self.consent.isChecked():
            return ""
        return str(chosen)

    def _ask(self) -> None:
        if chosen := ask_for_weights(self):
            self._path = str(chosen)
            self._offer()

    def _offer(self) -> None:
        chosen = self.choice.currentData()
        self.browse.setVisible(chosen == _FILE)
        self.file.setVisible(chosen == _FILE)
        self.file.setText(Path(self._path).name if self._path else "No file chosen")
        self.consent.setVisible(chosen == _IMAGENET)
        notes = {
            _IMAGENET: "Without a connection: let somebody download the file, and choose it here.",
            _FILE: "The file that Keras offers for this network, its name ending in “notop.h5”.",
            _NOTHING: "The network learns to see from your scans alone.",
        }
        self.note.setText(
            notes.get(
                chosen,
                "It goes on learning from what it knows already: the quickest way. If it was trained "
                "on some of these very scans, the validation curve looks better than it is.",
            )
        )
        self.changed.emit()
