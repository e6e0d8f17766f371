"""Starts and idle memory: whole processes, ours and what it is held against, in turn."""

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
    """Return median milliseconds from a process's start to what it shows.

    An empty window, our start screen, and our window with everything in it.
    """
    programs = ("empty_window", "our_start_screen", "our_window")
    return _times(dict.fromkeys(programs, ()), "visible", _STARTS)


def first_verdict(model: Path, scan: Path) -> dict[str, float]:
    """Return median milliseconds from a process's start to its first verdict, ours and TensorFlow's."""
    programs = {"our_verdict": (str(scan),), "tensorflow_verdict": (str(model), str(scan))}
    return _times(programs, "verdict", _VERDICTS)


def _times(programs: dict[str, tuple[str, ...]], word: str, count: int) -> dict[str, float]:
    """Return each program's median milliseconds from its start to a word, started in turn."""
    times: dict[str, list[float]] = {name: [] for name in programs}
    with tempfile.TemporaryDirectory() as home:
        for round_ in range(count + 1):
            for name, arguments in programs.items():
                started = time.perf_counter()
                process = _start(home, name, *arguments)
                _await(process, word)
                if round_:  # the first fills the disk's cache
                    times[name].append((time.perf_counter() - started) * 1000)
                process.kill()
                process.wait()
    return {name: statistics.median(taken) for name, taken in times.items()}


def idle_memory(scan: Path) -> dict[str, float]:
    """Return MiB at rest: ours with its network's process after a verdict, and TensorFlow's alone.

    What processes share is counted once (Linux: proportional set size), elsewhere the
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
    # An installed program has its modules compiled: so let every program here keep its own.
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
    raise RuntimeError(f"a program ended with {process.wait()} before it said {word!r}")


def _mib(pid: int) -> float:
    import psutil

    process = psutil.Process(pid)
    total = 0
    for one in (process, *process.children(recursive=True)):
        used = one.memory_full_info()
        total += getattr(used, "pss", used.rss)
    return total / 2**20
