"""``python -m training fit``: train a network and save it as a model pack."""

from __future__ import annotations

import argparse
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from btgui.engine.errors import TrainingError
from btgui.engine.preprocessing import PLAIN, PreprocessingParameters
from btgui.engine.training_request import NAMED_WEIGHTS, PRESETS, Recipe, TrainingRequest
from btgui.engine.training_runs.events import Command
from btgui.engine.training_runs.runs import at_work
from btgui.engine.training_runs.start import preprocessing_of_start
from training.commands import DATASET_HELP, PRESET_HELP
from training.commands.telling import add_telling_to, telling
from training.control import Control
from training.event_output import Reporter
from training.fitting.request_file import read_request
from training.networks.architectures import ARCHITECTURE_HELP

# Options that a request does not contain.
_BESIDE_A_REQUEST = {
    *("request", "work", "resume", "keep_best", "checkpoint_minutes", "events", "end_with_input"),
    *("command", "misused", "default_of"),
}


def add_to(commands: Any) -> None:  # noqa: ANN401  (argparse names no type for it)
    """Add the command and its arguments to the parser."""
    fit = commands.add_parser("fit", help="train a network and save it as a model pack")
    fit.set_defaults(command=run, misused=fit.error, default_of=fit.get_default)
    fit.add_argument("dataset", nargs="*", default=[], type=Path, help=DATASET_HELP)
    fit.add_argument(
        "--request",
        type=Path,
        metavar="FILE",
        help="training request (JSON), in place of the data set and all settings below",
    )
    fit.add_argument("--architecture", default="mobilenetv2", help=ARCHITECTURE_HELP)
    fit.add_argument(
        "--weights",
        default="imagenet",
        help="initial weights: imagenet (default), none, a file of weights of the base network, or "
        "a model pack to fine-tune",
    )
    fit.add_argument(
        "--add",
        action="append",
        default=[],
        type=_added_folder,
        metavar="FOLDER=CLASS",
        help="add training scans of one class; join several classes by '|' if each scan is of one "
        "of them and it is not known which (may be repeated)",
    )
    fit.add_argument(
        "--masks", type=Path, help="CSV table of tumour outlines (columns image, mask)"
    )
    fit.add_argument(
        "--protocol",
        choices=["honest", "published"],
        default="honest",
        help="honest (default): no training scan is a copy of a test scan or of the same patient; "
        "published: a plain split, only for comparison with the literature",
    )
    fit.add_argument(
        "--preset",
        choices=sorted(PRESETS),
        default="recommended",
        help=PRESET_HELP,
    )
    fit.add_argument("--epochs", type=int, help="number of epochs (default: the preset's)")
    fit.add_argument("--batch-size", type=int, help="scans per step (default: the preset's)")
    fit.add_argument(
        "--no-augmentation", action="store_true", help="train on the scans without augmentation"
    )
    fit.add_argument(
        "--no-preprocessing",
        action="store_true",
        help="resize, scale and use grey levels only: no crop, no filter, no colour map; without "
        "this option, a model pack keeps its own preprocessing",
    )
    fit.add_argument(
        "--set",
        action="append",
        default=[],
        type=_recipe_value,
        metavar="NAME=VALUE",
        help="change one value of the preset, such as learning_rate=0.0002 (may be repeated; an "
        "unknown name lists all names)",
    )
    fit.add_argument(
        "--validation-fraction",
        type=float,
        default=0.2,
        help="fraction of the training scans kept for validation, which chooses the best epoch "
        "(default 0.2)",
    )
    fit.add_argument(
        "--seed", type=int, default=1, help="random seed of the split and the training (default 1)"
    )
    fit.add_argument(
        "--split-seed",
        type=int,
        metavar="SEED",
        help="random seed of the split alone (default: --seed)",
    )
    fit.add_argument("--name", default="My model", help='name of the model (default "My model")')
    fit.add_argument(
        "--test-fraction",
        type=float,
        default=0.15,
        help="fraction of the scans kept for the test if no data set names test scans "
        "(default 0.15)",
    )
    fit.add_argument("--output", type=Path, help="folder of the new model pack")
    fit.add_argument(
        "--work",
        type=Path,
        help="folder for the cache and the checkpoints (default: the output folder's name plus "
        ".run)",
    )
    fit.add_argument("--resume", action="store_true", help="resume an interrupted run")
    fit.add_argument(
        "--keep-best",
        action="store_true",
        help="train no more, and save the best epoch so far of an interrupted run as the model",
    )
    fit.add_argument(
        "--checkpoint-minutes",
        type=float,
        default=5.0,
        metavar="N",
        help="within an epoch, save a checkpoint every N minutes (default 5)",
    )
    add_telling_to(fit)


def run(options: argparse.Namespace) -> int:
    """Run the command; return the exit status."""
    if options.request:
        settings = [name for name in vars(options) if name not in _BESIDE_A_REQUEST]
        if given := [one for one in settings if getattr(options, one) != options.default_of(one)]:
            options.misused(
                f"argument --request: all settings are in its file; leave out "
                f"{', '.join(_as_typed(name) for name in given)}, or change the file"
            )
    else:
        needed = {"dataset": options.dataset, "--output": options.output}
        if missing := [name for name, given in needed.items() if not given]:
            options.misused(
                f"the following arguments are required: {', '.join(missing)} (or --request)"
            )
    if not options.checkpoint_minutes >= 0:
        options.misused(
            f"argument --checkpoint-minutes: expected a number, 0 or more, received "
            f"{options.checkpoint_minutes:g}"
        )
    control = Control()
    if options.keep_best:
        control.tell(Command.FINISH)
    telling(options, _fit, control)
    return 0


def _as_typed(name: str) -> str:
    return name if name == "dataset" else f"--{name.replace('_', '-')}"


def _fit(options: argparse.Namespace, reporter: Reporter, control: Control) -> Path:
    request = _request(options, reporter)
    output = Path(request.output)
    work = options.work or output.with_name(f"{output.name}.run")
    # Lock the folder first: the imports take seconds, in which another window could start the run.
    with at_work(work):
        from training.fitting.checkpoints import Checkpoints
        from training.fitting.run import fit

        if options.keep_best and not Checkpoints(work).state().best_epoch:
            raise TrainingError(
                f"No run in {work} has finished an epoch, so there is nothing to keep. Use "
                f"--resume to continue training."
            )
        pack = fit(
            request,
            work,
            reporter,
            control,
            resume=options.resume or options.keep_best,
            checkpoint_seconds=options.checkpoint_minutes * 60,
        )
        return pack.folder


def _request(options: argparse.Namespace, reporter: Reporter) -> TrainingRequest:
    if options.request:
        return read_request(options.request, whole=not (options.resume or options.keep_best))
    from training.augmenting.augmentation import without_augmentation

    recipe = PRESETS[options.preset]
    if options.epochs is not None:
        recipe = replace(recipe, epochs=options.epochs)
    if options.batch_size is not None:
        recipe = replace(recipe, batch_size=options.batch_size)
    if options.no_augmentation:
        recipe = without_augmentation(recipe)
    recipe = replace(recipe, **dict(options.set))
    output = options.output.resolve()
    return TrainingRequest(
        datasets=tuple(str(folder.resolve()) for folder in options.dataset),
        added=tuple(options.add),
        output=str(output),
        name=options.name,
        architecture=options.architecture,
        weights=_weights(options.weights),
        masks=str(options.masks.resolve()) if options.masks else None,
        protocol=options.protocol,
        validation_fraction=options.validation_fraction,
        test_fraction=options.test_fraction,
        seed=options.seed,
        split_seed=options.split_seed,
        recipe=recipe,
        preprocessing=_preprocessing(options, reporter),
    )


def _preprocessing(options: argparse.Namespace, reporter: Reporter) -> PreprocessingParameters:
    """Return the preprocessing to use.

    With ``--no-preprocessing`` only resizing and scaling; else that of the model pack to fine-tune,
    or the default.
    """
    of_start = preprocessing_of_start(_weights(options.weights))
    usual = PreprocessingParameters()
    if not options.no_preprocessing:
        if of_start != usual:
            reporter(f"Scans are preprocessed as for {options.weights}.")
        return of_start
    if of_start != PLAIN and Path(options.weights).is_dir():
        reporter(
            f"{options.weights} was trained with preprocessing; --no-preprocessing continues its "
            f"training without."
        )
    return PLAIN


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
    is_switch = isinstance(default, bool)
    whole = is_switch or str(known[name].type).startswith("int")
    try:
        number = int(value) if whole else float(value)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"expected a number for {name}, received {value!r}"
        ) from None
    return name, bool(number) if is_switch else number


def _weights(text: str) -> str:
    return text if text in NAMED_WEIGHTS else str(Path(text).resolve())
