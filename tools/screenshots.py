"""Draw the window in its main states and save the pictures for the documentation.

Usage: python tools/screenshots.py SCAN FOLDER [--into docs/images]
SCAN is a scan with a tumour, FOLDER a small folder of scans.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtCore import SignalInstance
    from PySide6.QtWidgets import QApplication, QMainWindow

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
SIZE = (1440, 900)


def main() -> int:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scan", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--into", type=Path, default=Path("docs/images"))
    parser.add_argument("--size", default="{}x{}".format(*SIZE))
    options = parser.parse_args()
    options.into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        os.environ["BTGUI_HOME"] = home
        _take(options)
    return 0


def _take(options: argparse.Namespace) -> None:
    from btgui.app import create_application, create_window

    app = create_application(["btgui"])
    window = create_window()
    window.resize(*(int(part) for part in options.size.split("x")))
    window.show()
    service = window.service

    def save(name: str) -> None:
        _wait(app)
        window.grab().save(str(options.into / f"{name}.png"))

    window.start()
    window.open_sample()
    _wait(app, service.explanation_ready)
    window.browser.tree.collapseAll()  # whose folders these are is of no interest
    save("first-start")
    window.browser.show_files([options.scan.parent])
    window.open_scan(options.scan.absolute())
    _wait(app, service.explanation_ready)
    window.browser.select(options.scan.absolute())
    save("window")
    window.tabs.setCurrentIndex(1)
    save("preprocessing")
    service.read_folder(sorted(options.folder.rglob("*.jpg")))
    _wait(app, service.folder_progress, 2.0)
    save("folder")
    service.cancel_folder()
    _wait(app, service.folder_finished)
    broken = Path(os.environ["BTGUI_HOME"]) / "damaged scan.jpg"
    broken.write_bytes(options.scan.read_bytes()[:900])
    window.open_scan(broken)
    _wait(app, service.scan_failed)
    save("damaged-scan")
    _unexpected_error(app, window, options.into / "error.png")
    window.close()


def _wait(app: QApplication, signal: SignalInstance | None = None, seconds: float = 0.3) -> None:
    """Let the window work until the signal has come and so many seconds more."""
    arrived: list[object] = []
    if signal is not None:
        signal.connect(lambda *values: arrived.append(values))
        end = time.monotonic() + 120
        while not arrived and time.monotonic() < end:
            app.processEvents()
            time.sleep(0.01)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        app.processEvents()
        time.sleep(0.01)


def _unexpected_error(app: QApplication, window: QMainWindow, file: Path) -> None:
    from btgui.engine.notifications import Notification, notify
    from btgui.views.error_dialog import ErrorDialog

    details = (
        "Traceback (most recent call last):\n"
        '  File "example.py", line 1, in <module>\n'
        "RuntimeError: an example\n"
    )
    notify(Notification("error", "Something unexpected went wrong.", details))
    _wait(app)
    window.findChild(ErrorDialog).grab().save(str(file))


if __name__ == "__main__":
    sys.exit(main())
