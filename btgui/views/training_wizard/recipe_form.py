"""The form for the values of a recipe, each with an explanation."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QDoubleSpinBox,
    QGridLayout,
    QLabel,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from btgui.engine.training_request import Recipe
from btgui.views.training_wizard.recipe_fields import FIELDS, SHARES, Field, Number
from btgui.views.widgets.decimal_box import DecimalBox
from btgui.views.widgets.labels import paragraph
from btgui.views.widgets.wheel_guard import guard_wheel

_EXPLANATION_WIDTH = 200
_INPUT_SIDE, _OTHER_SIDES = 200, {"nasnetlarge": 331}  # pixels, as the networks were published
_NAMED = "The data set itself defines which scans these are."


class RecipeForm(QWidget):
    """A form with every value; typed numbers are kept within their ranges.

    Signals
    -------
    changed()
        The user changed a value.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._recipe = Recipe()
        self._network = ""
        self._columns = 0
        self.fixed = paragraph()
        fields = (*FIELDS, *SHARES)
        self.boxes = {field.name: _box(field) for field in fields}
        self._explanations = {field.name: _explanation(field) for field in fields}
        self._rows = [
            (_name(field, self.boxes[field.name]), self.boxes[field.name], explanation)
            for field, explanation in zip(fields, self._explanations.values(), strict=True)
        ]
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.addWidget(self.fixed)
        layout.addLayout(self._grid)
        for box in self.boxes.values():
            signal = box.toggled if isinstance(box, QCheckBox) else box.valueChanged
            signal.connect(lambda _value: self._tell())
        self.fit_to(0)

    def show_recipe(self, recipe: Recipe) -> None:
        """Show a recipe's values without emitting :attr:`changed`."""
        self._recipe = recipe
        for field in FIELDS:
            _show(self.boxes[field.name], getattr(recipe, field.name))
        self._show_fixed()

    def show_shares(self, validation: float, test: float, *, named: Collection[str]) -> None:
        """Show the shares; ``named`` are the splits that the data set itself defines."""
        for field, value, split in zip(
            SHARES, (validation, test), ("validation", "test"), strict=True
        ):
            _show(self.boxes[field.name], value)
            self.boxes[field.name].setEnabled(split not in named)
            self._explanations[field.name].setText(_NAMED if split in named else field.explanation)

    def show_network(self, architecture: str) -> None:
        """Show the values that the network itself fixes."""
        self._network = architecture
        self._show_fixed()

    def recipe(self) -> Recipe:
        """Return the recipe with the values shown; values without a field keep theirs."""
        values: dict[str, Any] = {field.name: self._value(field) for field in FIELDS}
        return replace(self._recipe, **values)

    def shares(self) -> tuple[float, float]:
        """Return the shares of validation and test, 0 to 1."""
        validation, test = (float(self._value(field)) for field in SHARES)
        return validation, test

    def fit_to(self, width: int) -> None:
        """Arrange the values in two columns, or in one where ``width`` pixels are too few."""
        one = sum(
            max(row[place].minimumSizeHint().width() for row in self._rows) for place in (0, 1)
        )
        one += _EXPLANATION_WIDTH + 2 * self._grid.horizontalSpacing()
        columns = 2 if 2 * one + self._grid.horizontalSpacing() <= width else 1
        if columns == self._columns:
            return
        self._columns = columns
        for index, row in enumerate(self._rows):
            for offset, widget in enumerate(row):
                self._grid.addWidget(widget, index // columns, index % columns * 3 + offset)
        for column in range(2):
            self._grid.setColumnStretch(column * 3 + 2, int(column < columns))

    def _value(self, field: Field) -> float | int | bool | None:
        box = self.boxes[field.name]
        if isinstance(box, QCheckBox):
            return box.isChecked()
        absent = box.specialValueText() and box.value() == box.minimum()
        return None if absent else box.value()

    def _tell(self) -> None:
        self._show_fixed()
        self.changed.emit()

    def _show_fixed(self) -> None:
        optimizer = "AdamW" if self.boxes["weight_decay"].value() else "Adam"
        side = _OTHER_SIDES.get(self._network, _INPUT_SIDE)
        self.fixed.setText(
            f"Fixed: {optimizer}, categorical cross-entropy, {side} x {side} pixels."
        )


def _show(box: QCheckBox | QSpinBox | QDoubleSpinBox, value: Any) -> None:  # noqa: ANN401
    with QSignalBlocker(box):
        if isinstance(box, QCheckBox):
            box.setChecked(bool(value))
        else:
            box.setValue(box.minimum() if value is None else value)


def _name(field: Field, box: QWidget) -> QLabel:
    name = QLabel(field.label)
    name.setBuddy(box)
    return name


def _explanation(field: Field) -> QLabel:
    explanation = paragraph(field.explanation, "quiet")
    explanation.setMinimumWidth(_EXPLANATION_WIDTH)
    return explanation


def _box(field: Field) -> QCheckBox | QSpinBox | QDoubleSpinBox:
    box = QCheckBox() if field.number is None else _number_box(field.number)
    box.setAccessibleName(field.label)
    box.setAccessibleDescription(field.explanation)
    box.setToolTip(field.explanation)
    return box


def _number_box(number: Number) -> QSpinBox | QDoubleSpinBox:
    box = DecimalBox() if number.decimals else QSpinBox()
    if isinstance(box, DecimalBox):
        box.setDecimals(number.decimals)
        box.setStepType(QAbstractSpinBox.StepType.AdaptiveDecimalStepType)
    box.setRange(number.lowest, number.highest)
    box.setSpecialValueText(number.absent)
    guard_wheel(box)
    return box
