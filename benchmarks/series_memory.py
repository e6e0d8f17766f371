"""Measure the memory that a long series takes in the window.

Usage: python -m benchmarks.series_memory [--slices 1000] [--side 256]

Starts the real window, measures the memory of the window and its network's process when idle with the
model loaded, opens a synthetic series, scrolls through it, waits until all of it is read, and prints
one JSON object. Exits with 1 if the peak is 1 GB or more above the idle memory.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

_LIMIT_MEGABYTES = 1000.0
_PATIENCE_SECONDS = 500.0
_NOTE_SECONDS = 0.2


def main() -> int:
    """Measure and print the figures; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--slices", type=int, default=1000, help="number of slices (default 1000)")
    parser.add_argument("--side", type=int, default=256, help="side in pixels (default 256)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ["BTGUI_HOME"] = home
        figures = _measure(Path(home) / "series", options.slices, options.side)
    print(json.dumps(figures, indent=1))
    return 0 if figures["above_idle_mb"] < _LIMIT_MEGABYTES else 1


def _memory() -> float:
    """Return the resident memory of this process and its children in megabytes."""
    import psutil

    own = psutil.Process()
    return sum(one.memory_info().rss for one in (own, *own.children(recursive=True))) / 1e6


def _measure(folder: Path, slices: int, side: int) -> dict[str, float]:
    from btgui.app import create_application, create_window
    from tools.make_series import make_series

    make_series(folder, slices=slices, size=side)
    app = create_application(["btgui"])
    window = create_window()
    window.show()
    ended: list[object] = []
    window.service.model_ready.connect(lambda *_: ended.append(1))
    window.service.series_finished.connect(lambda *told: ended.append(told))
    greatest = 0.0

    def until(count: int) -> None:
        nonlocal greatest
        end, noted = time.monotonic() + _PATIENCE_SECONDS, 0.0
        while len(ended) < count and time.monotonic() < end:
            app.processEvents()
            time.sleep(0.005)
            if time.monotonic() - noted > _NOTE_SECONDS:
                noted, greatest = time.monotonic(), max(greatest, _memory())
                if window.series.series is not None:
                    window.series.bar.step(5)

    window.start()
    until(1)
    idle = _memory()
    begun = time.monotonic()
    window.open_paths([folder])
    until(2)
    took = time.monotonic() - begun
    read = len(window.series.whole.readings)
    window.close()
    return {
        "slices_read": read,
        "idle_mb": round(idle),
        "above_idle_mb": round(greatest - idle),
        "seconds_to_read_all": round(took, 1),
    }


if __name__ == "__main__":
    sys.exit(main())
