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
    from btgui.engine.notifications import notify_exception
    from btgui.engine.sample_scan import sample_scan_path
    from btgui.views.error_dialog import ErrorDialog

    app = create_application(["btgui"])
    window = create_window()
    window.resize(*(int(part) for part in options.size.split("x")))
    window.show()

    def wait(signal: object = None, seconds: float = 0.3) -> None:
        arrived: list[object] = []
        if signal is not None:
            signal.connect(arrived.append)
            end = time.monotonic() + 120
            while not arrived and time.monotonic() < end:
                app.processEvents()
                time.sleep(0.01)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            app.processEvents()
            time.sleep(0.01)

    def save(name: str) -> None:
        wait()
        window.grab().save(str(options.into / f"{name}.png"))

    window.start()
    window.open_paths([sample_scan_path()])
    wait(window.service.explanation_ready)
    save("first-start")
    window.browser.show_files([options.scan.parent])
    window.open_scan(options.scan.absolute())
    wait(window.service.explanation_ready)
    save("window")
    window.tabs.setCurrentIndex(1)
    save("preprocessing")
    count = 60
    files = sorted(options.folder.rglob("*.jpg"))
    window.service.read_folder(files[:: max(1, len(files) // count)][:count])
    wait(window.service.folder_progress, 0.6)
    save("folder")
    wait(window.service.folder_finished)
    window.tabs.setCurrentIndex(0)
    broken = Path(os.environ["BTGUI_HOME"]) / "damaged scan.jpg"
    broken.write_bytes(options.scan.read_bytes()[:900])
    window.open_scan(broken)
    wait(window.service.scan_failed)
    save("damaged-scan")
    try:
        raise RuntimeError("an example of an unexpected error")
    except RuntimeError as error:
        notify_exception(error)
    wait()
    dialog = window.findChild(ErrorDialog)
    dialog.grab().save(str(options.into / "error.png"))
    window.close()


if __name__ == "__main__":
    sys.exit(main())
