"""Measures what each ingredient of a recipe gives: trains with all, and without one after the other.

Usage: python benchmarks/recipe_ablation.py REQUEST.json --into DIR [--seeds 1 2 3] [--without NAME…]

REQUEST.json is a training request (each RUN/request.json is one). Every variant is trained with every
seed on one and the same split, and judged on its validation scans alone: accuracy, and the loss at
the best temperature, so that a recipe is not judged by how sure it makes a network. Told are the means
and, seed by seed, the differences from the whole recipe. Runs that are done are not run again, and
one that was interrupted goes on: the same command goes on where it ended.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from btgui.engine.training_request import Recipe, TrainingRequest  # noqa: E402

WHOLE = "whole recipe"
# What a recipe does without an ingredient.
INGREDIENTS: dict[str, dict[str, Any]] = {
    "warm-up": {"warmup_epochs": 0.0},
    "cosine schedule": {"cosine_decay": False},
    "weight decay": {"weight_decay": 0.0},
    "label smoothing": {"label_smoothing": 0.0},
    "BatchNormalization momentum": {"batch_norm_momentum": None},
    "weight averaging": {"weight_average_momentum": None},
    "class weights": {"class_weights": False},
    "balanced drawing": {"balance": 0.0},
    "mask loss": {"mask_loss_weight": 0.0},
    "frozen stages": {"frozen_stages": 0},
    "zoom and stretch": {"zoom_fraction": 0.0, "stretch_fraction": 0.0},
    "tone curves": {"tone_probability": 0.0},
    "contrast, shading, coarseness": {
        "contrast_probability": 0.0,
        "shading_probability": 0.0,
        "coarse_probability": 0.0,
    },
    "noise and blur": {"noise_probability": 0.0, "blur_probability": 0.0},
    "erasing": {"erase_probability": 0.0},
}


def main() -> int:
    """Train what is not trained yet, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("request", type=Path)
    parser.add_argument("--into", type=Path, required=True)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--without", nargs="*", choices=list(INGREDIENTS), metavar="NAME")
    options = parser.parse_args()
    request = TrainingRequest.from_json(json.loads(options.request.read_text(encoding="utf-8")))
    split_seed = request.seed if request.split_seed is None else request.split_seed
    figures: dict[str, dict[int, dict[str, float]]] = {}
    # Seed by seed, so that what is there already compares whenever this is interrupted.
    for seed in options.seeds:
        for name, recipe in variants(request.recipe, options.without).items():
            place = options.into / f"{_file_name(name)}-{seed}"
            asked = replace(
                request, recipe=recipe, seed=seed, split_seed=split_seed, output=str(place)
            )
            figures.setdefault(name, {})[seed] = _trained(asked, place)
            print(table(figures), flush=True)
    (options.into / "ablation.json").write_text(json.dumps(figures, indent=1), encoding="utf-8")
    return 0


def variants(recipe: Recipe, without: list[str] | None = None) -> dict[str, Recipe]:
    """Return the whole recipe and, by what it lacks, those without one of its ingredients."""
    found = {WHOLE: recipe}
    for name in INGREDIENTS if without is None else without:
        changed = replace(recipe, **INGREDIENTS[name])
        if asdict(changed) != asdict(recipe):
            found[f"without {name}"] = changed
    return found


def table(figures: dict[str, dict[int, dict[str, float]]]) -> str:
    """Return means over seeds and mean differences from the whole recipe, with their spread."""
    lines = ["| recipe | seeds | validation loss | against whole | accuracy | against whole |"]
    lines.append("|---|---:|---:|---:|---:|---:|")
    whole = figures[WHOLE]
    for name, by_seed in figures.items():
        cells = [name, str(len(by_seed))]
        for figure, factor, digits in (("loss", 1, 3), ("accuracy", 100, 1)):
            values = [one[figure] * factor for one in by_seed.values()]
            shared = [seed for seed in by_seed if seed in whole]
            gaps = [(by_seed[seed][figure] - whole[seed][figure]) * factor for seed in shared]
            cells.append(_with_spread(values, digits))
            cells.append("" if name == WHOLE else _with_spread(gaps, digits, sign="+"))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _with_spread(values: list[float], digits: int, sign: str = "") -> str:
    mean = f"{statistics.mean(values):{sign}.{digits}f}"
    several = 2
    if len(values) < several:
        return mean
    return f"{mean} ± {statistics.stdev(values):.{digits}f}"


def _trained(request: TrainingRequest, place: Path) -> dict[str, float]:
    """Train unless that is done; return the figures on the validation scans."""
    found = place.with_name(f"{place.name}.json")
    if not found.is_file():
        work = place.with_name(f"{place.name}.run")
        if not place.is_dir():
            _fit(request, place, work)
        figures = _measured(place, work)
        found.write_text(json.dumps(figures), encoding="utf-8")
    figures = json.loads(found.read_text(encoding="utf-8"))
    return {name: float(value) for name, value in figures.items()}


def _fit(request: TrainingRequest, place: Path, work: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    asked = place.with_name(f"{place.name}.request.json")
    asked.write_text(json.dumps(request.to_json()), encoding="utf-8")
    command = [sys.executable, "-m", "training", "fit", "--request", str(asked.resolve())]
    command += ["--work", str(work.resolve())]
    if work.is_dir():
        command.append("--resume")
    subprocess.run(command, cwd=ROOT, check=True)


def _measured(place: Path, work: Path) -> dict[str, float]:
    from btgui.engine.model_pack import open_pack
    from training.average import load_network
    from training.calibration import fit_temperature, negative_log_likelihood, softmax
    from training.material import gather, request_of, split
    from training.validation import validation_logits

    request = request_of(work)
    material = split(request, gather(request), work, print)
    scans = material.preprocessed(material.splits.validation, print)
    network = load_network(open_pack(place), material.request, len(material.classes))
    logits, labels = validation_logits(network, material.request, material.classes, scans)
    probabilities = softmax(logits, fit_temperature(logits, labels))
    return {
        "loss": negative_log_likelihood(probabilities, labels),
        "accuracy": float((logits.argmax(axis=1) == labels).mean()),
    }


def _file_name(name: str) -> str:
    return name.replace(",", "").replace(" ", "-").lower()


if __name__ == "__main__":
    sys.exit(main())
