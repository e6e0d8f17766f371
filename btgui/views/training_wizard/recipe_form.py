"""How a network is fitted, value by value, each explained in a line."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QDoubleSpinBox,
    QGridLayout,
    QLabel,
    QSpinBox,
    QWidget,
)

from btgui.engine.training_request import Recipe


@dataclass(frozen=True)
class Field:
    """A value of the recipe: its name there, how it is shown, its range and its decimals.

    ``decimals`` is 0 for a whole number and -1 for a yes or no.
    """

    name: str
    label: str
    explanation: str
    lowest: float = 0.0
    highest: float = 1.0
    decimals: int = 2


FIELDS = (
    Field("epochs", "Epochs", "How often every scan is shown.", 1, 500, 0),
    Field("batch_size", "Batch size", "Scans a step; fewer need less memory.", 1, 256, 0),
    Field("learning_rate", "Learning rate", "How far each step goes.", 1e-6, 0.1, 6),
    Field("dropout", "Dropout", "Share of features left out at random.", 0, 0.9),
    Field("rotation_degrees", "Rotation (°)", "Scans are turned by up to so much.", 0, 180, 1),
    Field("shift_fraction", "Shift", "Scans are moved by up to this share of the side.", 0, 0.5),
    Field("flip_probability", "Mirror", "Share of scans that are mirrored."),
    Field("zoom_fraction", "Zoom", "Scans are scaled by up to this share.", 0, 0.5),
    Field("tone_probability", "Change tones", "Share whose greys are mapped at random."),
    Field("noise_probability", "Add noise", "Share of scans with noise."),
    Field("blur_probability", "Blur", "Share of scans that are blurred."),
    Field("erase_probability", "Cover a part", "Share of scans with a part covered."),
    Field("label_smoothing", "Label smoothing", "Makes the network less sure of itself.", 0, 0.5),
    Field("weight_decay", "Weight decay", "Keeps weights small.", 0, 1, 4),
    Field("warmup_epochs", "Warm-up (epochs)", "The learning rate rises at first.", 0, 50, 1),
    Field("frozen_stages", "Frozen stages", "Early stages that stay as they are.", 0, 5, 0),
    Field("head_epochs", "Head first (epochs)", "At first only the last layer learns.", 0, 50, 0),
    Field("balance", "Balance", "0: each scan alike; 1: each class and source alike.", 0, 1),
    Field("class_weights", "Weigh classes", "Rare classes count more.", decimals=-1),
    Field("cosine_decay", "Fading learning rate", "It falls to zero by the end.", decimals=-1),
)
_COLUMNS = 2
_EXPLANATION_WIDTH = 130


class RecipeForm(QWidget):
    """All values; what is typed is kept within its range.

    Signals
    -------
    changed()
        The user changed a value.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._recipe = Recipe()
        self.boxes = {field.name: _box(field) for field in FIELDS}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 4, 0, 0)
        grid.setHorizontalSpacing(12)
        for index, field in enumerate(FIELDS):
            row, column = index // _COLUMNS, index % _COLUMNS * 3
            name, explanation = QLabel(field.label), QLabel(field.explanation)
            box = self.boxes[field.name]
            name.setBuddy(box)
            box.setAccessibleName(field.label)
            box.setToolTip(field.explanation)
            explanation.setProperty("role", "quiet")
            explanation.setWordWrap(True)
            explanation.setMinimumWidth(_EXPLANATION_WIDTH)
            for offset, widget in enumerate((name, box, explanation)):
                grid.addWidget(widget, row, column + offset)
            grid.setColumnStretch(column + 2, 1)
            signal = box.toggled if isinstance(box, QCheckBox) else box.valueChanged
            signal.connect(lambda _value: self.changed.emit())

    def show_recipe(self, recipe: Recipe) -> None:
        """Show these values; tells nobody."""
        self._recipe = recipe
        for name, box in self.boxes.items():
            value = getattr(recipe, name)
            with QSignalBlocker(box):
                if isinstance(box, QCheckBox):
                    box.setChecked(bool(value))
                else:
                    box.setValue(value)

    def recipe(self) -> Recipe:
        """Return the recipe with what is shown; what has no place here stays as it was."""
        values: dict[str, Any] = {
            name: box.isChecked() if isinstance(box, QCheckBox) else box.value()
            for name, box in self.boxes.items()
        }
        return replace(self._recipe, **values)


def _box(field: Field) -> QCheckBox | QSpinBox | QDoubleSpinBox:
    if field.decimals < 0:
        return QCheckBox()
    if field.decimals == 0:
        whole = QSpinBox()
        whole.setRange(round(field.lowest), round(field.highest))
        return whole
    box = QDoubleSpinBox()
    box.setDecimals(field.decimals)
    box.setRange(field.lowest, field.highest)
    box.setSingleStep(10 ** -min(field.decimals, 2) * 5 if field.highest <= 1 else 1)
    box.setStepType(QAbstractSpinBox.StepType.AdaptiveDecimalStepType)
    return box
