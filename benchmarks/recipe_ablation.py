"""Measure the contribution of each ingredient of a recipe by training with all and without each one.

Usage: python -m benchmarks.recipe_ablation REQUEST.json --into DIR [--seeds 1 2 3] [--side 112]
           [--without NAME…] [--with NAME…] [--added COLLECTION] [--done]

REQUEST.json is a training request (each RUN/request.json is one). Every variant is trained with every
seed on the same split and evaluated on its validation scans only, by: the loss at the best temperature,
so that confidence alone does not count; the accuracy, on the data sets and on the added folders
separately; and the share of the added folders' tumours that are detected at 95 % specificity there. The
table has the means with their standard deviations over seeds and, for variants, the differences from
the mean of the whole recipe. ``--added`` evaluates only those added folders that are in the given
collection; ``--side`` trains on smaller images, which takes less time; ``--done`` evaluates existing
models and trains nothing. Finished runs are not repeated, and interrupted runs are resumed: repeat the
same command to continue.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.apart import run_apart, work_of
from btgui.engine.models.pack import open_pack, read_card
from btgui.engine.softmax import softmax
from btgui.engine.training_request import Recipe, TrainingRequest
from training.calibration import fit_temperature, logits_of, negative_log_likelihood
from training.evaluating.evaluation import read_all
from training.evaluating.figures import tumour_figures
from training.fitting.material import part_of_run

WHOLE = "whole recipe"
# Recipe values without each ingredient.
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
    "moved tumours": {"transplant_probability": 0.0, "removal_probability": 0.0},
    "mixup": {"mix_alpha": 0.0},
}
# Recipe values with each further ingredient.
ADDITIONS: dict[str, dict[str, Any]] = {
    "frozen stages": {"frozen_stages": 2},
    "full balance": {"balance": 1.0},
    "stretch": {"stretch_fraction": 0.15},
    "contrast": {"contrast_probability": 0.5},
    "shading": {"shading_probability": 0.3},
    "coarseness": {"coarse_probability": 0.3},
    "moved tumours": {"transplant_probability": 0.25, "removal_probability": 0.6},
    "mixup": {"mix_alpha": 0.2},
}
# Figure, factor, decimals and column title.
FIGURES = (
    ("loss", 1, 3, "validation loss"),
    ("right", 100, 1, "accuracy: data set"),
    ("right_added", 100, 1, "accuracy: added folders"),
    ("tumours_added", 100, 1, "added tumours detected"),
)


def main() -> int:
    """Train the missing variants, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("request", type=Path, help="training request (JSON)")
    parser.add_argument("--into", type=Path, required=True, help="folder of the models")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--side", type=int, help="side of the network's input in pixels")
    parser.add_argument("--without", nargs="*", choices=list(INGREDIENTS), metavar="NAME")
    parser.add_argument(
        "--with", nargs="*", choices=list(ADDITIONS), default=[], dest="with_", metavar="NAME"
    )
    parser.add_argument("--added", default="", metavar="COLLECTION")
    parser.add_argument("--done", action="store_true", help="train nothing")
    options = parser.parse_args()
    request = TrainingRequest.from_json(json.loads(options.request.read_text(encoding="utf-8")))
    split_seed = request.seed if request.split_seed is None else request.split_seed
    figures: dict[str, dict[int, dict[str, float]]] = {}
    # Seed by seed, so that after an interruption the finished variants can be compared.
    for seed in options.seeds:
        for name, recipe in variants(request.recipe, options.without, options.with_).items():
            place = options.into.resolve() / f"{_file_name(name)}-{seed}"
            found = place.with_name(f"{place.name}.npz")
            if not found.is_file() and not options.done:
                asked = replace(request, recipe=recipe, seed=seed, split_seed=split_seed)
                _trained(replace(asked, output=str(place)), place, options.side)
            if found.is_file():
                by_seed = figures.setdefault(name, {})
                by_seed[seed] = _figures(place, request, options.added)
                print(f"{name}, seed {seed}: {by_seed[seed]}", file=sys.stderr, flush=True)
    print(table(figures))
    return 0


def variants(
    recipe: Recipe, without: list[str] | None = None, with_: list[str] | None = None
) -> dict[str, Recipe]:
    """Return the whole recipe and its variants, which differ in one ingredient, by name."""
    asked = [
        *(
            (f"without {name}", INGREDIENTS[name])
            for name in (INGREDIENTS if without is None else without)
        ),
        *((f"with {name}", ADDITIONS[name]) for name in with_ or ()),
    ]
    # Class biases would be fitted to the same scans that are evaluated here.
    recipe = replace(recipe, bias_correction=False)
    found = {WHOLE: recipe}
    for name, values in asked:
        changed = replace(recipe, **values)
        if asdict(changed) != asdict(recipe):
            found[name] = changed
    return found


def table(figures: dict[str, dict[int, dict[str, float]]]) -> str:
    """Return a table of the whole recipe's means over seeds and the variants' differences from them."""
    lines = [
        f"| recipe | seeds | {' | '.join(title for *_, title in FIGURES)} |",
        f"|---|---:|{'---:|' * len(FIGURES)}",
    ]
    whole = figures[WHOLE].values()
    for name, by_seed in figures.items():
        cells = [name, str(len(by_seed))]
        for figure, factor, digits, _title in FIGURES:
            # Not seed by seed: with another recipe, a seed gives another augmentation.
            base = 0.0 if name == WHOLE else float(np.mean([one[figure] for one in whole]))
            values = [(one[figure] - base) * factor for one in by_seed.values()]
            cells.append(_with_spread(values, digits, sign="" if name == WHOLE else "+"))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _with_spread(values: list[float], digits: int, sign: str = "") -> str:
    mean = np.mean(values)
    if np.isnan(mean):
        return "-"
    several = 2
    spread = f" ± {np.std(values, ddof=1):.{digits}f}" if len(values) >= several else ""
    return f"{mean:{sign}.{digits}f}{spread}"


def _trained(request: TrainingRequest, place: Path, side: int | None) -> None:
    """Train a variant unless its model exists, and measure it."""
    place.parent.mkdir(parents=True, exist_ok=True)
    work = work_of(place)
    if not place.is_dir():
        asked = place.with_name(f"{place.name}.request.json")
        asked.write_text(json.dumps(request.to_json()), encoding="utf-8")
        _share(place.parent, work, asked)
        again = ("--resume",) if work.is_dir() else ()
        run_apart(side, "fit", "--request", str(asked), "--work", str(work), *again)
    _measure(place, work)


def _share(folder: Path, work: Path, asked: Path) -> None:
    """Reuse the split and the preprocessed scans of an existing variant, which are the same."""
    begun = [one for one in sorted(folder.glob("*.run")) if (one / "split.json").is_file()]
    if work.exists() or not begun:
        return
    work.mkdir()
    shutil.copytree(begun[0] / "cache", work / "cache")
    shutil.copy(begun[0] / "split.json", work / "split.json")
    shutil.copy(asked, work / "request.json")


def _measure(place: Path, work: Path) -> None:
    pack = open_pack(place)
    readings = read_all(pack, part_of_run(work, print).scans)
    logits = logits_of(readings.probabilities, pack.card.temperature)
    probabilities = softmax(logits, fit_temperature(logits, readings.labels))
    sources = np.array([scan.source for scan in readings.scans])
    np.savez(f"{place}.npz", probabilities=probabilities, labels=readings.labels, sources=sources)


def _figures(place: Path, request: TrainingRequest, collection: str) -> dict[str, float]:
    said = np.load(f"{place}.npz")
    of_added, of_rest = added(said["sources"].tolist(), request, collection)
    chosen = of_added | of_rest
    return judged(
        said["probabilities"][chosen],
        said["labels"][chosen],
        of_added[chosen],
        read_card(place).healthy_index,
    )


def added(
    sources: list[str], request: TrainingRequest, collection: str = ""
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which scans are in added folders (of the collection, if given), and which in none.

    Parameters
    ----------
    sources
        (n,) source of each scan; "collection/folder" for an added folder.
    """
    folders = {f"{Path(one).parent.name}/{Path(one).name}" for one, _label in request.added}
    of_any = np.array([source in folders for source in sources], bool)
    wanted = np.array([source.startswith(f"{collection}/") for source in sources], bool)
    return of_any & (wanted if collection else True), ~of_any


def judged(
    probabilities: NDArray[np.float64],
    labels: NDArray[np.int64],
    of_added: NDArray[np.bool_],
    healthy_index: int | None,
) -> dict[str, float]:
    """Return the figures of a row of the table; NaN for a figure without scans.

    Parameters
    ----------
    probabilities, labels
        (n, classes) and (n,) of the validation scans.
    of_added
        (n,) whether each of them is in an added folder.
    """
    right = probabilities.argmax(axis=1) == labels
    tumours = tumour_figures(labels[of_added], probabilities[of_added], healthy_index)
    return {
        "loss": negative_log_likelihood(probabilities, labels),
        "right": _share_of(right[~of_added]),
        "right_added": _share_of(right[of_added]),
        "tumours_added": tumours["sensitivity_at_95"].value if tumours else float("nan"),
    }


def _share_of(right: NDArray[np.bool_]) -> float:
    return float(right.mean()) if len(right) else float("nan")


def _file_name(name: str) -> str:
    return name.replace(",", "").replace(" ", "-").lower()


if __name__ == "__main__":
    sys.exit(main())
