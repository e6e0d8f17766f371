"""The viewer's actions: what shortcuts, menus and toolbar buttons do to the scan view."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QMainWindow, QWidget

from btgui.engine.notifications import mention
from btgui.engine.settings import Settings
from btgui.views.actions import keys_in_use, set_keys
from btgui.views.browser.file_browser import FileBrowser
from btgui.views.reading_page import ReadingPage
from btgui.views.scan_toolbar import ScanToolbar
from btgui.views.scan_view.measuring_tool import ANGLE, RULER
from btgui.views.window_state import bring_up

if TYPE_CHECKING:  # imported when first used, so that the application starts sooner
    from btgui.engine.studies.series import Series
    from btgui.views.compare_scans import CompareScansWindow
    from btgui.views.dialogs.keys_dialog import KeysDialog
    from btgui.views.header_panel import HeaderPanel

_HIDDEN = "The patient is hidden. Names of files and folders stay visible."
_SHOWN = "The patient is shown again."
_WINDOWS = ("file", "automatic", "full", "soft", "narrow")


class ViewerTools(QObject):
    """Connects the window's actions with the scan view and the windows beside it.

    Parameters
    ----------
    page
        Holds the scan view of the window and the bar of its series.
    browser
        Lists the series and scans to compare the open one with.
    open_series
        Returns the open series, None if there is none.
    window
        Gets its actions from :func:`~btgui.views.actions.add_actions` with :meth:`handlers`.

    Signals
    -------
    settings_changed(dict)
        The user changed these settings, by name; keys are in use once :meth:`adopt` gets them.
    """

    settings_changed = Signal(dict)

    def __init__(
        self,
        page: ReadingPage,
        browser: FileBrowser,
        open_series: Callable[[], Series | None],
        window: QMainWindow,
    ) -> None:
        super().__init__(window)
        self._view, self._bar = page.scan_view, page.series_bar
        self._browser, self._open_series, self._window = browser, open_series, window
        self._own_keys: dict[str, str] = {}
        self._checkable: dict[str, QAction] = {}
        self.header: HeaderPanel | None = None
        self.compare: CompareScansWindow | None = None
        self.keys: KeysDialog | None = None

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Return the handler of each of the viewer's actions, by name."""
        view, window = self._view, self._window
        return {
            **self._bar.handlers(),
            "zoom_in": lambda: view.zoom(1.25),
            "zoom_out": lambda: view.zoom(0.8),
            "reset_view": view.reset_view,
            "toggle_crop": lambda: view.set_outline_visible(not view.outline_visible()),
            **{f"window_{name}": lambda name=name: view.use_preset(name) for name in _WINDOWS},
            "invert": view.invert,
            "flip_across": lambda: view.set_turn(view.turn.flipped_across()),
            "flip_down": lambda: view.set_turn(view.turn.flipped_down()),
            "rotate": lambda: view.set_turn(view.turn.rotated()),
            "magnify": lambda: view.set_magnifies(not view.magnifies()),
            "ruler": lambda: self._toggle_tool(RULER),
            "angle": lambda: self._toggle_tool(ANGLE),
            "delete_measure": view.measuring.delete_selected,
            "bring_back": view.measuring.bring_back,
            "full_screen": lambda: window.setWindowState(
                window.windowState() ^ Qt.WindowState.WindowFullScreen
            ),
            "hide_patient": self._toggle_patient,
            "hide_text": self._toggle_text,
            "copy_scan": self._copy_scan,
            "header": self.show_header,
            "compare_scans": self.show_compare,
            "change_keys": self.show_keys,
        }

    def start(self, settings: Settings) -> None:
        """Apply the settings once the window has its actions, and show the toolbar."""
        self._use_keys(settings.keys)
        self._checkable = {
            action.objectName(): action
            for action in self._window.findChildren(QAction)
            if action.isCheckable()
        }
        self._view.set_patient_visible(not settings.patient_hidden)
        self._view.set_text_visible(not settings.scan_text_hidden)
        self._view.put_on_top(ScanToolbar(self._view, self._window))
        self._view.display_changed.connect(self._show_state)
        self._view.scan_changed.connect(self._follow_scan)
        self._show_state()

    def adopt(self, settings: Settings) -> None:
        """Use the keys chosen here or in another btgui window, and hide the patient if that did.

        Showing the patient there changes nothing here.
        """
        if settings.keys != self._own_keys:
            self._use_keys(settings.keys)
        if settings.patient_hidden and self._view.patient_visible():
            self._toggle_patient()

    def close(self) -> None:
        """Close the windows beside the scan and end their work."""
        if self.compare is not None:
            self.compare.close()
            self.compare.close_workers()
        for dialog in (self.header, self.keys):
            if dialog is not None:
                dialog.close()

    def show_header(self) -> None:
        """Show the header window of the open scan."""
        if self.header is None:
            from btgui.views.header_panel import HeaderPanel

            self.header = HeaderPanel(self._window)
            self._take_hiding_keys(self.header)
        self._follow_scan()
        bring_up(self.header)
        self.header.search.setFocus()

    def show_compare(self) -> None:
        """Show the open series, at its slice, or the open scan beside others from the list."""
        from btgui.engine.studies.stack import stack_of_file
        from btgui.views.compare_scans import CompareScansWindow
        from btgui.views.compare_scans.listing import listed_stacks, stack_of_series

        if self.compare is None:
            self.compare = CompareScansWindow(self._window)
            self.compare.set_keys(keys_in_use(self._own_keys))
            self._take_hiding_keys(self.compare)
        self._show_state()
        stacks = listed_stacks(self._browser.found_series(), self._browser.files())
        scan, series = self._view.scan, self._open_series()
        if series is not None:
            self.compare.open_scans(stacks, stack_of_series(series), self._bar.slider.value())
        else:
            self.compare.open_scans(stacks, None if scan is None else stack_of_file(scan.address))
        bring_up(self.compare)

    def compared_files(self) -> list[Path]:
        """Return one file of each series or picture in the comparison: it still reads from them."""
        panes = [] if self.compare is None else self.compare.panes
        return [pane.stack.addresses[0].path for pane in panes if pane.stack is not None]

    def show_keys(self) -> None:
        """Open the dialog in which the user changes shortcuts."""
        if self.keys is None:
            from btgui.views.dialogs.keys_dialog import KeysDialog

            self.keys = KeysDialog(self._own_keys, self._window)
            self.keys.keys_changed.connect(lambda own: self.settings_changed.emit({"keys": own}))
        self.keys.open()

    def _take_hiding_keys(self, other: QWidget) -> None:
        """Make the shortcuts that hide patient and text work in another window too."""
        other.addActions([self._checkable["hide_patient"], self._checkable["hide_text"]])

    def _use_keys(self, own: Mapping[str, str]) -> None:
        self._own_keys = dict(own)
        set_keys(self._window, own)
        if self.compare is not None:
            self.compare.set_keys(keys_in_use(own))
        if self.keys is not None:
            self.keys.set_own(own)

    def _copy_scan(self) -> None:
        QGuiApplication.clipboard().setImage(self._view.picture_as_seen())
        mention("Copied: the scan as displayed, without the patient's data.")

    def _toggle_tool(self, tool: str) -> None:
        self._view.use_tool("" if self._view.measuring.tool == tool else tool)

    def _toggle_patient(self) -> None:
        self._view.set_patient_visible(not self._view.patient_visible())
        hidden = not self._view.patient_visible()
        self.settings_changed.emit({"patient_hidden": hidden})
        mention(_HIDDEN if hidden else _SHOWN)

    def _toggle_text(self) -> None:
        self._view.set_text_visible(not self._view.text_visible())
        self.settings_changed.emit({"scan_text_hidden": not self._view.text_visible()})

    def _show_state(self) -> None:
        """Update the checkable actions, and pass on what is to be hidden."""
        view = self._view
        for name, on in (
            ("toggle_crop", view.outline_visible()),
            ("invert", view.greys.inverted),
            ("magnify", view.magnifies()),
            ("ruler", view.measuring.tool == RULER),
            ("angle", view.measuring.tool == ANGLE),
            ("hide_patient", not view.patient_visible()),
            ("hide_text", not view.text_visible()),
        ):
            self._checkable[name].setChecked(on)
        if self.header is not None:
            self.header.set_patient_hidden(not view.patient_visible())
        if self.compare is not None:
            self.compare.set_text(patient=view.patient_visible(), anything=view.text_visible())

    def _follow_scan(self) -> None:
        if self.header is not None:
            self.header.show_scan(self._view.scan)
            self.header.set_patient_hidden(not self._view.patient_visible())
