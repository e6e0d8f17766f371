"""Start times and idle memory of whole processes, ours and those that it is compared with."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_STARTS = 7
_VERDICTS = 3
_REST_SECONDS = 3.0


def window_start() -> dict[str, float]:
    """Return the median milliseconds from a process's start until its window is visible.

    Measured for an empty window, our start screen and our complete window.
    """
    programs = ("empty_window", "our_start_screen", "our_window")
    return _times(dict.fromkeys(programs, ()), "visible", _STARTS)


def first_verdict(model: Path, scan: Path) -> dict[str, float]:
    """Return the median milliseconds from process start to first verdict, ours and TensorFlow's."""
    programs = {"our_verdict": (str(scan),), "tensorflow_verdict": (str(model), str(scan))}
    return _times(programs, "verdict", _VERDICTS)


def _times(programs: dict[str, tuple[str, ...]], word: str, count: int) -> dict[str, float]:
    """Return each program's median milliseconds from its start to a word; programs take turns."""
    times: dict[str, list[float]] = {name: [] for name in programs}
    with tempfile.TemporaryDirectory() as home:
        for round_ in range(count + 1):
            for name, arguments in programs.items():
                started = time.perf_counter()
                process = _start(home, name, *arguments)
                _await(process, word)
                if round_:  # the first round fills the disk cache and does not count
                    times[name].append((time.perf_counter() - started) * 1000)
                process.kill()
                process.wait()
    return {name: statistics.median(taken) for name, taken in times.items()}


def idle_memory(scan: Path) -> dict[str, float]:
    """Return the idle memory in MiB: ours and its network's process after a verdict, and TensorFlow's.

    On Linux, memory shared by processes is counted once (proportional set size); elsewhere the
    resident sizes are added.
    """
    sizes = {}
    with tempfile.TemporaryDirectory() as home:
        for name, arguments in {"our_verdict": (str(scan),), "tensorflow_imported": ()}.items():
            process = _start(home, name, *arguments)
            _await(process, "resting")
            time.sleep(_REST_SECONDS)
            sizes[name] = _mib(process.pid)
            process.kill()
            process.wait()
    return sizes


def _start(home: str, name: str, *arguments: str) -> subprocess.Popen[str]:
    # Let every program keep its compiled modules, as an installed program does.
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    environment = kept | {
        "BTGUI_HOME": home,
        "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen"),
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "benchmarks.programs", name, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment,
    )


def _await(process: subprocess.Popen[str], word: str) -> None:
    for line in process.stdout or ():
        if line.strip() == word:
            return
    raise RuntimeError(
        f"a program ended with exit status {process.wait()} before it printed {word!r}"
    )


def _mib(pid: int) -> float:
    import psutil

    process = psutil.Process(pid)
    total = 0
    for one in (process, *process.children(recursive=True)):
        used = one.memory_full_info()
        total += getattr(used, "pss", used.rss)
    return total / 2**20
