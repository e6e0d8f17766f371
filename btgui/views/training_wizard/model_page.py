"""Model and settings: the network, its starting weights, and the values of the training."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFormLayout, QFrame, QScrollArea, QVBoxLayout, QWidget

from btgui.engine.counting import some_of
from btgui.engine.datasets.dataset import classes_of
from btgui.engine.datasets.shares import ScanShares, scan_shares
from btgui.engine.errors import ModelPackError
from btgui.engine.models.library import ModelLibrary
from btgui.engine.models.pack import ModelPack
from btgui.engine.models.published_networks import published
from btgui.engine.training_runs.runs import taken_names
from btgui.engine.training_runs.start import preprocessing_of_start
from btgui.views.training_wizard.draft import Draft
from btgui.views.training_wizard.model_name import ModelName
from btgui.views.training_wizard.network_grid import NetworkGrid
from btgui.views.training_wizard.page import Page
from btgui.views.training_wizard.settings_panel import SettingsPanel
from btgui.views.training_wizard.start_choice import StartChoice
from btgui.views.training_wizard.training_time import Amount, TrainingTime
from btgui.views.widgets.labels import paragraph, say_or_hide
from btgui.workers.background import Background

_MARGIN = 6  # beside the scroll bar


class ModelPage(Page):
    """Shows six networks as cards, two presets, and every value for those who want it."""

    title = "Model"
    hint = "The small MobileNetV2 is quick without a graphics card; the others are slower there."

    def __init__(self, library: ModelLibrary, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._draft = Draft()
        self._classes: tuple[str, ...] = ()
        self._fractions: tuple[float, float] | None = None  # those that the scans are divided by
        self._shares: ScanShares | None = None  # None while the scans are being divided
        self._dividing = Background(self)
        self.networks = NetworkGrid()
        self.name = ModelName()
        self.start = StartChoice()
        self.otherwise = paragraph(role="quiet")
        self.settings = SettingsPanel()
        self.time = TrainingTime(self)
        self._scroll = QScrollArea()
        self._scroll.setAccessibleName("Choices")
        self._lay_out()
        self.networks.chosen.connect(self._network_chosen)
        self.networks.measure.clicked.connect(self._measure_or_stop)
        self._dividing.succeeded.connect(self._divided)
        self.settings.changed.connect(self._show_times)
        self.start.changed.connect(self.complete_changed)
        self.name.changed.connect(self.complete_changed)
        self.time.changed.connect(self._show_times)

    def enter(self, draft: Draft) -> None:
        """Show the draft's choices."""
        if draft is not self._draft:
            self.start.forget()
        self._draft, self._fractions = draft, None
        self._classes = classes_of(draft.scans)
        taken = taken_names(self._library, but=draft.run_folder)
        self.name.show_name(draft.name, taken, typed=draft.name_is_typed)
        self.settings.show_draft(draft)
        self.networks.choose(draft.architecture)
        self._show_times()

    def leave(self, draft: Draft) -> None:
        """Write the choices to the draft, and stop measuring and dividing."""
        self.time.stop()
        self._dividing.cancel()
        draft.name, draft.name_is_typed = self.name.text(), self.name.is_typed()
        draft.architecture = self.networks.architecture()
        draft.weights = self.start.weights() or "imagenet"
        # Fails where the model was deleted meanwhile; the training page then reports that.
        with suppress(ModelPackError):
            draft.preprocessing = preprocessing_of_start(draft.weights)
        self.settings.write(draft)

    def is_complete(self) -> bool:
        """Whether the model has a unique name and a start was chosen."""
        return self.name.will_do() and bool(self.start.weights())

    def close_down(self) -> None:
        """Stop measuring, and wait until its process and the thread have ended."""
        self.time.close()
        self._dividing.close()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  (Qt's name)
        """Use fewer columns where there is less room."""
        super().resizeEvent(event)
        bar = self._scroll.verticalScrollBar().sizeHint().width()
        width = self.width() - bar - _MARGIN
        self.networks.fit_to(width)
        self.settings.form.fit_to(width)

    def _network_chosen(self) -> None:
        network = published(self.networks.architecture())
        classes = set(self._classes)
        alike = [pack for pack in self._library.models() if pack.card.architecture == network.name]
        knowing = [pack for pack in alike if classes <= set(pack.card.classes)]
        # A model that may have seen copies of the test scans would make the figures too good.
        fitting = [
            pack for pack in knowing if self._draft.protocol in {"published", pack.card.protocol}
        ]
        say_or_hide(self.otherwise, "" if knowing or not alike else _called_otherwise(alike[0]))
        # A model of exactly these classes comes first: there are scans of all its classes.
        fitting.sort(key=lambda pack: len(pack.card.classes))
        chosen_before = network.architecture == self._draft.architecture
        weights = self._draft.weights if chosen_before else "imagenet"
        agreed = chosen_before and weights == "imagenet" and self._draft.run_folder is not None
        self.start.offer(network, fitting, weights, classes, agreed=agreed)
        if self._draft.place is not None:
            self.name.suggest(f"{network.name}, {self._draft.place_name}")
        self.settings.form.show_network(network.architecture)
        self._show_times()

    def _measure_or_stop(self) -> None:
        if self.time.is_measuring():
            self.time.stop()
        else:
            self.time.measure(self._amounts())

    def _amounts(self) -> list[Amount]:
        """Return the amount of training for each network."""
        recipe, classes = self.settings.form.recipe(), max(2, len(self._classes))
        return [Amount(name, recipe, self._shares, classes) for name in self.networks.cards]

    def _divide(self) -> None:
        """Divide the scans by the shares shown, unless that has been done."""
        validation, test = fractions = self.settings.form.shares()
        if fractions == self._fractions:
            return
        self._fractions, self._shares = fractions, None
        scans, audit = self._draft.scans, self._draft.audit
        asked = replace(self._draft.request(), validation_fraction=validation, test_fraction=test)
        self._dividing.start(lambda _stopped: scan_shares(scans, asked, audit))

    def _divided(self, shares: ScanShares) -> None:
        self._shares = shares
        self._show_times()

    def _show_times(self) -> None:
        self._divide()
        amounts = self._amounts()
        times = {amount.architecture: self.time.text(amount) for amount in amounts}
        note = self.time.note(amounts)
        self.networks.show_times(times, note, measuring=self.time.is_measuring())

    def _lay_out(self) -> None:
        rows = QFormLayout()
        rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        rows.addRow("Name", self.name)
        rows.addRow("Start from", self.start)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, _MARGIN, 0)
        column.addWidget(self.networks)
        column.addSpacing(6)
        column.addLayout(rows)
        column.addWidget(self.otherwise)
        column.addWidget(self.settings)
        column.addStretch(1)
        self._scroll.setWidget(inside)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._scroll)


def _called_otherwise(model: ModelPack) -> str:
    """Return the note that a model does not have all classes of the scans under their names."""
    return (
        f"Not all of your classes are among those of {model.card.name} "
        f"({some_of(model.card.classes)}): you can neither start from this model nor compare with it. "
        f"Give the same class the same name."
    )
