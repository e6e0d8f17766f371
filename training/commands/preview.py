"""``python -m training preview``: write some scans as a network would receive them in training."""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from btgui.engine.counting import counted
from btgui.engine.errors import TrainingError
from btgui.engine.training_request import PRESETS, TrainingRequest
from training.commands import DATASET_HELP, PRESET_HELP, check_least
from training.commands.telling import add_telling_to, telling
from training.control import Control
from training.destinations import check_free, check_new_file, write_json
from training.event_output import Reporter
from training.fitting.request_file import read_request


def add_to(commands: Any) -> None:  # noqa: ANN401  (argparse names no type for it)
    """Add the command and its arguments to the parser."""
    preview = commands.add_parser(
        "preview", help="write preprocessed and augmented example scans as PNG files"
    )
    preview.set_defaults(command=run, misused=preview.error)
    preview.add_argument("dataset", nargs="*", type=Path, help=DATASET_HELP)
    preview.add_argument(
        "--request",
        type=Path,
        metavar="FILE",
        help="training request (JSON), in place of the data set and --preset",
    )
    preview.add_argument("--preset", choices=sorted(PRESETS), help=PRESET_HELP)
    preview.add_argument(
        "--into", type=Path, required=True, metavar="DIR", help="new folder to write to"
    )
    preview.add_argument("--count", type=int, default=8, help="number of scans (default 8)")
    preview.add_argument(
        "--changes", type=int, default=3, help="augmented variants per scan (default 3)"
    )
    preview.add_argument("--seed", type=int, default=1, help="random seed (default 1)")
    preview.add_argument("--json", type=Path, metavar="FILE", help="list the images as JSON")
    add_telling_to(preview)


def run(options: argparse.Namespace) -> int:
    """Run the command; return the exit status."""
    if options.request and (options.dataset or options.preset):
        options.misused(
            "argument --request: all settings are in its file; leave out the data set and --preset, "
            "or change the file"
        )
    if not (options.request or options.dataset):
        options.misused("the following arguments are required: dataset (or --request)")
    telling(options, _preview, Control())
    return 0


def _preview(options: argparse.Namespace, reporter: Reporter, control: Control) -> None:
    from training.fitting.material import gather
    from training.fitting.preview import preview
    from training.fitting.request_check import check_values
    from training.networks.architectures import architecture

    check_free(options.into)
    if options.json and options.json.resolve().parent != options.into.resolve():
        check_new_file(options.json)
    request = _request(options)
    check_values(replace(request, seed=options.seed))
    check_least(options, count=1, changes=0)
    known = architecture(request.architecture)
    request = replace(
        request,
        preprocessing=replace(
            request.preprocessing,
            input_height=known.input_side,
            input_width=known.input_side,
        ),
    )
    scans = [scan for scan in gather(request, control.raise_if_stop_wanted) if scan.split != "test"]
    try:
        with _new_folder(options.into):
            samples = preview(
                scans,
                request,
                options.into,
                reporter,
                control,
                count=options.count,
                changes=options.changes,
                seed=options.seed,
            )
            if options.json:
                write_json(options.json, [sample.to_json() for sample in samples])
    except OSError as error:
        raise TrainingError(
            f"The preview cannot be written to {options.into} ({error}). Free some space, or "
            f"check that you have write permission there."
        ) from error
    reporter(
        f"Wrote {counted(len(samples), 'scan')}, each unaugmented and in "
        f"{counted(options.changes, 'augmented variant')}."
    )


@contextmanager
def _new_folder(place: Path) -> Iterator[None]:
    """Make a folder for the duration of the block; remove it again if the block fails."""
    place.mkdir(parents=True)
    try:
        yield
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise


def _request(options: argparse.Namespace) -> TrainingRequest:
    if options.request:
        return read_request(options.request)
    return TrainingRequest(
        datasets=tuple(str(place.resolve()) for place in options.dataset),
        output="",
        name="Preview",
        recipe=PRESETS[options.preset or "recommended"],
    )
