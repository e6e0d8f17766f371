"""Measure all speed and memory targets on this computer.

Usage:
    python -m benchmarks run SCANS [--only NAME …] [--seconds 6] [--output FILE]
    python -m benchmarks compare BEFORE.json AFTER.json
    python -m benchmarks table RESULT.json

``run`` measures with a folder of JPEG scans, prints each ratio with its target and stores the ratios
under ``benchmarks/results``; close other programs first. ``compare`` exits with 1 if a ratio is worse
by more than a tenth. ``table`` prints a result as Markdown.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.comparing import compare
from benchmarks.folder import folder_rate
from benchmarks.machine import facts
from benchmarks.starting import first_verdict, idle_memory, window_start
from benchmarks.table import table
from benchmarks.targets import NETWORKS, TARGETS

_RESULTS = Path(__file__).parent / "results"
_FOLDER_SCANS = 1000


def main() -> int:
    """Run the command; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measures all speed and memory targets on this computer.",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="measure all ratios and store them")
    run.add_argument("scans", type=Path, help="folder of JPEG scans")
    run.add_argument(
        "--only", nargs="+", metavar="NAME", help="measure only targets whose names begin or end so"
    )
    run.add_argument(
        "--seconds", type=float, default=6.0, help="duration of each comparison (default 6)"
    )
    run.add_argument(
        "--output", type=Path, help="new file (default: a dated file in benchmarks/results)"
    )
    two = commands.add_parser("compare", help="compare two stored results")
    two.add_argument("before", type=Path, help="earlier result (JSON)")
    two.add_argument("after", type=Path, help="later result (JSON)")
    one = commands.add_parser("table", help="print a stored result as Markdown")
    one.add_argument("result", type=Path, help="stored result (JSON)")
    options = parser.parse_args()
    return {"run": _run, "compare": _compare, "table": _table}[options.command](options)


def _run(options: argparse.Namespace) -> int:
    output = options.output or _RESULTS / f"{datetime.now(UTC):%Y-%m-%d-%H%M}.json"
    if output.exists():
        raise SystemExit(f"{output} exists already. Name a new file.")
    files = sorted(
        path for path in options.scans.rglob("*") if path.suffix.lower() in {".jpg", ".jpeg"}
    )
    if not files:
        raise SystemExit(f"Expected JPEG files in {options.scans}, found none.")
    result: dict[str, Any] = {"format": 1, "machine": facts(), "ratios": {}, "details": {}}
    for part, measure in _parts(files, options.seconds).items():
        if not any(_wanted(options.only, name) for name in _names(part)):
            continue
        print(f"Measuring {part} …", file=sys.stderr, flush=True)
        ratios, details = measure()
        result["ratios"] |= ratios
        result["details"][part] = details
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    missed = 0
    for target in TARGETS:
        if target.name in result["ratios"]:
            ratio = result["ratios"][target.name]
            met = target.is_met(ratio)
            missed += not met
            sign = "met   " if met else "MISSED"
            print(f"{sign} {ratio:7.2f} ({target.words:14}) {target.what}, {target.against}")
    print(f"Stored in {output}.")
    return 1 if missed else 0


def _parts(
    files: list[Path], seconds: float
) -> dict[str, Callable[[], tuple[dict[str, float], dict[str, Any]]]]:
    """Return the measurements by name; each returns its ratios and their details."""
    from btgui.engine.models.library import ModelLibrary
    from btgui.engine.paths import shipped_models_folder

    model = ModelLibrary(shipped_models_folder(), _RESULTS / "none").default_model().folder
    scan = files[0]

    def network(name: str) -> tuple[dict[str, float], dict[str, Any]]:
        found = _network(name, scan, seconds)
        return {f"{kind}/{name}": ratio for kind, ratio in found.pop("ratios").items()}, found

    def started(times: dict[str, float], name: str) -> tuple[dict[str, float], dict[str, Any]]:
        ours, theirs = times.values()
        return {name: ours / theirs}, times

    def window() -> tuple[dict[str, float], dict[str, Any]]:
        times = window_start()
        empty = times["empty_window"]
        return {
            "start-screen": times["our_start_screen"] / empty,
            "window": times["our_window"] / empty,
        }, times

    def folder() -> tuple[dict[str, float], dict[str, Any]]:
        rates = folder_rate(model, files, _FOLDER_SCANS)
        return {"folder": rates["folder"] / rates["network_alone"]}, rates

    return {
        **{f"network {name}": lambda name=name: network(name) for name in NETWORKS},
        "window": window,
        "first-verdict": lambda: started(
            first_verdict(model / "model.keras", scan), "first-verdict"
        ),
        "folder": folder,
        "memory": lambda: started(idle_memory(scan), "memory"),
    }


def _names(part: str) -> list[str]:
    network = part.removeprefix("network ")
    same = {"window": ["start-screen", "window"]}.get(part, [part])
    return [t.name for t in TARGETS if t.name in same or t.name.endswith(f"/{network}")]


def _wanted(only: list[str] | None, name: str) -> bool:
    return only is None or any(name.startswith(one) or name.endswith(f"/{one}") for one in only)


def _network(name: str, scan: Path, seconds: float) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.networks", name, str(scan), "--seconds", str(seconds)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=True,
    )
    return dict(json.loads(done.stdout))


def _compare(options: argparse.Namespace) -> int:
    before, after = (
        json.loads(file.read_text(encoding="utf-8")) for file in (options.before, options.after)
    )
    lines, good = compare(before, after)
    print("\n".join(lines))
    return 0 if good else 1


def _table(options: argparse.Namespace) -> int:
    print("\n".join(table(json.loads(options.result.read_text(encoding="utf-8")))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
