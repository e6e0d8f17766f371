"""``python -m training evaluate``: measure a model on labelled scans."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from btgui.engine.errors import DatasetError
from btgui.engine.files import replacing
from training.commands.progress import say


def add_to(commands: Any) -> None:  # noqa: ANN401  (argparse names no type for it)
    """Describe the command's arguments."""
    evaluate = commands.add_parser("evaluate", help="measure a model on labelled scans")
    evaluate.set_defaults(command=run)
    evaluate.add_argument("model", type=Path, help="folder of a model pack")
    evaluate.add_argument("dataset", nargs="*", type=Path)
    evaluate.add_argument(
        "--validation-of",
        type=Path,
        metavar="RUN",
        help="instead of a data set: the scans that chose the best epoch of the run with this "
        "work folder",
    )
    evaluate.add_argument("--data", help="what was tested on, in words, for the card")
    evaluate.add_argument("--report", type=Path, metavar="DIR", help="write a page to read here")
    evaluate.add_argument("--json", type=Path, metavar="FILE", help="write all figures here")
    evaluate.add_argument(
        "--masks", type=Path, help="CSV of tumour outlines: measure the heatmaps against them"
    )
    evaluate.add_argument(
        "--explain-limit",
        type=int,
        default=300,
        metavar="N",
        help="of the outlined scans, explain at most so many (default 300)",
    )
    evaluate.add_argument(
        "--planes", type=Path, metavar="CSV", help="columns image and plane: figures by plane"
    )
    evaluate.add_argument(
        "--group-by",
        metavar="REGEX",
        help="figures by what this finds in file names, such as '_(T1C|T1|T2)_' for sequences",
    )
    evaluate.add_argument(
        "--strangers",
        action="append",
        default=[],
        type=Path,
        metavar="FOLDER",
        help="abnormal scans of kinds that the model does not know: how many it calls healthy",
    )
    evaluate.add_argument("--save-to", type=Path, help="write a pack that holds the result here")


def run(options: argparse.Namespace) -> int:
    """Run the command; return the exit status."""
    from btgui.engine.model_pack import open_pack
    from training.evaluating.examination import add_explanations, add_strangers, examine
    from training.evaluating.groups import by_copies, by_name, by_plane, by_source
    from training.evaluating.report import write_report
    from training.evaluation import measure, read_all
    from training.masks import read_masks
    from training.save_model import add_result

    if options.json and options.json.exists():
        raise DatasetError(f"{options.json} exists already. Name a new file.")
    pack = open_pack(options.model)
    tested, trained, folders, data = _scans(options)
    readings = read_all(pack, tested, say)
    groups = {"By folder": by_source(readings.scans)}
    leaked = None
    if trained:
        say("Looking for copies of training scans …")
        groups["By likeness to the training folder"] = copies = by_copies(readings.scans, trained)
        leaked = copies["copies of training scans"]
    if options.planes:
        groups["By plane"] = by_plane(readings.scans, options.planes, folders)
    if options.group_by:
        groups["By name"] = by_name(readings.scans, options.group_by)
    protocol = pack.card.training.get("request", {}).get("protocol", "published")
    result = measure(readings, pack.card.classes, protocol=protocol, data=data, leaked=leaked)
    found = examine(pack, readings, result, groups)
    if options.strangers:
        found = add_strangers(found, options.strangers, say)
    if options.masks:
        masks = read_masks(options.masks, folders)
        found = add_explanations(found, masks, options.explain_limit, 0, say)
    print(json.dumps(found.to_json(), indent=1))
    if options.json:
        with replacing(options.json) as temporary:
            temporary.write_text(json.dumps(found.to_json(), indent=1), encoding="utf-8")
    if options.report:
        say(f"Wrote {write_report(found, options.report)}.")
    low, high = result.interval
    say(
        f"{pack.card.name}, {protocol} protocol: {result.correct} of {result.count} right, "
        f"{result.accuracy:.1%} (95 % interval {low:.1%} to {high:.1%})"
    )
    if options.save_to:
        add_result(pack, result, options.save_to)
        say(f"Saved with this result to {options.save_to}.")
    return 0


def _scans(options: argparse.Namespace) -> tuple[list[Any], list[Any], list[Path], str]:
    """Return the scans to test on, the training folder's, the data-set folders, and words."""
    from btgui.engine.dataset import read_dataset
    from training.material import gather, request_of, split

    if options.validation_of:
        if options.dataset:
            raise DatasetError("Name a data set or --validation-of, not both.")
        request = request_of(options.validation_of)
        material = split(request, gather(request), options.validation_of, say)
        known = [s for s in material.splits.validation if len(s.possible_classes) == 1]
        folders = [Path(folder) for folder in request.datasets]
        name = options.validation_of.resolve().name
        return known, [], folders, options.data or f"the validation scans of {name}"
    if not options.dataset:
        raise DatasetError("Name a data set to test on, or --validation-of with a run's folder.")
    scans = [scan for folder in options.dataset for scan in read_dataset(folder)]
    tested = [scan for scan in scans if scan.split == "test"] or scans
    trained = [scan for scan in scans if scan.split == "train"]
    data = options.data or ", ".join(folder.resolve().name for folder in options.dataset)
    return tested, trained, options.dataset, data
