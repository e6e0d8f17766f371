"""The command line: ``python -m training audit|fit|average|evaluate``."""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import asdict, fields, replace
from pathlib import Path

from btgui.engine.errors import BtguiError, DatasetError
from btgui.engine.files import replacing
from btgui.engine.training_request import PRESETS, Recipe, TrainingRequest


def main(arguments: list[str] | None = None) -> int:
    """Run a command; exit status 0 (done), 1 (failed, the reason is on stderr) or 2 (misuse)."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        return int(options.command(options))
    except BtguiError as error:
        print(f"btgui: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("btgui: stopped. Go on later with --resume.", file=sys.stderr)
        return 1


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _audit(options: argparse.Namespace) -> int:
    from training.audit import audit
    from training.audit_report import write_report
    from training.dataset import read_dataset

    for file in filter(None, (options.report, options.json)):
        if file.exists():
            raise DatasetError(f"{file} exists already. Name a new file.")
    found = audit([scan for folder in options.dataset for scan in read_dataset(folder)], _say)
    for alarm in found.alarms() or ["Nothing suspicious was found."]:
        print(alarm)
    if options.json:
        with replacing(options.json) as temporary:
            temporary.write_text(json.dumps(found.to_json(), indent=1), encoding="utf-8")
    if options.report:
        write_report(found, options.report, ", ".join(folder.name for folder in options.dataset))
    _say(f"Done in {found.seconds:.0f} s.")
    return 0


def _fit(options: argparse.Namespace) -> int:
    from training.fit import fit

    recipe = PRESETS[options.preset]
    if options.epochs is not None:
        recipe = replace(recipe, epochs=options.epochs)
    if options.batch_size is not None:
        recipe = replace(recipe, batch_size=options.batch_size)
    recipe = replace(recipe, **dict(options.set))
    output = options.output.resolve()
    request = TrainingRequest(
        datasets=tuple(str(folder.resolve()) for folder in options.dataset),
        added=tuple(options.add),
        output=str(output),
        name=options.name,
        architecture=options.architecture,
        weights=_weights(options.weights),
        masks=str(options.masks.resolve()) if options.masks else None,
        protocol=options.protocol,
        validation_fraction=options.validation_fraction,
        seed=options.seed,
        recipe=recipe,
    )
    work = options.work or output.with_name(f"{output.name}.run")
    fit(request, work, _say, resume=options.resume)
    return 0


def _average(options: argparse.Namespace) -> int:
    from btgui.engine.model_pack import open_pack
    from training.average import average

    packs = [open_pack(folder) for folder in options.model]
    average(packs, options.run, options.output.resolve(), options.name, _say)
    return 0


def _evaluate(options: argparse.Namespace) -> int:
    from btgui.engine.model_pack import open_pack
    from training.dataset import read_dataset
    from training.evaluation import has_copy_in, measure, read_all
    from training.save_model import add_result

    pack = open_pack(options.model)
    scans = [scan for folder in options.dataset for scan in read_dataset(folder)]
    tested = [scan for scan in scans if scan.split == "test"] or scans
    trained = [scan for scan in scans if scan.split == "train"]
    readings = read_all(pack, tested, _say)
    leaked = has_copy_in(readings.scans, trained) if trained else None
    protocol = pack.card.training.get("request", {}).get("protocol", "published")
    data = options.data or ", ".join(folder.resolve().name for folder in options.dataset)
    result = measure(readings, pack.card.classes, protocol=protocol, data=data, leaked=leaked)
    print(json.dumps(asdict(result) | {"unreadable": readings.unreadable}, indent=1))
    low, high = result.interval
    _say(
        f"{pack.card.name}, {protocol} protocol: {result.correct} of {result.count} right, "
        f"{result.accuracy:.1%} (95 % interval {low:.1%} to {high:.1%})"
    )
    if options.save_to:
        add_result(pack, result, options.save_to)
        _say(f"Saved with this result to {options.save_to}.")
    return 0


def _added_folder(text: str) -> tuple[str, str]:
    folder, separator, label = text.rpartition("=")
    if not (separator and folder and label):
        raise argparse.ArgumentTypeError(f"expected FOLDER=CLASS, received {text!r}")
    return str(Path(folder).resolve()), label


def _recipe_value(text: str) -> tuple[str, float | int | None]:
    name, _, value = text.partition("=")
    known = {f.name: f for f in fields(Recipe)}
    if name not in known:
        raise argparse.ArgumentTypeError(f"expected one of {', '.join(known)}, received {name!r}")
    default = known[name].default
    if default is None and value == "none":
        return name, None
    kind: type = float if default is None else type(default)
    try:
        return name, bool(int(value)) if kind is bool else int(value) if kind is int else float(
            value
        )
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"expected a number for {name}, received {value!r}"
        ) from None


def _weights(text: str) -> str:
    return text if text in {"imagenet", "none"} else str(Path(text).resolve())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    audit = commands.add_parser("audit", help="look for copies, leaks, conflicts and shortcuts")
    audit.set_defaults(command=_audit)
    audit.add_argument("dataset", nargs="+", type=Path)
    audit.add_argument("--report", type=Path, metavar="FILE.html", help="write a page to read")
    audit.add_argument("--json", type=Path, metavar="FILE", help="write all findings as JSON")

    fit = commands.add_parser("fit", help="train a network and save it as a model pack")
    fit.set_defaults(command=_fit)
    fit.add_argument("dataset", nargs="+", type=Path, help="folder with a sub-folder a class")
    fit.add_argument("--architecture", default="mobilenetv2")
    fit.add_argument(
        "--weights",
        default="imagenet",
        help="imagenet, none, a file of base-network weights, or a model pack to go on from",
    )
    fit.add_argument(
        "--add",
        action="append",
        default=[],
        type=_added_folder,
        metavar="FOLDER=CLASS",
        help="more training scans, all of one class (may be repeated)",
    )
    fit.add_argument("--masks", type=Path, help="CSV of tumour outlines: image,mask")
    fit.add_argument("--protocol", choices=["honest", "published"], default="honest")
    fit.add_argument("--preset", choices=sorted(PRESETS), default="recommended")
    fit.add_argument("--epochs", type=int)
    fit.add_argument("--batch-size", type=int)
    fit.add_argument(
        "--set",
        action="append",
        default=[],
        type=_recipe_value,
        metavar="NAME=VALUE",
        help="change one value of the preset, such as learning_rate=0.0002 (may be repeated)",
    )
    fit.add_argument(
        "--validation-fraction",
        type=float,
        default=0.2,
        help="share of the training scans that choose the best epoch (default 0.2)",
    )
    fit.add_argument("--seed", type=int, default=1)
    fit.add_argument("--name", default="My model")
    fit.add_argument("--output", type=Path, required=True, help="folder of the new model pack")
    fit.add_argument("--work", type=Path, help="folder for cache and checkpoints")
    fit.add_argument("--resume", action="store_true", help="go on with an interrupted run")

    average = commands.add_parser("average", help="average models of one line of training")
    average.set_defaults(command=_average)
    average.add_argument("model", nargs="+", type=Path, help="folders of model packs")
    average.add_argument(
        "--run", type=Path, required=True, help="work folder of the run whose scans choose"
    )
    average.add_argument("--name", default="My model")
    average.add_argument("--output", type=Path, required=True, help="folder of the new model pack")

    evaluate = commands.add_parser("evaluate", help="measure a model on labelled scans")
    evaluate.set_defaults(command=_evaluate)
    evaluate.add_argument("model", type=Path, help="folder of a model pack")
    evaluate.add_argument("dataset", nargs="+", type=Path)
    evaluate.add_argument("--data", help="what was tested on, in words, for the card")
    evaluate.add_argument("--save-to", type=Path, help="write a pack that holds the result here")
    return parser


if __name__ == "__main__":
    sys.exit(main())
