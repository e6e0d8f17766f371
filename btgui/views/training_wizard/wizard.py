"""The wizard's window: the list of steps, the current page, and the buttons Back and Next."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from btgui.views.theme import ACCENT, QUIET_TEXT, TEXT
from btgui.views.training_wizard.draft import Draft
from btgui.views.training_wizard.page import Page
from btgui.views.training_wizard.run_draft import why_anew
from btgui.views.widgets.labels import paragraph, say_or_hide
from btgui.views.widgets.large_text import enlarge
from btgui.views.window_state import open_at

_SIZE = (1120, 720)
_LEAST_WIDTH, _LEAST_HEIGHT = 702, 430  # of the page; with the steps and margins 880 x 452
_TITLE = 1.5  # times the size of ordinary text


class TrainingWizard(QDialog):
    """Shows one page at a time; closing it keeps all choices, and a training continues.

    Closing leaves the current page, which may stop its work; opening the wizard again enters it.

    Not a QWizard: it can open at any page, also with another draft, and can disable Back.

    Parameters
    ----------
    pages
        The pages in order; the wizard takes ownership of them.
    """

    def __init__(self, pages: Sequence[Page], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Train a model")
        self.pages = list(pages)
        self.draft = Draft()
        self._is_left = False  # whether the current page was left by closing the wizard
        self.steps = QLabel()
        self.title = QLabel()
        self.hint = paragraph(role="quiet")
        self.notice = paragraph(role="warning")
        self.stack = QStackedWidget()
        self.back = QPushButton("Back")
        self.next = QPushButton("Next")
        self.shut = QPushButton("Close")
        self._lay_out()
        for page in self.pages:
            self.stack.addWidget(page)
            page.complete_changed.connect(self._offer)
        self.back.clicked.connect(self._go_back)
        self.next.clicked.connect(lambda: self.go_to(self.current_index + 1))
        self.shut.clicked.connect(self.close)
        self._show(0)

    @property
    def current_index(self) -> int:
        """The index of the current page, from 0."""
        return self.stack.currentIndex()

    @property
    def current_page(self) -> Page:
        """The current page."""
        return self.pages[self.current_index]

    def go_to(self, index: int) -> None:
        """Leave the current page for another; the choices are kept."""
        if not 0 <= index < len(self.pages) or index == self.current_index:
            return
        self.current_page.leave(self.draft)
        self._show(index)

    def start_anew(self, why: str = "") -> None:
        """Begin another training on the first page; ``why`` explains it if the user did not ask."""
        self.take_over(Draft(), 0)
        say_or_hide(self.notice, why)

    def take_over(self, draft: Draft, index: int) -> None:
        """Replace the draft, and show the page with this index."""
        self.current_page.leave(self.draft)
        self.draft = draft
        self._show(index)

    def show_again(self) -> None:
        """Show the current page again: its draft has changed, or its work was stopped."""
        self._is_left = False
        self.current_page.enter(self.draft)
        self._offer()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802  (Qt's name)
        """Resume the work of the current page that closing has stopped."""
        super().showEvent(event)
        if self._is_left:
            self.show_again()

    def done(self, result: int) -> None:
        """Keep the choices however the wizard is closed: Esc, Close, or the title bar."""
        self.current_page.leave(self.draft)
        self._is_left = True
        super().done(result)

    def _go_back(self) -> None:
        index = self.current_index - 1
        if self.draft.unshown and not self.pages[index].shows_run:
            self.start_anew(why_anew(self.draft))
        else:
            self.go_to(index)

    def _show(self, index: int) -> None:
        self._is_left = False
        say_or_hide(self.notice, "")
        self.stack.setCurrentIndex(index)
        page = self.pages[index]
        self.title.setText(page.title)
        page.enter(self.draft)
        self._offer()
        page.setFocus(Qt.FocusReason.OtherFocusReason)

    def _offer(self) -> None:
        page, index = self.current_page, self.current_index
        self.hint.setText(page.hint)
        self.back.setVisible(index > 0)
        waits = index > 0 and self.draft.waits_for_scans and not self.pages[index - 1].shows_run
        self.back.setEnabled((page.lets_one_back or not page.busy()) and not waits)
        self.back.setToolTip("The list of this training's scans is being read." if waits else "")
        self.next.setVisible(index < len(self.pages) - 1)
        self.next.setEnabled(page.is_complete() and not page.busy())
        self.steps.setText(
            "<br><br>".join(
                _step(number, one.title, number - index) for number, one in enumerate(self.pages)
            )
        )
        place = f"Step {index + 1} of {len(self.pages)}: {page.title}"
        self.steps.setAccessibleName(place)
        page.setAccessibleName(place)  # the page gets the focus, which screen readers announce
        page.setAccessibleDescription(page.hint)

    def _lay_out(self) -> None:
        open_at(self, *_SIZE)
        self.steps.setTextFormat(Qt.TextFormat.RichText)
        self.steps.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.steps.setMinimumWidth(150)
        self.steps.setContentsMargins(12, 14, 0, 0)
        enlarge(self.title, _TITLE)
        self.next.setDefault(True)
        buttons = QHBoxLayout()
        buttons.addWidget(self.shut)
        buttons.addStretch(1)
        buttons.addWidget(self.back)
        buttons.addWidget(self.next)
        column = QVBoxLayout()
        for widget in (self.title, self.hint, self.notice):
            column.addWidget(widget)
        column.addWidget(self.stack, 1)
        column.addLayout(buttons)
        layout = QHBoxLayout(self)
        layout.addWidget(self.steps)
        layout.addLayout(column, 1)
        # A minimum size that still grows with larger text.
        layout.addStrut(_LEAST_HEIGHT)
        column.addStrut(_LEAST_WIDTH)


def _step(number: int, title: str, distance: int) -> str:
    colour = (ACCENT if distance == 0 else TEXT if distance < 0 else QUIET_TEXT).name()
    text = f"{number + 1}. {escape(title)}"
    return f"<span style='color:{colour}'>{f'<b>{text}</b>' if distance == 0 else text}</span>"
