"""Measure the longest time that the window's event loop is blocked while scans are read.

Usage: python -m benchmarks.gui_responsiveness FOLDER [--scans 10]

Starts the real window, including TensorFlow's import in its process, opens the scans one after the
other, waits for each verdict and its heatmaps, and reads the same scans as a folder. A timer of 1 ms
records every gap between two iterations of the event loop. Prints one JSON object; exits with 1 if the
longest gap is 50 ms or more.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

if TYPE_CHECKING:
    from btgui.views.main_window import MainWindow

_LONGEST_MILLISECONDS = 50.0
_PATIENCE_SECONDS = 180.0


class GapMeter:
    """Records the time between iterations of the event loop, by phase."""

    def __init__(self) -> None:
        from PySide6.QtCore import Qt, QTimer

        self.gaps: dict[str, list[float]] = {}
        self.phase = "start"
        self._last = time.perf_counter()
        self._timer = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=1)
        self._timer.timeout.connect(self._note)
        self._timer.start()

    def _note(self) -> None:
        now = time.perf_counter()
        self.gaps.setdefault(self.phase, []).append((now - self._last) * 1000)
        self._last = now

    def report(self) -> dict[str, dict[str, float]]:
        """Return the longest gap and the 99th percentile of each phase, in milliseconds."""
        return {
            phase: {
                "longest": round(max(gaps), 1),
                "99th percentile": round(sorted(gaps)[int(len(gaps) * 0.99)], 1),
            }
            for phase, gaps in self.gaps.items()
        }


def main() -> int:
    """Measure and print the figures; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="folder of scans")
    parser.add_argument("--scans", type=int, default=10, help="number of scans (default 10)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ["BTGUI_HOME"] = home
        gaps = _measure(options.folder, options.scans)
    longest = max(figures["longest"] for figures in gaps.values())
    report = {"longest_gap_ms": longest, "by_phase": gaps, "load_average": os.getloadavg()[0]}
    print(json.dumps(report, indent=1))
    return 0 if longest < _LONGEST_MILLISECONDS else 1


def _measure(folder: Path, count: int) -> dict[str, dict[str, float]]:
    from PySide6.QtCore import QEventLoop, QTimer

    from btgui.app import create_application, create_window
    from btgui.engine.scan_source import find_scans

    files = find_scans([folder])
    files = files[:: max(1, len(files) // count)][:count]
    app = create_application(["btgui"])
    window = create_window()
    window.show()
    app.processEvents()
    meter = GapMeter()

    def until(signal: object) -> None:
        loop = QEventLoop()
        signal.connect(lambda *_: loop.quit())
        QTimer.singleShot(int(_PATIENCE_SECONDS * 1000), loop, lambda: loop.exit(1))
        if loop.exec():
            raise TimeoutError(f"{meter.phase} did not finish within {_PATIENCE_SECONDS:g} s")

    meter.phase = "loading the model"
    window.start()
    window.browser.show_files(files)
    until(window.service.model_ready)
    meter.phase = "reading scans"
    _open_each(window, files, until)
    meter.phase = "reading a folder"
    window.service.read_folder(files)
    until(window.service.folder_finished)
    window.close()
    return meter.report()


def _open_each(window: MainWindow, files: list[Path], until: object) -> None:
    for file in files:
        window.open_scan(file)
        until(window.service.explanation_ready)


if __name__ == "__main__":
    sys.exit(main())
