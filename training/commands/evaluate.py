"""``python -m training evaluate``: measure a model on labelled scans."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from training.commands.progress import say


def add_to(commands: Any) -> None:  # noqa: ANN401  (argparse names no type for it)
    """Describe the command's arguments."""
    evaluate = commands.add_parser("evaluate", help="measure a model on labelled scans")
    evaluate.set_defaults(command=run)
    evaluate.add_argument("model", type=Path, help="folder of a model pack")
    evaluate.add_argument("dataset", nargs="+", type=Path)
    evaluate.add_argument("--data", help="what was tested on, in words, for the card")
    evaluate.add_argument("--save-to", type=Path, help="write a pack that holds the result here")


def run(options: argparse.Namespace) -> int:
    """Run the command; return the exit status."""
    from btgui.engine.model_pack import open_pack
    from training.dataset import read_dataset
    from training.evaluation import has_copy_in, measure, read_all
    from training.save_model import add_result

    pack = open_pack(options.model)
    scans = [scan for folder in options.dataset for scan in read_dataset(folder)]
    tested = [scan for scan in scans if scan.split == "test"] or scans
    trained = [scan for scan in scans if scan.split == "train"]
    readings = read_all(pack, tested, say)
    leaked = has_copy_in(readings.scans, trained) if trained else None
    protocol = pack.card.training.get("request", {}).get("protocol", "published")
    data = options.data or ", ".join(folder.resolve().name for folder in options.dataset)
    result = measure(readings, pack.card.classes, protocol=protocol, data=data, leaked=leaked)
    print(json.dumps(asdict(result) | {"unreadable": readings.unreadable}, indent=1))
    low, high = result.interval
    say(
        f"{pack.card.name}, {protocol} protocol: {result.correct} of {result.count} right, "
        f"{result.accuracy:.1%} (95 % interval {low:.1%} to {high:.1%})"
    )
    if options.save_to:
        add_result(pack, result, options.save_to)
        say(f"Saved with this result to {options.save_to}.")
    return 0
