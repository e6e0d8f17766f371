"""The self-test: shows the window, reads the sample scan with the shipped model, and reports."""

from __future__ import annotations

import json
import os
import sys
import time
import traceback
from contextlib import closing
from dataclasses import asdict
from importlib.metadata import version
from typing import Any

_SECONDS_AT_MOST = 180.0
_LIBRARIES = (
    "PySide6-Essentials",
    "openvino",
    "tensorflow",
    "keras",
    "numpy",
    "opencv-python-headless",
)


def run_self_test() -> int:
    """Run the self-test and print its report as a JSON object; return 0 if all works, else 1."""
    from btgui.engine.disk.private_folder import PrivateFolder

    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    report: dict[str, Any] = {"ok": False}
    try:
        with closing(PrivateFolder()) as home:  # the user's own records and settings stay untouched
            os.environ["BTGUI_HOME"] = str(home.path)
            report |= _test()
        report["ok"] = True
    except Exception as error:  # noqa: BLE001  (the report must contain any error)
        report["error"] = str(error)
        sys.stderr.write(traceback.format_exc())
    sys.stdout.write(json.dumps(report) + "\n")
    return 0 if report["ok"] else 1


def _test() -> dict[str, Any]:
    start = time.perf_counter()
    from btgui.app import create_application, create_window

    app = create_application(["btgui"])
    window = create_window()
    window.show()
    app.processEvents()
    seconds_to_window = time.perf_counter() - start
    tensorflow_in_window = "tensorflow" in sys.modules
    explained: list[Any] = []
    failures: list[str] = []
    seconds_to_verdict: list[float] = []
    window.service.prediction_ready.connect(
        lambda _: seconds_to_verdict.append(time.perf_counter() - start)
    )
    window.service.explanation_ready.connect(explained.append)
    window.service.model_failed.connect(failures.append)
    window.service.explanation_failed.connect(failures.append)
    for failed in (window.service.scan_failed, window.service.analysis_failed):
        failed.connect(lambda _, text: failures.append(text))
    try:
        window.start()
        window.open_sample()
        while not (explained or failures):
            app.processEvents()
            time.sleep(0.005)
            if time.perf_counter() - start > _SECONDS_AT_MOST:
                raise TimeoutError(f"no result within {_SECONDS_AT_MOST:.0f} seconds")
        if failures:
            raise RuntimeError(failures[0])
        app.processEvents()
        picture = window.grab().toImage()
        colours = {
            picture.pixel(x, y) for x in range(0, picture.width(), 40) for y in (60, 300, 500)
        }
        several = 3
        if len(colours) < several:
            raise RuntimeError("the window is blank")
    finally:
        window.close()
    from PySide6.QtPrintSupport import QPrinterInfo

    analysis = explained[0]
    return {
        "versions": {
            "python": sys.version.split()[0],
            **{name: version(name) for name in _LIBRARIES},
        },
        "device": asdict(analysis.device),
        "model": analysis.model_id,
        "verdict": analysis.prediction.verdict,
        "milliseconds": {k: round(v, 1) for k, v in analysis.milliseconds.items()},
        "seconds_to_window": round(seconds_to_window, 2),
        "seconds_to_first_verdict": round(seconds_to_verdict[0], 2),
        "tensorflow_imported_before_window": tensorflow_in_window,
        "printers": len(QPrinterInfo.availablePrinterNames()),
    }
