"""``python -m training calibrate``: fit a model's probabilities to labelled scans."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from btgui.engine.counting import counted
from btgui.engine.errors import DatasetError
from training.commands import DATASET_HELP
from training.commands.telling import add_telling_to, telling
from training.control import Control
from training.destinations import check_free, check_temporary_folder
from training.event_output import Reporter, begin

if TYPE_CHECKING:
    from btgui.engine.datasets.dataset import LabelledScan
    from btgui.engine.models.pack import ModelPack


def add_to(commands: Any) -> None:  # noqa: ANN401  (argparse names no type for it)
    """Describe the command's arguments."""
    calibrate = commands.add_parser(
        "calibrate",
        help="fit a model's probabilities to labelled scans; its verdicts stay",
        description="Write a copy of a model whose probabilities suit labelled scans that did not "
        "train it. Of a data set that names test scans, these are left for the test.",
    )
    calibrate.set_defaults(command=run)
    calibrate.add_argument("model", type=Path, help="folder of a model pack")
    calibrate.add_argument("dataset", nargs="*", type=Path, help=DATASET_HELP)
    calibrate.add_argument(
        "--validation-of",
        type=Path,
        metavar="RUN",
        help="instead of a data set: the scans that chose the best epoch of the run with this "
        "work folder",
    )
    calibrate.add_argument("--output", type=Path, required=True, help="folder of the new pack")
    add_telling_to(calibrate)


def run(options: argparse.Namespace) -> int:
    """Run the command; return the exit status."""
    check_free(options.output)
    check_temporary_folder()  # what is noted of its scans goes there when all are read
    telling(options, _calibrate, Control("The calibration"))
    return 0


def _calibrate(options: argparse.Namespace, say: Reporter, control: Control) -> Path:
    from btgui.engine.models.pack import open_pack
    from training.cautions import other_split, recorded_names
    from training.evaluating.evaluation import read_all
    from training.evaluating.recalibration import recalibrate
    from training.scans.scan_record import read_record
    from training.tested_scans import names_of

    pack = open_pack(options.model)
    scans, words, split = _scans(options, say, control)
    if options.validation_of and (sentence := other_split(pack.card, split)):
        say(sentence)
    scans = _not_known(pack, scans, say)
    known_as = {name for place in options.dataset for name in names_of(place)}
    if not read_record(pack) and (trained_on := sorted(known_as & recorded_names(pack.card))):
        say(
            f"By its card, {pack.card.name} was trained on {', '.join(trained_on)}: of scans that "
            f"it knows it is surer than of new ones, and so would be its copy. Name scans that it "
            f"has not seen."
        )
    readings = read_all(pack, scans, begin(say, "reading", len(scans), control))
    for sentence in readings.unreadable:
        say(sentence)
    output = options.output.resolve()
    recalibrate(pack, readings, words, output, say)
    say(f"Saved {pack.card.name} to {output}.")
    return Path(output)


def _not_known(pack: ModelPack, scans: list[LabelledScan], say: Reporter) -> list[LabelledScan]:
    """Leave out the scans that trained a model, by its own record: it is surer of them than of new ones."""
    from training.scans.scan_record import among, trained_by

    known = among(scans, trained_by(pack) or frozenset())
    if known.all():
        raise DatasetError(
            f"All of these scans trained {pack.card.name}. Name scans that it has not seen: of those "
            f"that it knows it is surer than of new ones."
        )
    if count := int(known.sum()):
        say(f"Left out: {counted(count, 'scan')} that trained {pack.card.name}.")
    return [scan for scan, is_known in zip(scans, known, strict=True) if not is_known]


def _scans(
    options: argparse.Namespace, say: Reporter, control: Control
) -> tuple[list[LabelledScan], str, str]:
    """Return the scans to fit to, what they are in words, and the fingerprint of a run's split."""
    from btgui.engine.datasets.dataset import read_dataset, under_series_windows
    from training.fitting.material import part_of_run
    from training.scans.disjoint import check_disjoint
    from training.scans.splits import apart_from_test

    go_on = control.raise_if_stop_wanted
    if options.validation_of:
        if options.dataset:
            raise DatasetError("Name a data set, or a run with --validation-of, not both.")
        part = part_of_run(options.validation_of, say, go_on=go_on)
        return part.scans, part.words, part.fingerprint
    if not options.dataset:
        raise DatasetError("Name a data set to fit to, or --validation-of with a run's folder.")
    found = [scan for place in options.dataset for scan in read_dataset(place, go_on)]
    windowed = under_series_windows(found, go_on)
    known = [scan for scan in windowed if scan.is_known or scan.split == "test"]
    listed = [scan for scan in known if scan.split != "test"]
    check_disjoint(options.dataset, listed)
    if unknown := len(windowed) - len(known):
        say(f"Left out: {counted(unknown, 'scan')} that may be of several classes.")
    scans = apart_from_test(known, say, begin(say, "comparing", len(known), control))
    if not scans and listed:
        raise DatasetError(
            "Expected scans that share nothing with the test scans, received only copies of these "
            "and scans of their patients or heads. Name other scans: figures on scans that a model "
            "was fitted to mean little."
        )
    if not scans:
        raise DatasetError(
            "Expected scans of known classes that are not for the test, received none. "
            "Name other scans: figures on scans that a model was fitted to mean little."
        )
    return scans, ", ".join(place.resolve().name for place in options.dataset), ""
