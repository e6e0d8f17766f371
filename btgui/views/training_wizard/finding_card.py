"""The card of one finding: what was found, what it means, the choices, and pictures."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from btgui.views.thumbnail_loader import ThumbnailLoader
from btgui.views.training_wizard.finding import Choice, Finding
from btgui.views.training_wizard.pair_strip import PairStrip
from btgui.views.widgets.labels import paragraph

_LISTED_FILES = 500
_LIST_LINES = 5


class FindingCard(QFrame):
    """A card whose edge shows how serious the finding is.

    Signals
    -------
    chosen(Choice)
        The user selected this choice.
    """

    chosen = Signal(object)

    def __init__(
        self,
        finding: Finding,
        chosen: Choice | None,
        loader: ThumbnailLoader,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.finding = finding
        self.choices: list[QRadioButton] = []
        self.more: QPushButton | None = None
        self.explanation: QLabel | None = None
        self.pairs: PairStrip | None = None
        self.files: QPlainTextEdit | None = None
        self.setProperty("finding", finding.level)
        self.setAccessibleName(finding.title)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(16, 10, 16, 12)
        self._layout.setSpacing(6)
        title = paragraph(finding.title)
        font = title.font()
        font.setBold(True)
        title.setFont(font)
        self._layout.addWidget(title)
        self._layout.addWidget(paragraph(finding.what))
        self._layout.addWidget(paragraph(finding.meaning, "quiet"))
        self._add_choices(chosen)
        if finding.pairs:
            self.pairs = PairStrip(finding.pairs, finding.pair_count, loader)
            self._layout.addWidget(self.pairs)
        if finding.problems:
            self._add_files()
        if finding.more:
            self._add_more()

    def _add_choices(self, chosen: Choice | None) -> None:
        for choice in self.finding.choices:
            button = QRadioButton(choice.text)
            button.setChecked(choice is chosen)
            # toggled, not clicked: the arrow keys select a button, too.
            button.toggled.connect(partial(self._toggled, choice))
            self.choices.append(button)
            self._layout.addWidget(button)

    def _toggled(self, choice: Choice, on: bool) -> None:  # noqa: FBT001  (Qt's signal)
        if on:
            self.chosen.emit(choice)

    def _add_files(self) -> None:
        listed = list(self.finding.problems[:_LISTED_FILES])
        if len(self.finding.problems) > _LISTED_FILES:
            listed.append(f"… and {len(self.finding.problems) - _LISTED_FILES:,} more")
        self.files = QPlainTextEdit("\n".join(listed))
        self.files.setReadOnly(True)
        self.files.setTabChangesFocus(True)
        self.files.setAccessibleName(self.finding.title)
        lines = min(len(listed), _LIST_LINES) + 1
        self.files.setFixedHeight(self.files.fontMetrics().lineSpacing() * lines + 12)
        self._layout.addWidget(self.files)

    def _add_more(self) -> None:
        self.more = QPushButton("More about this")
        self.more.setCheckable(True)
        self.explanation = paragraph(self.finding.more)
        self.explanation.hide()
        self.more.toggled.connect(self.explanation.setVisible)
        self._layout.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        self._layout.addWidget(self.explanation)
