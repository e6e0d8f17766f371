"""Training check of a packaged application: one epoch on synthetic scans, and a reading with the model."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path
from typing import Any

import cv2
import numpy as np

_SCANS_A_CLASS, _SIDE = 12, 96
_PATIENCE_SECONDS = 900  # limit for each command


def train_a_model(program: Path, home: Path, environment: dict[str, str]) -> dict[str, Any]:
    """Train a model, import it and read a scan with it, each on the program's command line.

    Returns
    -------
    ``ok``, with the seconds that training and reading took, or with the ``problem``.
    """
    data, model = home / "made scans", home / "made-model"
    scan = _draw_scans(data)
    start = time.perf_counter()
    arguments = ["--weights", "none", "--epochs", "1", "--batch-size", "4", "--output", str(model)]
    # Training one stage suffices; compiling all five takes most of the time.
    arguments += ["--set", "frozen_stages=4"]
    problem = _problem([program, "train", "fit", str(data), *arguments], environment)
    trained = time.perf_counter()
    if problem:
        return {"ok": False, "problem": problem}
    problem = _problem([program, "models", "import", str(model)], environment)
    identity = json.loads((model / "card.json").read_text(encoding="utf-8"))["id"]
    said = run([program, "analyze", "--json", "--model", identity, str(scan)], environment)
    lines = [json.loads(line) for line in said.stdout.splitlines()]
    if problem or not (len(lines) == 1 and lines[0].get("verdict") in {"healthy", "tumour"}):
        return {"ok": False, "problem": problem or f"{said.stdout}{said.stderr}"[-2000:]}
    return {
        "ok": True,
        "train_s": round(trained - start, 1),
        "read_s": round(time.perf_counter() - trained, 1),
    }


def _draw_scans(folder: Path) -> Path:
    """Draw two classes of heads, with and without a bright spot; return one of the files."""
    generator = np.random.default_rng(1)
    for label in ("healthy", "tumour"):
        (folder / label).mkdir(parents=True)
        for number in range(_SCANS_A_CLASS):
            picture = np.zeros((_SIDE, _SIDE), np.uint8)
            axes = tuple(int(length) for length in generator.integers(28, 42, 2))
            cv2.ellipse(picture, (48, 48), axes, float(generator.uniform(0, 180)), 0, 360, 110, -1)
            texture = cv2.resize(generator.normal(0, 30, (8, 8)), (_SIDE, _SIDE))
            picture = np.where(picture > 0, np.clip(picture + texture, 50, 255), 0).astype(np.uint8)
            if label == "tumour":
                cv2.circle(picture, (int(generator.integers(40, 56)), 44), 8, 250, -1)
            # OpenCV's imwrite does not accept every path on Windows.
            (folder / label / f"{number:02d}.png").write_bytes(
                cv2.imencode(".png", picture)[1].tobytes()
            )
    return folder / "tumour" / "00.png"


def _problem(command: list[str | Path], environment: dict[str, str]) -> str:
    done = run(command, environment)
    return "" if done.returncode == 0 else f"status {done.returncode}: {done.stderr[-2000:]}"


def run(command: list[str | Path], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run the program in the given environment, and capture its output."""
    return subprocess.run(
        command,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=_PATIENCE_SECONDS,
    )
