"""The handlers of the main window's actions, and when each action is enabled."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol, cast

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow

from btgui.engine.models.pack import ModelPack
from btgui.views.actions import ACTIONS, add_actions
from btgui.views.browser.file_browser import FileBrowser
from btgui.views.dialogs.file_dialogs import ask_for_folder, ask_for_scans
from btgui.views.dialogs.help_dialogs import HELP_PAGES, show_help
from btgui.views.dicom_saver import DicomSaver
from btgui.views.folder.desk import FolderDesk
from btgui.views.folder.results import FolderResults
from btgui.views.heatmaps.gradcam_viewer import GradCamViewer
from btgui.views.measuring_models.desk import MeasuringDesk
from btgui.views.model_desk import ModelDesk
from btgui.views.reading_tabs import ReadingTabs
from btgui.views.report.desk import ReportDesk
from btgui.views.scan_view import ScanView
from btgui.views.series_desk import SeriesDesk
from btgui.views.series_list_desk import SeriesListDesk
from btgui.views.training_desk import TrainingDesk
from btgui.views.viewer_tools import ViewerTools

_OF_SCAN = ("zoom_in", "zoom_out", "reset_view", "header", "copy_scan")
_OF_HEATMAP = ("copy_picture", "save_picture", "save_dicom")
_OF_LIST = ("next_scan", "previous_scan")


class Reading(Protocol):
    """The parts and methods of the main window that its actions use."""

    browser: FileBrowser
    desk: ModelDesk
    dicom_saver: DicomSaver
    folder: FolderDesk
    folder_results: FolderResults
    gradcam: GradCamViewer
    measuring: MeasuringDesk
    pack: ModelPack | None
    report: ReportDesk
    scan_view: ScanView
    series: SeriesDesk
    series_list: SeriesListDesk
    tabs: ReadingTabs
    training: TrainingDesk
    viewer: ViewerTools

    def close(self) -> bool:
        """Close the window."""

    def open_paths(self, paths: list[Path]) -> None:
        """List files and folders; open the first scan."""

    def open_sample(self) -> None:
        """Open the sample scan."""


class WindowActions(QObject):
    """Adds the actions to the window and disables those that have nothing to work on.

    Attributes
    ----------
    menus
        The menus by title, for other parts to extend.
    """

    def __init__(self, window: Reading) -> None:
        own = cast(QMainWindow, window)
        super().__init__(own)
        self._window = window
        self.menus = add_actions(own, self._handlers())
        named = {name: own.findChild(QAction, name) for name in (one.name for one in ACTIONS)}
        slices, pictures, explaining = (
            [one.name for one in ACTIONS if one.menu == menu]
            for menu in ("Series", "Picture", "Explain")
        )
        self._needs: list[tuple[list[QAction], Callable[[], bool]]] = [
            ([named[name] for name in names], there)
            for names, there in (
                ((*_OF_SCAN, *pictures), self._has_scan),
                (slices, self._has_series),
                ((*_OF_HEATMAP, *explaining), window.gradcam.isEnabled),
                (_OF_LIST, self._has_list),
                (("read_folder",), self._has_list),
                (("save_table",), self._has_table),
                (("find_result",), self._has_results),
                (("save_list",), window.series_list.has_verdicts),
                (("save_report", "print_report"), window.report.has_reading),
            )
        ]
        window.gradcam.look.contours.toggled.connect(named["contours"].setChecked)
        window.gradcam.large.addActions([named[name] for name in _OF_HEATMAP])
        window.gradcam.large.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        for changed in (
            window.scan_view.scan_changed,
            window.series.opened,
            window.series.left,
            window.series_list.changed,
            window.series.whole.outcome_changed,
            window.gradcam.enabled_changed,
            window.browser.files_listed,
            window.folder_results.table_changed,
            window.tabs.currentChanged,
        ):
            changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Enable the actions that have something to work on, and disable the others."""
        for actions, there in self._needs:
            is_there = there()
            for action in actions:
                action.setEnabled(is_there)

    def _has_scan(self) -> bool:
        return self._window.scan_view.scan is not None

    def _has_series(self) -> bool:
        return self._window.series.series is not None

    def _has_list(self) -> bool:
        browser = self._window.browser
        return bool(browser.files() or browser.found_series())

    def _has_table(self) -> bool:
        window = self._window
        return (window.series.whole if self._means_series() else window.folder_results).has_table()

    def _means_series(self) -> bool:
        """Whether saving a table means that of the open series rather than the folder's."""
        return self._has_series() and not self._window.tabs.shows_table()

    def _has_results(self) -> bool:
        return self._window.folder_results.model.rowCount() > 0

    def _handlers(self) -> dict[str, Callable[[], object]]:
        window = self._window
        gradcam, browser = window.gradcam, window.browser
        return {
            **window.viewer.handlers(),
            "open_files": lambda: self._open_chosen(ask_for_scans(window)),
            "open_folder": lambda: self._open_chosen(ask_for_folder(window)),
            "open_sample": window.open_sample,
            "read_folder": browser.request_reading,
            "cancel": self._stop_reading,
            "save_picture": gradcam.save_picture,
            "copy_picture": gradcam.copy_picture,
            "save_dicom": window.dicom_saver.save,
            "save_table": self._save_table,
            "find_result": self._find_result,
            "save_list": window.series_list.save,
            "save_report": window.report.save,
            "print_report": window.report.print,
            "import_model": window.desk.ask_and_import,
            "models": window.desk.show_window,
            "train": window.training.show_wizard,
            "earlier_runs": window.training.show_earlier_runs,
            "evaluate": window.measuring.show_evaluation,
            "compare": window.measuring.show_comparison,
            "quit": window.close,
            "next_scan": lambda: browser.step(1),
            "previous_scan": lambda: browser.step(-1),
            "next_target": gradcam.select_next_target,
            "play": gradcam.play.toggle,
            "contours": gradcam.look.contours.toggle,
            **{f"stage_{n}": lambda n=n: gradcam.select_stage(n) for n in range(6)},
            **{f"help_{name}": lambda name=name: self._help(name) for name in HELP_PAGES},
            "licences": self._show_licences,
        }

    def _open_chosen(self, paths: list[Path]) -> None:
        if paths:
            self._window.open_paths(paths)

    def _show_licences(self) -> None:
        from btgui.views.dialogs.licences_dialog import LicencesDialog

        LicencesDialog(self._window).show()

    def _stop_reading(self) -> None:
        window, measuring = self._window, self._window.scan_view.measuring
        if measuring.draft and window.scan_view.isVisible():
            measuring.delete_selected()  # Esc drops a half-drawn angle first
            return
        window.folder.stop()
        window.series.whole.stop()
        window.series_list.stop_reading()
        if window.browser.is_looking():
            window.browser.cancel_listing()

    def _save_table(self) -> None:
        """Save the table in view: the open series', or the folder's on its page."""
        if self._means_series():
            self._window.series.whole.save_table()
        else:
            self._window.folder_results.save_table()

    def _find_result(self) -> None:
        self._window.tabs.show_table()
        self._window.folder_results.find()

    def _help(self, name: str) -> None:
        pack = self._window.pack
        show_help(cast(QMainWindow, self._window), name, None if pack is None else pack.card)
