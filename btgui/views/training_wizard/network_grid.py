"""The six networks to choose from, with the expected training time of each."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from btgui.engine.models.published_networks import PUBLISHED
from btgui.views.training_wizard.network_card import NetworkCard
from btgui.views.widgets.labels import paragraph

_WIDE, _NARROW = 3, 2


class NetworkGrid(QWidget):
    """Cards, the smallest network first, in three columns, or fewer where there is less room.

    Signals
    -------
    chosen()
        Another network was chosen.
    """

    chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        by_size = sorted(PUBLISHED, key=lambda one: one.parameters)
        self.cards = {one.architecture: NetworkCard(one) for one in by_size}
        self.measure = QPushButton()
        self.note = paragraph(role="quiet")
        self._group = QButtonGroup(self)
        self._grid = QGridLayout()
        self._columns = 0
        self._lay_out()
        for card in self.cards.values():
            self._group.addButton(card.choice)
        self._group.buttonToggled.connect(lambda _button, on: self.chosen.emit() if on else None)

    def architecture(self) -> str:
        """Return the chosen network as a training request names it."""
        return next(name for name, card in self.cards.items() if card.choice.isChecked())

    def choose(self, architecture: str) -> None:
        """Choose a network; emits :attr:`chosen` even if it is chosen already."""
        choice = self.cards[architecture].choice
        if choice.isChecked():
            self.chosen.emit()
        else:
            choice.setChecked(True)

    def show_times(self, times: Mapping[str, str], note: str, *, measuring: bool) -> None:
        """Show each network's expected time ("" where unknown), a note, and whether it measures."""
        for name, card in self.cards.items():
            card.show_time(times[name])
        self.measure.setText("Stop measuring" if measuring else "Measure all training times")
        self.note.setText(note)

    def fit_to(self, width: int) -> None:
        """Use as many columns as fit into ``width`` pixels."""
        widest = max(card.minimumSizeHint().width() for card in self.cards.values())
        gaps = (_WIDE - 1) * self._grid.horizontalSpacing()
        wanted = (count for count in (_WIDE, _NARROW) if count * widest + gaps <= width)
        columns = next(wanted, 1)  # with large letters
        if columns == self._columns:
            return
        self._columns = columns
        for index, card in enumerate(self.cards.values()):
            self._grid.addWidget(card, index // columns, index % columns)
        for column in range(_WIDE):
            self._grid.setColumnStretch(column, int(column < columns))

    def _lay_out(self) -> None:
        self.measure.setToolTip(
            "Run some steps of each network on this computer, the smallest first: seconds for a "
            "small network, minutes for the largest. You can use this page meanwhile; leaving "
            "it stops the measurement and keeps the times measured so far."
        )
        self._grid.setHorizontalSpacing(6)
        row = QHBoxLayout()
        row.addWidget(self.measure)
        row.addWidget(self.note, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(self._grid)
        layout.addLayout(row)
        self.fit_to(0)
