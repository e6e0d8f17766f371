"""The wizard's first page: the choice of a data set, and how it was understood."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from btgui.engine.datasets.listing import Listing, better_place, list_dataset
from btgui.engine.disk.folders import folder_name
from btgui.engine.errors import DatasetError
from btgui.engine.one_line import one_line
from btgui.views.dialogs.file_dialogs import ask_for_folder, ask_for_table
from btgui.views.thumbnail_loader import ThumbnailLoader
from btgui.views.training_wizard.class_table import ClassTable
from btgui.views.training_wizard.data_help import DataHelp
from btgui.views.training_wizard.data_words import (
    healthy_in_words,
    named_like_patients,
    probably_meant,
    same_name,
    split_in_words,
    summary,
    unused_in_words,
)
from btgui.views.training_wizard.draft import Draft
from btgui.views.training_wizard.page import Page
from btgui.views.widgets.dropped_files import FileDrops
from btgui.views.widgets.elided_label import ElidedLabel
from btgui.views.widgets.labels import paragraph, say_or_hide
from btgui.workers.background import Background


@dataclass(frozen=True)
class _Listed:
    """A data set's listing, what is wrong with it, and the folder that was probably meant.

    ``is_new_choice`` tells whether the user has chosen the data set since the draft was written.
    """

    listing: Listing | None = None
    remark: str = ""
    better: Path | None = None
    is_new_choice: bool = False


class DataPage(Page):
    """Lists a chosen or dropped folder or table, and shows its classes and parts."""

    title = "Data"
    hint = "Choose the scans to train the network on."

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._draft = Draft()
        self._found = _Listed()
        self._display_names: dict[str, str] = {}
        self._background = Background(self)
        self._loader = ThumbnailLoader(self)
        self.choose_folder = QPushButton("Choose a &folder …")
        self.choose_table = QPushButton("Choose a &table …")
        self.place = ElidedLabel(Qt.TextElideMode.ElideMiddle)  # a folder's name may be long
        self.message = paragraph(role="warning")
        self.better = QPushButton()
        self.help = DataHelp()
        self.classes = ClassTable(self._loader)
        self.healthy = paragraph()
        self.split = paragraph()
        self.unused = paragraph(role="quiet")
        self._parts = QStackedWidget()
        self._lay_out()
        self._background.succeeded.connect(self._show_listed)
        self._background.failed.connect(lambda why: self._show_listed(_Listed(remark=why)))
        self.choose_folder.clicked.connect(self._ask_for_folder)
        self.choose_table.clicked.connect(self._ask_for_table)
        self.better.clicked.connect(self._choose_better)
        self.classes.names_changed.connect(self._show_remarks)

    def enter(self, draft: Draft) -> None:
        """Show the draft's data set; a draft without one is offered the data set shown before."""
        self._draft = draft
        self._display_names = dict(draft.display_names)
        listing = self._found.listing
        if draft.place is None:
            return
        if listing is None or draft.place != listing.place:
            # Leaving before the list is read must not write another draft's data set.
            self._found = _Listed()
            self._show_listing()
            self._list(draft.place)
            return
        if self._display_names != self.classes.display_names():
            # Another draft's names for the same scans.
            self.classes.show_listing(listing, self._display_names)
        self._show_listing()  # the shares may have changed

    def leave(self, draft: Draft) -> None:
        """Write the data set to the draft; a changed one discards the audit of the old one."""
        if self.busy():
            self._background.cancel()
            self._show_listing()
        listing = self._found.listing
        if listing is None:
            return
        listed = listing.place, listing.scans
        if self._found.is_new_choice or listed != (draft.place, draft.scans):
            draft.audit = {}
            draft.left_out, draft.has_choices = set(), False
        self._found = replace(self._found, is_new_choice=False)
        draft.place, draft.scans = listed
        draft.display_names = self.classes.display_names()

    def is_complete(self) -> bool:
        """Whether there are scans to train on, and no two classes are shown under one name."""
        scans = self._found.listing.scans if self._found.listing else []
        can_teach = any(scan.split != "test" for scan in scans)
        return can_teach and not self.busy() and not self.classes.repeated_names()

    def busy(self) -> bool:
        """Whether a data set is being listed."""
        return self._background.is_busy()

    def close_down(self) -> None:
        """End the threads."""
        self._background.close()
        self._loader.close()

    def choose(self, place: Path) -> None:
        """List a folder or a table as the new data set."""
        if self._found.listing is not None:
            self._display_names |= self.classes.display_names()
        self._list(place, is_new_choice=True)

    def _lay_out(self) -> None:
        drops = FileDrops(self, "Drop to choose these scans", only_one=True)
        drops.dropped.connect(lambda paths: self.choose(paths[0]))
        self.choose_folder.setToolTip("A folder with one subfolder for each class.")
        self.choose_table.setToolTip("A CSV file with the columns path and label.")
        top = QHBoxLayout()
        for widget in (self.choose_folder, self.choose_table):
            top.addWidget(widget)
        top.addWidget(self.place, 1)
        self.message.hide()
        card = QFrame()
        card.setProperty("card", True)
        shown = QVBoxLayout(card)
        shown.setContentsMargins(16, 12, 8, 12)
        shown.addWidget(self.classes)
        overview = QWidget()
        below = QVBoxLayout(overview)
        below.setContentsMargins(0, 0, 0, 0)
        below.addWidget(card, 1)
        below.addWidget(self.healthy)
        below.addWidget(self.split)
        below.addWidget(self.unused)
        self._parts.addWidget(self.help)
        self._parts.addWidget(overview)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.addLayout(top)
        said = QHBoxLayout()
        said.addWidget(self.message, 1)
        said.addWidget(self.better)
        self.better.hide()
        layout.addLayout(said)
        layout.addWidget(self._parts, 1)

    def _ask_for_folder(self) -> None:
        for folder in ask_for_folder(self):
            self.choose(folder)

    def _ask_for_table(self) -> None:
        if table := ask_for_table(self):
            self.choose(table)

    def _list(self, place: Path, *, is_new_choice: bool = False) -> None:
        def work(stopped: Callable[[], bool]) -> _Listed:
            return replace(_look(place, stopped), is_new_choice=is_new_choice)

        self.place.setText(f"Reading the list of scans in {folder_name(place)} …")
        self.message.hide()
        self.better.hide()
        self._background.start(work)
        self.complete_changed.emit()

    def _show_listed(self, listed: _Listed) -> None:
        self._found = listed
        if listed.listing is not None:
            self.classes.show_listing(listed.listing, self._display_names)
        if listed.better is not None:
            name = one_line(folder_name(listed.better))
            self.better.setText(f"Use {name} instead".replace("&", "&&"))
        self._show_listing()

    def _show_listing(self) -> None:
        listing = self._found.listing
        if listing is None:
            self.place.clear()
        else:
            self.place.setText(f"{folder_name(listing.place)}: {summary(listing)}")
            shares = self._draft.test_fraction, self._draft.validation_fraction
            self.split.setText(split_in_words(listing, *shares))
            say_or_hide(self.unused, "\n".join(unused_in_words(one) for one in listing.unused))
        self._parts.setCurrentIndex(0 if listing is None else 1)
        self._show_remarks()

    def _choose_better(self) -> None:
        if self._found.better is not None:
            self.choose(self._found.better)

    def _show_remarks(self) -> None:
        repeated = self.classes.repeated_names() if self._found.listing else []
        say_or_hide(self.message, same_name(repeated[0]) if repeated else self._found.remark)
        say_or_hide(self.healthy, healthy_in_words(self.classes.display_names()))
        self.better.setVisible(self._found.better is not None)
        self.complete_changed.emit()


def _look(place: Path, stopped: Callable[[], bool]) -> _Listed:
    try:
        listing = list_dataset(place, stopped)
    except DatasetError as error:
        return _Listed(None, str(error), better_place(place))
    better = better_place(place)
    remark = probably_meant(place, better) if better else named_like_patients(listing)
    return _Listed(listing, remark, better)
