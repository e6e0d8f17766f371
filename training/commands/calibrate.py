"""``python -m training calibrate``: fit a model's probabilities to labelled scans."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from btgui.engine.counting import counted
from btgui.engine.disk.folders import folder_name
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
    """Add the command and its arguments to the parser."""
    calibrate = commands.add_parser(
        "calibrate",
        help="calibrate a model's probabilities on labelled scans; its verdicts do not change",
        description="Write a copy of a model whose probabilities are calibrated on labelled scans "
        "that were not used to train it. The test scans of a data set and of the model are not used.",
    )
    calibrate.set_defaults(command=run)
    calibrate.add_argument("model", type=Path, help="folder of a model pack")
    calibrate.add_argument("dataset", nargs="*", type=Path, help=DATASET_HELP)
    calibrate.add_argument(
        "--validation-of",
        type=Path,
        metavar="RUN",
        help="instead of a data set: the validation scans of the run with this work folder, which "
        "chose its best epoch",
    )
    calibrate.add_argument(
        "--output", type=Path, required=True, help="folder of the new model pack"
    )
    add_telling_to(calibrate)


def run(options: argparse.Namespace) -> int:
    """Run the command; return the exit status."""
    check_free(options.output)
    check_temporary_folder()  # the record of the scans is written there once all are read
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
            f"According to its card, {pack.card.name} was trained on {', '.join(trained_on)}. A "
            f"model is more confident on scans that it was trained on, so its copy would be "
            f"overconfident on new ones. Name scans that it was not trained on."
        )
    readings = read_all(pack, scans, begin(say, "reading", len(scans), control))
    for sentence in readings.unreadable:
        say(sentence)
    output = options.output.resolve()
    recalibrate(pack, readings, words, output, say)
    say(f"Saved {pack.card.name} to {output}.")
    return Path(output)


def _not_known(pack: ModelPack, scans: list[LabelledScan], say: Reporter) -> list[LabelledScan]:
    """Leave out the scans that a model's own record lists as training scans or test scans.

    On the former the model is more confident than on new scans; on the latter it could not be tested any
    more.
    """
    from training.scans.scan_record import among, kept_for_test, trained_by

    name = pack.card.name
    trained = among(scans, trained_by(pack) or frozenset())
    tested = among(scans, kept_for_test(pack)) & ~trained
    if trained.all():
        raise DatasetError(
            f"{name} was trained on all of these scans, and a model is more confident on its training "
            f"scans than on new ones. Name scans that it was not trained on."
        )
    if (trained | tested).all():
        raise DatasetError(
            f"All of these scans trained {name} or were kept for its test. Name other scans: a model is "
            f"more confident on its training scans than on new ones, and test figures mean little if a "
            f"model was calibrated on the test scans."
        )
    if count := int(trained.sum()):
        say(f"Left out: {counted(count, 'scan')} that {name} was trained on.")
    if count := int(tested.sum()):
        say(f"Left out: {counted(count, 'scan')} kept for the test of {name}.")
    left_out = trained | tested
    return [scan for scan, is_known in zip(scans, left_out, strict=True) if not is_known]


def _scans(
    options: argparse.Namespace, say: Reporter, control: Control
) -> tuple[list[LabelledScan], str, str]:
    """Return the scans to calibrate on, their description, and the fingerprint of the run's split."""
    from btgui.engine.datasets.dataset import read_dataset, under_series_windows
    from training.fitting.material import part_of_run
    from training.scans.disjoint import check_disjoint
    from training.scans.splits import apart_from_test

    go_on = control.raise_if_stop_wanted
    if options.validation_of:
        if options.dataset:
            raise DatasetError("Name a data set or, with --validation-of, a run; not both.")
        part = part_of_run(options.validation_of, say, go_on=go_on)
        return part.scans, part.words, part.fingerprint
    if not options.dataset:
        raise DatasetError(
            "Name a data set to calibrate on or, with --validation-of, the work folder of a run."
        )
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
            "Expected scans unrelated to the test scans, received only copies of the test scans and "
            "scans of the same patients. Name other scans: test figures mean little if a model was "
            "calibrated on the test scans."
        )
    if not scans:
        raise DatasetError(
            "Expected scans of known class outside the test set, received none. Name other scans: "
            "test figures mean little if a model was calibrated on the test scans."
        )
    return scans, ", ".join(folder_name(place.resolve()) for place in options.dataset), ""
