"""What all screenshots share: the application, waiting for it, and saving."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget

from btgui.app import create_application, create_window
from btgui.views.main_window import MainWindow

_PATIENCE_SECONDS = 3 * 3600.0  # long enough for a training run
_SETTLING_SECONDS = 1.5  # time for thumbnails to arrive


class Stage:
    """The application, and the folders that its screenshots are saved to.

    Parameters
    ----------
    into, guide
        Folders for the screenshots of the user's guide (``guide``) and of the other documents.
    scans
        Folder with folders of scans, the root of the window's tree.
    """

    def __init__(self, into: Path, guide: Path, scans: Path) -> None:
        for folder in (into, guide):
            folder.mkdir(parents=True, exist_ok=True)
        self.into, self.guide, self.scans = into, guide, scans
        self.app: QApplication = create_application(["btgui"])

    def window(self, size: tuple[int, int]) -> MainWindow:
        """Return a new main window with the model loaded."""
        window = create_window()
        window.resize(*size)
        window.show()
        window.start()
        self.until(lambda: window.pack is not None)
        tree = window.browser.tree
        tree.setRootIndex(tree.folders.index(str(self.scans)))
        return window

    def until(self, is_so: Callable[[], bool], seconds: float = _PATIENCE_SECONDS) -> None:
        """Process events until the condition holds.

        Raises
        ------
        TimeoutError
            The condition did not become true in time.
        """
        end = time.monotonic() + seconds
        while not is_so():
            if time.monotonic() > end:
                raise TimeoutError(f"the condition did not become true within {seconds:g} s")
            self.turn()

    def turn(self) -> None:
        """Process events once; QTest.qWait would hold the GIL."""
        self.app.processEvents()
        time.sleep(0.01)

    def save(self, widget: QWidget, name: str) -> None:
        """Save a screenshot of a widget for the user's guide, after the widget has settled."""
        self._save(widget, self.guide / f"{name}.png")

    def save_outside(self, widget: QWidget, name: str) -> None:
        """Save a screenshot of a widget for the other documents."""
        self._save(widget, self.into / f"{name}.png")

    def _save(self, widget: QWidget, file: Path) -> None:
        end = time.monotonic() + _SETTLING_SECONDS
        while time.monotonic() < end:
            self.turn()
        widget.grab().save(str(file))
        print(file, flush=True)
