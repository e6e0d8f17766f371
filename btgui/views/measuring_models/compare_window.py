"""Compare on my data: two or more models on the same labelled scans."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from btgui.engine.models.library import ModelLibrary
from btgui.engine.models.pack import ModelPack
from btgui.views.comparison_view.view import ComparisonView
from btgui.views.figures_runner import FiguresRunner
from btgui.views.labelled_scans_choice import LabelledScansChoice
from btgui.views.text import plain_tip
from btgui.views.widgets.labels import paragraph
from btgui.views.widgets.layouts import stacked
from btgui.views.window_state import open_at

_SIZE = (1120, 760)
_FEWEST = 2
_LISTED = 6
_BETWEEN = 2  # pixels around each model, so that the check boxes stay apart
_NOTE = (
    "If there is a test part (a folder Testing, or rows of a table whose split is test), only that part is "
    "read, otherwise everything. Use scans that none of the models was trained on: on other scans the "
    "figures mean nothing."
)


class CompareModelsWindow(QDialog):
    """The choice of models and of labelled scans, and the resulting comparison."""

    def __init__(self, library: ModelLibrary, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Compare on my data")
        self._library = library
        self.models = QListWidget()
        self.scans = LabelledScansChoice()
        self.problem = paragraph()
        self.start = QPushButton("Compare")
        self.runner = FiguresRunner(ComparisonView())
        self.runner.hide()
        self._lay_out()
        self.models.itemChanged.connect(lambda _item: self._offer())
        self.scans.changed.connect(self._offer)
        self.start.clicked.connect(self._start)
        self.runner.changed.connect(self._offer)

    def show_models(self, chosen: Collection[str]) -> None:
        """List the models again, with those of these ids checked."""
        with QSignalBlocker(self.models):
            self.models.clear()
            for pack in self._library.models():
                item = QListWidgetItem(pack.card.name)
                item.setData(Qt.ItemDataRole.UserRole, pack)
                item.setFlags(Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEnabled)
                is_chosen = pack.card.id in chosen
                item.setCheckState(Qt.CheckState.Checked if is_chosen else Qt.CheckState.Unchecked)
                item.setToolTip(plain_tip(f"{pack.card.name} ({pack.card.id})"))
                self.models.addItem(item)
        rows = min(max(self.models.count(), _FEWEST), _LISTED)
        row_height = max(self.models.sizeHintForRow(0), self.fontMetrics().lineSpacing())
        row_height += 2 * self.models.spacing()
        self.models.setFixedHeight(rows * row_height + 2 * self.models.frameWidth() + 8)
        self._offer()

    def chosen_ids(self) -> set[str]:
        """Return the ids of the checked models."""
        return {pack.card.id for pack in self._chosen()}

    def _chosen(self) -> list[ModelPack]:
        items = [self.models.item(row) for row in range(self.models.count())]
        checked = [item for item in items if item.checkState() == Qt.CheckState.Checked]
        return [item.data(Qt.ItemDataRole.UserRole) for item in checked]

    def _start(self) -> None:
        folders = [str(pack.folder) for pack in self._chosen()]
        self.runner.show()
        self.runner.measure([*folders, "--dataset", str(self.scans.place)])

    def _offer(self) -> None:
        problem = _problem(self._chosen()) or (
            "" if self.scans.place else "Choose the scans to compare on."
        )
        self.problem.setText(problem)
        self.start.setEnabled(not problem and not self.runner.is_busy())

    def _lay_out(self) -> None:
        open_at(self, *_SIZE)
        self.models.setAccessibleName("Models to compare")
        self.models.setSpacing(_BETWEEN)
        self.start.setAutoDefault(False)
        rows = QFormLayout()
        rows.addRow("Models", self.models)
        rows.addRow("Scans", self.scans)
        note = paragraph(_NOTE, "quiet")
        begin = QHBoxLayout()
        begin.addWidget(self.problem, 1)
        begin.addWidget(self.start)
        layout = QVBoxLayout(self)
        layout.addLayout(rows)
        layout.addWidget(note)
        layout.addLayout(begin)
        layout.addWidget(stacked(self.runner), 1)  # the holder keeps its place while it is hidden


def _problem(packs: list[ModelPack]) -> str:
    """Return why these models cannot be compared, or "" if they can."""
    if len(packs) < _FEWEST:
        return "Choose two or more models."
    first = packs[0].card
    for pack in packs[1:]:
        if set(pack.card.classes) != set(first.classes):
            return (
                f"{first.name} knows {', '.join(first.display_names)}; {pack.card.name} knows "
                f"{', '.join(pack.card.display_names)}. Choose models with the same classes."
            )
    return ""
