"""The folder tree above the lists of series and scans in the chosen folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSplitter, QVBoxLayout, QWidget

from btgui.engine.models.card import ModelCard
from btgui.engine.studies.words import unfamiliar
from btgui.views.actions import set_tip_with_keys
from btgui.views.browser.folder_tree import FolderTree
from btgui.views.browser.recent_folders import RecentFolders
from btgui.views.browser.scan_list import ScanList
from btgui.views.series.list_progress import ListProgress
from btgui.views.series.passed_over import PassedOverLine
from btgui.views.series.series_tree import SeriesTree
from btgui.views.text import counted, plain_tip
from btgui.views.thumbnail_loader import ThumbnailLoader
from btgui.views.widgets.focus_heirs import leave_focus_to
from btgui.views.widgets.labels import paragraph
from btgui.workers.place_indexing import PlaceIndexing

if TYPE_CHECKING:
    from btgui.engine.studies.series import Index, Series


class FileBrowser(QWidget):
    """A folder tree above the series and the single scans of the chosen folder.

    Attributes
    ----------
    indexing
        Searches folders and ZIP files, and keeps the files unpacked from these.
    opens_first
        Whether the first scan of the current search or list is to be opened.
    recent
        The menu of recently opened folders.

    Signals
    -------
    scan_requested(Path)
        The user wants to see this scan.
    series_requested(Series)
        The user wants to see this series.
    folder_reading_requested(list), series_reading_requested(tuple)
        The user wants these files, or these series, read in the background.
    folder_opened(Path)
        This folder is being searched.
    files_listed(list)
        The list now shows these scans.
    content_known(Path, str)
        A listed scan that is in view has content with this SHA-256 digest.
    """

    scan_requested = Signal(object)
    series_requested = Signal(object)
    folder_reading_requested = Signal(list)
    series_reading_requested = Signal(tuple)
    folder_opened = Signal(object)
    files_listed = Signal(list)
    content_known = Signal(object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._loader = ThumbnailLoader(self)
        self._loader.thumbnail_ready.connect(self._tell_content)
        self.indexing = PlaceIndexing(self)
        self.indexing.reached.connect(self._go_to)
        self.indexing.progressed.connect(self._show_progress)
        self.indexing.indexed.connect(self._show_index)
        self.indexing.failed.connect(self._show_no_listing)
        self._found: tuple[Series, ...] = ()
        self._of_one: dict[Path, Series] = {}  # series of a single slice, also from earlier lists
        self.opens_first = False
        self._in_tree = True
        self.series = SeriesTree(self._loader)
        self.series.series_requested.connect(self.series_requested)
        self.series_progress = ListProgress()
        self.passed_over = PassedOverLine()
        self.stop = QPushButton("Stop")
        self.tree = FolderTree()
        self.list = ScanList(self._loader)
        self.heading = paragraph("No folder is open", "quiet")
        self.heading.setMinimumWidth(1)  # a path has no spaces: it must not widen the window
        self.recent = RecentFolders()
        self.read_button = QPushButton("Read all")
        self._set_up_views()
        self._lay_out()

    def show_files(
        self, paths: list[Path], *, in_tree: bool = True, opens_first: bool = False
    ) -> None:
        """List these files, and the scans in these folders and their subfolders.

        The tree goes to the first path once its drive has answered.
        """
        self._in_tree = in_tree
        self.opens_first = opens_first  # for this list only: the previous one may never have come
        self._say("Searching …")
        self.stop.show()
        self.indexing.start(paths)

    def files(self) -> list[Path]:
        """Return the listed scans in order."""
        return self.list.scans.paths()

    def found_series(self) -> tuple[Series, ...]:
        """Return the listed series, which have several slices."""
        return self._found

    def series_of_one(self, path: Path) -> Series | None:
        """Return a single scan as a series of one slice, with its header; None for pictures."""
        return self._of_one.get(path)

    def step(self, by: int) -> None:
        """Request the next (1) or previous (-1) entry of the lists: series, then single scans."""
        series, chosen = self.series.in_order(), self.series.chosen()
        place, row = -1, self.list.currentIndex().row()  # of the open entry, if it is listed
        if chosen is not None:
            place = series.index(chosen)
        elif row >= 0:
            place = len(series) + row
        place = min(max(place + by, 0), len(series) + len(self.files()) - 1)
        if place < len(series):
            self.series.ask_for(series[place])
        else:
            self.list.ask_for(place - len(series))

    def unfamiliar(self, path: Path, card: ModelCard) -> str:
        """Return why a single scan's header makes a model's verdict doubtful, "" if it does not."""
        alone = self.series_of_one(path)
        return "" if alone is None else unfamiliar(alone, card)

    def close_workers(self) -> None:
        """Stop the threads."""
        self.indexing.close()
        self._loader.close()

    def _set_up_views(self) -> None:
        self.tree.folder_chosen.connect(lambda folder: self.show_files([folder]))
        self.list.scan_requested.connect(self.scan_requested)
        set_tip_with_keys(
            self.read_button, "Read the selected scans, or all that are listed.", "read_folder"
        )
        self.read_button.setEnabled(False)
        self.read_button.clicked.connect(self.request_reading)
        self.list.selectionModel().selectionChanged.connect(self._offer_reading)
        self.stop.setToolTip("Stop searching.")
        self.stop.clicked.connect(self.cancel_listing)
        self.stop.hide()
        for button in (self.stop, self.series_progress):
            leave_focus_to(button, self.series, self.list)

    def request_reading(self) -> None:
        """Request a reading of the selected scans, or of the whole list if fewer than two are."""
        chosen = self._chosen_together()
        if files := chosen or self.files():
            self.folder_reading_requested.emit(files)
        if self._found and not chosen:
            self.series_reading_requested.emit(self._found)

    def _chosen_together(self) -> list[Path]:
        """Return the selected scans if there are several."""
        return self.list.chosen() if self._several_chosen() else []

    def _several_chosen(self) -> int:
        """Return the number of selected scans, or 0 for a single one, which is only the open one."""
        chosen = self.list.count_chosen()
        return chosen if chosen > 1 else 0

    def _offer_reading(self) -> None:
        chosen = self._several_chosen()
        self.read_button.setText(f"Read {chosen:,} scans" if chosen else "Read all")

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self.recent)
        buttons.addStretch(1)
        buttons.addWidget(self.read_button)
        below = QWidget()
        column = QVBoxLayout(below)
        column.setContentsMargins(0, 0, 0, 0)
        top = QHBoxLayout()
        top.addWidget(self.heading, 1)
        top.addWidget(self.stop)
        column.addLayout(top)
        column.addWidget(self.series, 2)
        column.addWidget(self.series_progress)
        column.addWidget(self.list, 1)
        column.addWidget(self.passed_over)
        column.addLayout(buttons)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.addWidget(self.tree)
        splitter.addWidget(below)
        splitter.setStretchFactor(0, 1)
        splitter.setStretchFactor(1, 3)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(splitter)

    def is_looking(self) -> bool:
        """Whether files are being searched."""
        return not self.stop.isHidden()

    def cancel_listing(self) -> None:
        """Stop searching; the list stays as it was."""
        self.indexing.cancel()
        self._show_no_listing("Search stopped.")

    def _go_to(self, folder: Path, is_all: bool) -> None:  # noqa: FBT001  (a signal's value)
        if self._in_tree:
            self.tree.go_to(folder)
        if is_all:
            self.folder_opened.emit(folder)

    def _show_progress(self, done: int, total: int) -> None:
        self._say(f"Searching: {done:,} of {total:,} files")

    def _show_no_listing(self, reason: str) -> None:
        self.stop.hide()
        self._say(reason)

    def _show_index(self, index: Index) -> None:
        self.stop.hide()
        self._found = tuple(series for series in index.series if len(series.slices) > 1)
        of_one = {
            series.slices[0].address.path: series
            for series in index.series
            if len(series.slices) == 1
        }
        for picture in index.pictures:
            self._of_one.pop(picture, None)  # a one-slice series was there before
        self._of_one.update(of_one)
        paths = [*index.pictures, *of_one]
        self.list.scans.set_paths(paths)
        self.series.show_series(self._found)
        self.list.setVisible(bool(paths) or not self._found)
        self.passed_over.show_files(index.passed_over)
        self._say(_heading(len(self._found), len(paths)))
        self.read_button.setEnabled(bool(paths or self._found))
        self._offer_reading()
        self.files_listed.emit(paths)

    def _say(self, text: str) -> None:
        self.heading.setText(text)
        self.heading.setToolTip(plain_tip(text))  # the label may cut a path off

    def _tell_content(self, place: object, _image: QImage, digest: str) -> None:
        if isinstance(place, Path):
            self.content_known.emit(place, digest)


def _heading(series: int, scans: int) -> str:
    if not series and not scans:
        return "No scans found"
    parts = []
    if series:
        parts.append(f"{series:,} series")
    if scans:
        parts.append(counted(scans, "scan"))
    return ", ".join(parts)
