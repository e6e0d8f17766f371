"""The choice of starting weights: a model, ImageNet weights, or nothing."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from btgui.engine.models.pack import ModelPack
from btgui.engine.models.published_networks import PublishedModel
from btgui.engine.training_runs.start import without_scans
from btgui.views.dialogs.file_dialogs import ask_for_weights
from btgui.views.widgets.elided_box import ElidedBox
from btgui.views.widgets.elided_label import ElidedLabel
from btgui.views.widgets.labels import paragraph
from btgui.views.widgets.wheel_guard import guard_wheel

_IMAGENET, _FILE, _NOTHING = "imagenet", "file", "none"
_FEWEST_LETTERS = 20  # of an entry that are always visible


@dataclass(frozen=True)
class _Start:
    """The choice for one network: the list's entry, the file, and the consent."""

    entry: str
    file: str
    consent: bool


class StartChoice(QWidget):
    """Offers starts that fit the network and the classes; a download needs the user's consent.

    The choice is remembered for each network: a file of weights, and the consent to a
    download, apply to one network only.

    Signals
    -------
    changed()
        Another start or file was chosen, or consent was given or withdrawn.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choice = ElidedBox(_FEWEST_LETTERS)
        guard_wheel(self.choice)
        self.choice.setAccessibleName("Start from")
        self.browse = QPushButton("Choose a file …")
        self.file = ElidedLabel(Qt.TextElideMode.ElideMiddle)
        self.consent = QCheckBox()
        self.note = paragraph(role="quiet")
        self._path = ""
        self._network = ""
        self._without_scans: dict[str, str] = {}  # model folder to note on classes without scans
        self._remembered: dict[str, _Start] = {}
        row = QHBoxLayout()
        row.addWidget(self.choice, 1)
        row.addWidget(self.browse)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(row)
        layout.addWidget(self.file)
        layout.addWidget(self.consent, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self.note)
        self.choice.activated.connect(lambda _index: self._offer())
        self.consent.toggled.connect(lambda _on: self.changed.emit())
        self.browse.clicked.connect(self._ask)

    def offer(
        self,
        network: PublishedModel,
        models: Sequence[ModelPack],
        weights: str,
        classes: Collection[str],
        *,
        agreed: bool = False,
    ) -> None:
        """List the possible starts, and select the one chosen for this network before.

        Parameters
        ----------
        models
            Models of the same network that know all the classes and may be started from.
        weights
            The start in a training request's terms; selected where none is remembered.
        classes
            The classes of the data set.
        agreed
            Whether the user agreed to the download before: a run was started with it.
        """
        self._remember()
        self._network = network.architecture
        before = self._remembered.get(network.architecture)
        self.choice.clear()
        self._without_scans.clear()
        for pack in models:
            names = dict(zip(pack.card.classes, pack.card.display_names, strict=True))
            self._without_scans[str(pack.folder)] = without_scans(names, classes)
            self.choice.addItem(f"the model {pack.card.name}", str(pack.folder))
        self.choice.addItem("ImageNet weights, from the internet", _IMAGENET)
        self.choice.addItem("ImageNet weights, from a file", _FILE)
        self.choice.addItem("nothing (needs many thousands of scans)", _NOTHING)
        self.consent.setText(
            f"I agree to download {network.download_bytes / 1e6:.0f} MB when the training starts"
        )
        if before is None:
            # Starting from a model is the quickest way, so the models are offered first.
            is_file = os.path.isfile(weights)  # noqa: PTH113  (Path's raises without permission)
            undecided = weights == _IMAGENET and not agreed
            entry = _FILE if is_file else "" if undecided else weights
            before = _Start(entry, weights if is_file else "", consent=agreed)
        self._path = before.file
        self.consent.setChecked(before.consent)
        self.choice.setCurrentIndex(max(0, self.choice.findData(before.entry)))
        self._offer()

    def forget(self) -> None:
        """Forget all remembered choices: the user is preparing another training."""
        self._network = ""
        self._remembered = {}

    def weights(self) -> str:
        """Return the choice as a training request names it; "" while it is incomplete."""
        chosen = self.choice.currentData()
        if chosen == _FILE:
            return self._path
        if chosen == _IMAGENET and not self.consent.isChecked():
            return ""
        return str(chosen or "")

    def _remember(self) -> None:
        if self._network:
            chosen = str(self.choice.currentData())
            self._remembered[self._network] = _Start(chosen, self._path, self.consent.isChecked())

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
            _IMAGENET: "They come from Google's Keras server; none of your data is sent. Without a "
            "connection, ask somebody to download the file, and choose “from a file” above.",
            _FILE: "The file that Keras offers for this network; its name ends in “notop.h5” or "
            "“no_top.h5”.",
            _NOTHING: "The network learns from your scans alone.",
        }
        self.note.setText(
            notes.get(
                chosen,
                "Training continues from what this model has learned: the quickest way. Scans that it "
                "was trained on, as far as it records them, are kept out of validation and test. "
                + self._without_scans.get(str(chosen), ""),
            ).strip()
        )
        self.changed.emit()
