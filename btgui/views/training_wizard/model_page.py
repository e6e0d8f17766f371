"""Model and settings: which network, from where it starts, and how it is fitted."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from btgui.engine.dataset import classes_of
from btgui.engine.model_library import ModelLibrary
from btgui.engine.published_networks import PUBLISHED, published
from btgui.engine.training_request import PRESETS
from btgui.views.training_wizard.draft import Draft
from btgui.views.training_wizard.network_card import NetworkCard
from btgui.views.training_wizard.page import Page
from btgui.views.training_wizard.recipe_form import RecipeForm
from btgui.views.training_wizard.start_choice import StartChoice
from btgui.views.training_wizard.training_time import Amount, TrainingTime

_PRESET_NAMES = {"recommended": "Recommended", "as-published": "As published"}
_COLUMNS = 3


class ModelPage(Page):
    """Six networks as cards, two presets, every value for those who want to see it."""

    title = "Model"
    hint = "The small MobileNetV2 is quick without a graphics card; the others are slower there."

    def __init__(self, library: ModelLibrary, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._draft = Draft()
        by_size = sorted(PUBLISHED, key=lambda one: one.parameters)
        self.cards = {one.architecture: NetworkCard(one) for one in by_size}
        self._networks, self._presets = QButtonGroup(self), QButtonGroup(self)
        self.name = QLineEdit()
        self.name.setMaxLength(60)
        self.start = StartChoice()
        self.presets = {key: QRadioButton(text) for key, text in _PRESET_NAMES.items()}
        self.changed = QLabel("Changed")
        self.reset = QPushButton("Reset")
        self.advanced = QPushButton("All settings")
        self.form = RecipeForm()
        self.time = TrainingTime(self)
        self.measure = QPushButton("Measure the training time")
        self.time_note = QLabel()
        self._lay_out()
        for card in self.cards.values():
            self._networks.addButton(card.choice)
        for button in self.presets.values():
            self._presets.addButton(button)
        self._networks.buttonToggled.connect(
            lambda _button, on: self._network_chosen() if on else None
        )
        self._presets.buttonClicked.connect(lambda _button: self._preset_chosen())
        self.reset.clicked.connect(self._preset_chosen)
        self.form.changed.connect(self._recipe_changed)
        self.start.changed.connect(self.complete_changed)
        self.name.textChanged.connect(lambda _text: self.complete_changed.emit())
        self.advanced.toggled.connect(self.form.setVisible)
        self.measure.clicked.connect(lambda: self.time.measure(self._amount()))
        self.measure.clicked.connect(self._show_times)
        self.time.measured.connect(self._show_times)
        self.time.failed.connect(self.time_note.setText)

    def enter(self, draft: Draft) -> None:
        """Show what was decided."""
        self._draft = draft
        if not draft.name and draft.place is not None:
            draft.name = f"{published(draft.architecture).name}, {draft.place.stem}"
        self.name.setText(draft.name)
        self.form.show_recipe(draft.recipe)
        self.presets[draft.preset].setChecked(True)
        card = self.cards[draft.architecture]
        if card.choice.isChecked():
            self._network_chosen()
        else:
            card.choice.setChecked(True)
        self._mark_changes()
        self._show_times()

    def leave(self, draft: Draft) -> None:
        """Write down what was decided, and measure no more."""
        self.time.stop()
        draft.name = self.name.text().strip()
        draft.architecture = self._architecture()
        draft.weights = self.start.weights() or "imagenet"
        draft.preset = self._preset()
        draft.recipe = self.form.recipe()

    def is_complete(self) -> bool:
        """Whether the model has a name and a start."""
        return bool(self.name.text().strip()) and bool(self.start.weights())

    def cancel(self) -> None:
        """Stop measuring."""
        self.time.stop()

    def close_down(self) -> None:
        """Stop measuring, and wait for it."""
        self.time.close()

    def _architecture(self) -> str:
        return next(name for name, card in self.cards.items() if card.choice.isChecked())

    def _preset(self) -> str:
        return next(name for name, button in self.presets.items() if button.isChecked())

    def _network_chosen(self) -> None:
        network = published(self._architecture())
        classes = set(classes_of(self._draft.scans))
        fitting = [
            pack
            for pack in self._library.models()
            if pack.card.architecture == network.name and set(pack.card.classes) == classes
        ]
        weights = self.start.weights() or self._draft.weights
        self.start.offer(network, fitting, weights)
        self._show_times()

    def _preset_chosen(self) -> None:
        self.form.show_recipe(PRESETS[self._preset()])
        self._recipe_changed()

    def _recipe_changed(self) -> None:
        self._mark_changes()
        self._show_times()

    def _mark_changes(self) -> None:
        changed = self.form.recipe() != PRESETS[self._preset()]
        self.changed.setVisible(changed)
        self.reset.setVisible(changed)

    def _amount(self, architecture: str = "") -> Amount:
        draft = self._draft
        used = [scan for scan in draft.scans if scan.path not in draft.left_out]
        rest = [scan for scan in used if scan.split != "test"]
        kept = len(rest) if len(rest) < len(used) else len(rest) * (1 - draft.test_fraction)
        choosing = round(kept * draft.validation_fraction)
        return Amount(
            architecture or self._architecture(),
            self.form.recipe(),
            round(kept) - choosing,
            choosing,
            max(2, len(classes_of(used))),
        )

    def _show_times(self) -> None:
        for name, card in self.cards.items():
            card.show_time(self.time.text(self._amount(name)))
        known = bool(self.time.text(self._amount()))
        measuring = self.time.is_measuring()
        self.measure.setEnabled(not known and not measuring)
        self.time_note.setText("Measuring some steps …" if measuring else "")

    def _lay_out(self) -> None:
        grid = QGridLayout()
        for index, card in enumerate(self.cards.values()):
            grid.addWidget(card, index // _COLUMNS, index % _COLUMNS)
        measuring = QHBoxLayout()
        measuring.addWidget(self.measure)
        measuring.addWidget(self.time_note, 1)
        presets = QHBoxLayout()
        for button, tip in zip(
            self.presets.values(),
            (
                "What validated best here; see the documentation.",
                "The published framework's own settings (its Table 3).",
            ),
            strict=True,
        ):
            button.setToolTip(tip)
            presets.addWidget(button)
        self.changed.setProperty("role", "warning")
        for widget in (self.changed, self.reset):
            presets.addWidget(widget)
        presets.addStretch(1)
        self.advanced.setCheckable(True)
        presets.addWidget(self.advanced)
        rows = QFormLayout()
        rows.addRow("Name", self.name)
        rows.addRow("Start from", self.start)
        rows.addRow("Settings", presets)
        self.form.hide()
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 6, 0)
        column.addLayout(grid)
        column.addLayout(measuring)
        column.addSpacing(6)
        column.addLayout(rows)
        column.addWidget(self.form)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(inside)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)
