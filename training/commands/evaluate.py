"""``python -m training evaluate``: measure a model on labelled scans."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from btgui.engine.errors import DatasetError
from btgui.engine.files import replacing
from training.commands.telling import add_telling_to, telling
from training.control import Control
from training.reporting import Reporter, begin

if TYPE_CHECKING:
    from btgui.engine.dataset import LabelledScan
    from training.evaluating.groups import Groups

_BY_COPIES = "By likeness to the training folder"


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
    evaluate.add_argument(
        "--test-of",
        type=Path,
        metavar="RUN",
        help="instead of a data set: the scans that this run kept for the test or, where it kept "
        "none, those that chose its best epoch",
    )
    evaluate.add_argument(
        "--against", type=Path, metavar="MODEL", help="compare with this model on the same scans"
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
    add_telling_to(evaluate)


def run(options: argparse.Namespace) -> int:
    """Run the command; return the exit status."""
    if options.json and options.json.exists():
        raise DatasetError(f"{options.json} exists already. Name a new file.")
    telling(options, lambda reporter, control: _evaluate(options, reporter, control))
    return 0


def _evaluate(options: argparse.Namespace, say: Reporter, control: Control) -> None:
    from btgui.engine.model_pack import open_pack
    from training.evaluating.details import against, reliability, scan_rows
    from training.evaluating.examination import add_explanations, add_strangers, examine
    from training.evaluating.report import write_report
    from training.evaluation import measure, read_all
    from training.masks import read_masks
    from training.save_model import add_result

    pack = open_pack(options.model)
    tested, trained, folders, data = _scans(options, say)
    other = open_pack(options.against) if options.against else None
    counted = begin(say, "reading", len(tested) * (1 if other is None else 2), control)
    readings = read_all(pack, tested, say, counted)
    groups = _groups(options, readings.scans, trained, folders, say)
    copies = groups.get(_BY_COPIES)
    leaked = copies["copies of training scans"] if copies else None
    protocol = pack.card.training.get("request", {}).get("protocol", "published")
    result = measure(readings, pack.card.classes, protocol=protocol, data=data, leaked=leaked)
    found = examine(pack, readings, result, groups)
    if options.strangers:
        found = add_strangers(found, options.strangers, say)
    if options.masks:
        masks = read_masks(options.masks, folders)
        found = add_explanations(found, masks, options.explain_limit, 0, say)
    figures = found.to_json() | {
        "model": pack.card.name,
        "class_order": list(pack.card.classes),
        "display_names": list(pack.card.display_names),
        "reliability": reliability(readings),
    }
    if other is not None:
        theirs = read_all(other, tested, say, lambda done: counted(len(tested) + done))
        figures["against"] = against((pack, readings), (other, theirs))
    if not options.events:
        print(json.dumps(figures, indent=1))
    if options.json:
        rows = {"scans": scan_rows(readings, pack.card.classes)}
        with replacing(options.json) as temporary:
            temporary.write_text(json.dumps(figures | rows, indent=1), encoding="utf-8")
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


def _groups(
    options: argparse.Namespace,
    read: list[LabelledScan],
    trained: list[LabelledScan],
    folders: list[Path],
    say: Reporter,
) -> dict[str, Groups]:
    """Return every way to part the scans that was asked for or is known."""
    from training.evaluating.groups import by_copies, by_name, by_plane, by_source

    groups = {"By folder": by_source(read)}
    if trained:
        say("Looking for copies of training scans …")
        groups[_BY_COPIES] = by_copies(read, trained)
    if options.planes:
        groups["By plane"] = by_plane(read, options.planes, folders)
    if options.group_by:
        groups["By name"] = by_name(read, options.group_by)
    return groups


def _scans(
    options: argparse.Namespace, say: Reporter
) -> tuple[list[Any], list[Any], list[Path], str]:
    """Return the scans to test on, the training folder's, the data-set folders, and words."""
    from btgui.engine.dataset import read_dataset
    from training.material import gather, request_of, split

    if run := options.validation_of or options.test_of:
        if options.dataset:
            raise DatasetError("Name a data set, or a run with --validation-of or --test-of.")
        request = request_of(run)
        splits = split(request, gather(request), run, say).splits
        is_test = bool(options.test_of and splits.test)
        part = splits.test if is_test else splits.validation
        known = [scan for scan in part if len(scan.possible_classes) == 1]
        folders = [Path(folder) for folder in request.datasets]
        words = "the test scans" if is_test else "the validation scans"
        names = ", ".join(folder.name for folder in folders)
        return known, [], folders, options.data or f"{words} of {names}"
    if not options.dataset:
        raise DatasetError("Name a data set to test on, or --validation-of with a run's folder.")
    scans = [scan for folder in options.dataset for scan in read_dataset(folder)]
    tested = [scan for scan in scans if scan.split == "test"] or scans
    trained = [scan for scan in scans if scan.split == "train"]
    data = options.data or ", ".join(folder.resolve().name for folder in options.dataset)
    return tested, trained, options.dataset, data
