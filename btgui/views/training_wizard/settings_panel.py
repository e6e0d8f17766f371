"""The settings of the training: two presets in words, and a collapsible form of every value."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QRadioButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from btgui.engine.training_request import PRESETS
from btgui.views.training_wizard.draft import Draft
from btgui.views.training_wizard.recipe_form import RecipeForm
from btgui.views.widgets.labels import paragraph, plain_label

_PRESETS = {
    "recommended": (
        "Recommended",
        (
            "The settings that did best while btgui was developed: every scan is shown {epochs} times "
            "(epochs), each time changed at random; rare classes count for more."
        ),
    ),
    "as-published": (
        "As published",
        (
            "The values of the published work (its Table 3): {epochs} epochs, scans only rotated, "
            "shifted and mirrored."
        ),
    ),
}


class SettingsPanel(QWidget):
    """Lets the user choose a preset and change every value of it.

    Signals
    -------
    changed()
        A value was changed, or another preset chosen.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self.presets = {key: QRadioButton(name) for key, (name, _) in _PRESETS.items()}
        self.mark = plain_label("Changed", "warning")
        self.reset = QPushButton("Reset")
        self.advanced = QToolButton()
        self.form = RecipeForm()
        self._lay_out()
        for button in self.presets.values():
            self._group.addButton(button)
        self._group.buttonClicked.connect(lambda _button: self._preset_chosen())
        self.reset.clicked.connect(self._preset_chosen)
        self.form.changed.connect(self._recipe_changed)
        self.advanced.toggled.connect(self._unfold)

    def show_draft(self, draft: Draft) -> None:
        """Show the draft's choices without emitting :attr:`changed`."""
        self.form.show_recipe(draft.recipe)
        splits = {scan.split for scan in draft.scans}
        self.form.show_shares(draft.validation_fraction, draft.test_fraction, named=splits)
        self.presets[draft.preset].setChecked(True)
        self._mark_changes()

    def write(self, draft: Draft) -> None:
        """Write the choices into a draft."""
        draft.preset, draft.recipe = self.preset(), self.form.recipe()
        draft.validation_fraction, draft.test_fraction = self.form.shares()

    def preset(self) -> str:
        """Return the chosen preset's name."""
        return next(name for name, button in self.presets.items() if button.isChecked())

    def _preset_chosen(self) -> None:
        self.form.show_recipe(PRESETS[self.preset()])
        self._recipe_changed()

    def _recipe_changed(self) -> None:
        self._mark_changes()
        self.changed.emit()

    def _mark_changes(self) -> None:
        changed = self.form.recipe() != PRESETS[self.preset()]
        self.mark.setVisible(changed)
        self.reset.setVisible(changed)

    def _unfold(self, on: bool) -> None:  # noqa: FBT001  (Qt's signal)
        self.advanced.setArrowType(Qt.ArrowType.DownArrow if on else Qt.ArrowType.RightArrow)
        self.form.setVisible(on)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(plain_label("Settings", "heading"))
        for key, button in self.presets.items():
            text = paragraph(_PRESETS[key][1].format(epochs=PRESETS[key].epochs), "quiet")
            row = QHBoxLayout()
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(text, 1)
            layout.addLayout(row)
        widest = max(button.sizeHint().width() for button in self.presets.values())
        for button in self.presets.values():
            button.setMinimumWidth(widest)
        self.advanced.setText("All settings")
        self.advanced.setCheckable(True)
        self.advanced.setAutoRaise(True)
        self.advanced.setProperty("fold", True)
        self.advanced.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        row = QHBoxLayout()
        row.addWidget(self.advanced)
        row.addWidget(self.mark)
        row.addWidget(self.reset)
        row.addStretch(1)
        layout.addLayout(row)
        layout.addWidget(self.form)
        self._unfold(on=False)
