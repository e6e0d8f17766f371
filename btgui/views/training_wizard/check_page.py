"""The wizard's second page: audits the data set and offers choices for the findings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from btgui.engine.datasets.listing import why_none_can_be_read
from btgui.engine.errors import DatasetError
from btgui.views.thumbnail_loader import ThumbnailLoader
from btgui.views.training_wizard.audit_findings import (
    choose_safely,
    findings_of,
    nothing_readable,
    obstacle,
)
from btgui.views.training_wizard.draft import Draft
from btgui.views.training_wizard.finding import Choice, Finding
from btgui.views.training_wizard.finding_card import FindingCard
from btgui.views.training_wizard.page import Page
from btgui.views.web_page_saver import WebPageSaver
from btgui.views.widgets.command_panel import CommandPanel
from btgui.views.widgets.labels import paragraph
from btgui.workers.background import Background
from btgui.workers.training_process import Ending

_PHASES = {
    "reading": "Reading scans",
    "comparing": "Comparing all scans with one another",
    "measuring": "Looking for shortcuts that give a class away",
}
_PAGE = "audit.html"


class CheckPage(Page):
    """Runs the audit and shows a card for each finding."""

    title = "Check"
    hint = "Copies, contradictory labels and other flaws that make a result look better than it is."
    lets_one_back = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._draft = Draft()
        self._asking_why = Background(self)
        self._loader = ThumbnailLoader(self)
        self.panel = CommandPanel(
            _PHASES, "The check was stopped. Training cannot begin without it."
        )
        self.summary = paragraph()
        self.report = WebPageSaver()
        self.cards: list[FindingCard] = []
        self.obstacle: FindingCard | None = None
        self._parts = QStackedWidget()
        self._scroll = QScrollArea()
        self._scroll.setAccessibleName("Findings")
        self._lay_out()
        self.panel.command.answered.connect(self._read)
        self.panel.command.broke_off.connect(self._not_read)
        self._asking_why.succeeded.connect(self._stop_for_good)
        self.panel.again_requested.connect(self._start)

    def enter(self, draft: Draft) -> None:
        """Show the findings of an earlier check of this draft, or start the check."""
        self._draft = draft
        if draft.audit:
            self._show_findings()
        else:
            self._start()

    def leave(self, draft: Draft) -> None:
        """Cancel a running check; the choices are in the draft already."""
        del draft
        self._asking_why.cancel()
        self.panel.cancel()

    def is_complete(self) -> bool:
        """Whether the check is done and the data set can be trained on."""
        return bool(self._draft.audit) and not self.busy() and self.obstacle is None

    def busy(self) -> bool:
        """Whether the check is running."""
        return self.panel.command.is_busy()

    def close_down(self) -> None:
        """End the audit and the threads."""
        self.panel.command.close()
        self._asking_why.close()
        self._loader.close()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.summary, 1)
        top.addWidget(self.report)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setAccessibleName("Findings")
        found = QWidget()
        layout = QVBoxLayout(found)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(top)
        layout.addWidget(self._scroll, 1)
        self._parts.addWidget(self.panel)
        self._parts.addWidget(found)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 8, 0, 0)
        whole.addWidget(self._parts)

    def _start(self) -> None:
        self._asking_why.cancel()
        self._parts.setCurrentIndex(0)
        place = str(self._draft.place)
        self.panel.start(
            lambda folder: ["audit", place, "--report", str(folder / _PAGE)], _audit_in
        )
        self.complete_changed.emit()

    def _read(self, audit: dict[str, Any]) -> None:
        self._draft.audit = audit
        if not self._draft.has_choices:
            choose_safely(self._draft)
        self._show_findings()

    def _not_read(self, ending: Ending) -> None:
        if ending.how == "failed" and (place := self._draft.place):
            scans = self._draft.scans
            self._asking_why.start(lambda stopped: why_none_can_be_read(place, scans, stopped))
        self.complete_changed.emit()

    def _stop_for_good(self, reasons: list[str]) -> None:
        """Show why there is nothing to train on.

        Without ``reasons`` some scan can be read, and the message of the failed check stays.
        """
        if reasons:
            self._show_cards([])
            self._put_first(nothing_readable(reasons))
            self.summary.setText(f"{len(reasons):,} files were checked. None can be read.")
            self.report.hide()
            self._parts.setCurrentIndex(1)

    def _show_findings(self) -> None:
        findings = findings_of(self._draft)
        self._show_cards(findings)
        self._put_first(obstacle(self._draft))
        self.summary.setText(_summary(self._draft, findings))
        folder = self.panel.command.folder
        self.report.setVisible(folder is not None)
        if folder is not None:
            self.report.offer(folder / _PAGE, f"Check of {self._draft.place_name}")
        self._parts.setCurrentIndex(1)
        self.complete_changed.emit()

    def _show_cards(self, findings: list[Finding]) -> None:
        self._loader.forget()
        self.cards = [self._card(finding) for finding in findings]
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, 0, 8, 0)
        self._column.setSpacing(10)
        for card in self.cards:
            self._column.addWidget(card)
        self._column.addStretch(1)
        self._scroll.setWidget(inner)
        self.obstacle = None

    def _card(self, finding: Finding) -> FindingCard:
        chosen = next((one for one in finding.choices if one.is_chosen(self._draft)), None)
        card = FindingCard(finding, chosen, self._loader)
        card.chosen.connect(self._choose)
        return card

    def _choose(self, choice: Choice) -> None:
        choice.apply(self._draft)
        self._put_first(obstacle(self._draft))
        self.complete_changed.emit()

    def _put_first(self, reason: Finding | None) -> None:
        """Show the finding that prevents training above all others; with None, remove it."""
        if self.obstacle is not None:
            self.obstacle.deleteLater()
        self.obstacle = self._card(reason) if reason else None
        if self.obstacle is not None:
            self._column.insertWidget(0, self.obstacle)


def _summary(draft: Draft, findings: list[Finding]) -> str:
    count = sum(sum(by_class.values()) for by_class in draft.audit["counts"].values())
    if not findings:
        return f"{count:,} scans were checked. Nothing suspicious was found."
    things = "One thing" if len(findings) == 1 else f"{len(findings)} things"
    return f"{count:,} scans were checked. {things} to know before training:"


def _audit_in(file: Path) -> dict[str, Any]:
    try:
        audit: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DatasetError(
            f"The result of the check cannot be read ({error}). Try again."
        ) from error
    return audit
