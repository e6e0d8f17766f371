"""What all pictures need: the application, time for it to work, and where pictures go."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget

from btgui.app import create_application, create_window
from btgui.views.main_window import MainWindow

_PATIENCE_SECONDS = 3 * 3600.0  # a training is waited for
_SETTLING_SECONDS = 1.5  # small pictures of scans arrive meanwhile


class Stage:
    """The application, and where its pictures are saved.

    Parameters
    ----------
    scans
        A folder with folders of scans, which the window's tree begins with.
    """

    def __init__(self, into: Path, guide: Path, scans: Path) -> None:
        for folder in (into, guide):
            folder.mkdir(parents=True, exist_ok=True)
        self.into, self.guide, self.scans = into, guide, scans
        self.app: QApplication = create_application(["btgui"])

    def window(self, size: tuple[int, int]) -> MainWindow:
        """Return a new main window whose model is ready."""
        window = create_window()
        window.resize(*size)
        window.show()
        window.start()
        self.until(lambda: window.pack is not None)
        tree = window.browser.tree
        tree.setRootIndex(tree.folders.index(str(self.scans)))
        return window

    def until(self, is_so: Callable[[], bool], seconds: float = _PATIENCE_SECONDS) -> None:
        """Let the windows work until something is so.

        Raises
        ------
        TimeoutError
            It did not become so.
        """
        end = time.monotonic() + seconds
        while not is_so():
            if time.monotonic() > end:
                raise TimeoutError("the application did not come so far")
            self.turn()

    def turn(self) -> None:
        """Let the windows work for a moment; QTest.qWait would keep Python's lock."""
        self.app.processEvents()
        time.sleep(0.01)

    def save(self, widget: QWidget, name: str) -> None:
        """Save a picture of a widget for the user's guide, once it has come to rest."""
        self._save(widget, self.guide / f"{name}.png")

    def save_outside(self, widget: QWidget, name: str) -> None:
        """Save a picture for the other documents."""
        self._save(widget, self.into / f"{name}.png")

    def _save(self, widget: QWidget, file: Path) -> None:
        end = time.monotonic() + _SETTLING_SECONDS
        while time.monotonic() < end:
            self.turn()
        widget.grab().save(str(file))
        print(file, flush=True)
