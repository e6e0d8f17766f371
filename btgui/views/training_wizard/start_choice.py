"""Where training starts from: a model, ImageNet weights, or nothing."""

from __future__ import annotations

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
_FEWEST_LETTERS = 20  # of a start that are always seen


@dataclass(frozen=True)
class _Start:
    """What was chosen for one network: the list's entry, the file, and the consent."""

    entry: str
    file: str
    consent: bool


class StartChoice(QWidget):
    """Offers what fits the network and the classes; a download needs the user's consent.

    What was chosen is remembered network by network: a file of weights, and the consent to
    a download, are of one network only.

    Signals
    -------
    changed()
        Another start was chosen, a file was named, or consent was given or taken back.
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
        self._without_scans: dict[str, str] = {}  # what is said of a model, by its folder
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
        """List what one can start from, and choose what was chosen for this network before.

        Parameters
        ----------
        models
            Those of the same network that know all the classes and may be gone on from.
        weights
            As a training request names it: chosen where nothing is remembered.
        classes
            What the data set's are.
        agreed
            Whether the download was agreed to before: a run was begun with it.
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
        self.choice.addItem("nothing (needs many thousand scans)", _NOTHING)
        self.consent.setText(
            f"I agree to download {network.download_bytes / 1e6:.0f} MB when the training starts"
        )
        if before is None:
            # Going on from a model is the quickest, so it is offered first.
            is_file = Path(weights).is_file()
            undecided = weights == _IMAGENET and not agreed
            entry = _FILE if is_file else "" if undecided else weights
            before = _Start(entry, weights if is_file else "", consent=agreed)
        self._path = before.file
        self.consent.setChecked(before.consent)
        self.choice.setCurrentIndex(max(0, self.choice.findData(before.entry)))
        self._offer()

    def forget(self) -> None:
        """Remember nothing of what was chosen: another training is being made."""
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
            _IMAGENET: "They come from Google's Keras server; nothing of your data is sent. Without "
            "a connection, let somebody download the file, and choose “from a file” above.",
            _FILE: "The file that Keras offers for this network, its name ending in “notop.h5” or "
            "“no_top.h5”.",
            _NOTHING: "The network learns to see from your scans alone.",
        }
        self.note.setText(
            notes.get(
                chosen,
                "It goes on learning from what it knows already: the quickest way. Scans that trained "
                "it neither choose nor test, as far as the model records them. "
                + self._without_scans.get(str(chosen), ""),
            ).strip()
        )
        self.changed.emit()
