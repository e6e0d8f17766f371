"""Measure how much a model forgets of one collection when fine-tuned on another, by start share.

Usage: python -m benchmarks.going_on BASE OWN --weights FILE --into DIR
           [--shares 0 0.3 0.5] [--seeds 1 2] [--side 112]

A model is trained on the data set BASE from a file of ImageNet weights. It is then fine-tuned on the
data set OWN, for six epochs of the recommended preset with two frozen stages, with every seed and
``start_share``. Each model is evaluated on the validation scans of both data sets. OWN must have the
classes of BASE. ``--side`` trains on smaller images, which takes less time. Existing models are not
trained again, and interrupted runs are resumed: repeat the same command to continue.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.apart import run_apart, work_of

_EPOCHS = 6
_FIT = ("--set", "frozen_stages=2", "--set", "bias_correction=0", "--epochs", str(_EPOCHS))


def main() -> int:
    """Train the missing models, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("base", help="data set of the base model")
    parser.add_argument("own", help="data set to fine-tune on")
    parser.add_argument("--weights", required=True, help="file of ImageNet weights")
    parser.add_argument("--into", type=Path, required=True, help="folder of the models")
    parser.add_argument("--shares", type=float, nargs="+", default=[0.0, 0.3, 0.5])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--side", type=int, help="side of the network's input in pixels")
    options = parser.parse_args()
    into = options.into.resolve()
    into.mkdir(parents=True, exist_ok=True)
    base = into / "base"
    first = ("--weights", options.weights, "--validation-fraction", "0.15", "--seed", "1")
    _fit(base, options.side, options.base, *first)
    own_run = work_of(into / f"share-{options.shares[0]:g}-{options.seeds[0]}")
    found: dict[str, list[dict[str, float]]] = {}
    for seed in options.seeds:
        for share in options.shares:
            place = into / f"share-{share:g}-{seed}"
            going_on = ("--weights", str(base), "--seed", str(seed), "--split-seed", "5")
            kept = ("--validation-fraction", "0.3", "--test-fraction", "0")
            changed = ("--set", f"start_share={share}")
            _fit(place, options.side, options.own, *going_on, *kept, *changed)
            figures = _figures(place, options.side, own_run, work_of(base))
            found.setdefault(f"{share:g}", []).append(figures)
            print(f"share {share:g}, seed {seed}: {figures}", file=sys.stderr, flush=True)
    print(
        "| start share | seeds | own: accuracy | own: tumours detected | base: accuracy | "
        "base: tumours detected |"
    )
    print("|---:|---:|---:|---:|---:|---:|")
    rows = {"base model": [_figures(base, options.side, own_run, work_of(base))], **found}
    for name, figures_of in rows.items():
        cells = [_cell([one[figure] for one in figures_of]) for figure in figures_of[0]]
        print(f"| {name} | {len(figures_of)} | {' | '.join(cells)} |")
    return 0


def _cell(values: list[float]) -> str:
    spread = f" ± {np.std(values, ddof=1) * 100:.1f}" if len(values) > 1 else ""
    return f"{np.mean(values) * 100:.1f}{spread} %"


def _fit(place: Path, side: int | None, *arguments: str) -> None:
    if place.is_dir():
        return
    again = ("--resume",) if work_of(place).is_dir() else ()
    places = ("--name", place.name, "--output", str(place), "--work", str(work_of(place)))
    run_apart(side, "fit", *arguments, *_FIT, *places, *again)


def _figures(place: Path, side: int | None, own: Path, base: Path) -> dict[str, float]:
    figures: dict[str, float] = {}
    for name, run in (("own", own), ("base", base)):
        file = place.with_name(f"{place.name}-{name}.json")
        if not file.is_file():
            run_apart(
                side, "evaluate", str(place), "--validation-of", str(run), "--json", str(file)
            )
        evaluation: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        figures[f"{name} accuracy"] = evaluation["accuracy"]
        figures[f"{name} tumours detected"] = evaluation["tumour_or_not"]["sensitivity_at_95"][
            "value"
        ]
    return figures


if __name__ == "__main__":
    sys.exit(main())
