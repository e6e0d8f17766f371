"""Kills a training run at random moments until it is done, several times over.

Usage: python benchmarks/kill_and_resume.py DATASET [--times 10] [--epochs 4] [--seed 0]

Trains MobileNetV2 from scratch on a folder of class folders. Each run is killed after a random
time and gone on with until it ends; its model must verify and its history must be complete.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))


def main() -> int:
    """Kill, go on, check; exit status 1 where a run was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()

    from btgui.engine.model_pack import open_pack

    chance = random.Random(options.seed)
    for number in range(options.times):
        with tempfile.TemporaryDirectory() as place:
            output = Path(place) / "model"
            kills, start = 0, time.monotonic()
            while not _ran_to_the_end(options, output, kills, chance):
                kills += 1
            history = open_pack(output).card.training["history"]
            complete = all(len(values) == options.epochs for values in history.values())
            took = time.monotonic() - start
            what = "complete" if complete else "incomplete"
            print(f"{number + 1}: {kills} kills, {took:.0f} s, history {what}", flush=True)
            if not complete:
                return 1
    return 0


def _ran_to_the_end(
    options: argparse.Namespace, output: Path, kills: int, chance: random.Random
) -> bool:
    command = [sys.executable, "-m", "training", "fit", str(options.dataset)]
    command += ["--weights", "none", "--protocol", "published", "--batch-size", "8"]
    command += ["--epochs", str(options.epochs), "--checkpoint-minutes", "0"]
    command += ["--output", str(output)]
    if kills:
        command.append("--resume")
    # Each time it may live a little longer, so that it ends one day.
    patience = chance.uniform(5, 25 + 10 * kills)
    try:
        subprocess.run(command, cwd=ROOT, check=True, timeout=patience, stderr=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:  # subprocess has killed it
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
