"""``python -m training evaluate``: measure a model on labelled scans."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any

from btgui.engine.errors import DatasetError, ModelPackError
from btgui.engine.percentages import percent_exactly
from btgui.engine.training_runs.events import Message
from training.commands import DATASET_HELP, PATIENTS_HELP, check_least
from training.commands.telling import add_telling_to, telling
from training.control import Control
from training.destinations import check_new_file, check_temporary_folder, write_json
from training.event_output import Reporter, begin
from training.reports.place import PLACE_HELP, check_place, write_to
from training.reports.scan_list import LIST_HELP, write_scan_list

if TYPE_CHECKING:
    from btgui.engine.datasets.dataset import LabelledScan
    from btgui.engine.models.card import TestResult
    from btgui.engine.models.pack import ModelPack
    from training.evaluating.evaluation import Readings
    from training.evaluating.examination import Examination
    from training.evaluating.groups import Groups
    from training.evaluating.patients import Patients
    from training.tested_scans import Tested

_BY_COPIES = "By likeness to the training folder"


def add_to(commands: Any) -> None:  # noqa: ANN401  (argparse names no type for it)
    """Describe the command's arguments."""
    evaluate = commands.add_parser("evaluate", help="measure a model on labelled scans")
    evaluate.set_defaults(command=run)
    evaluate.add_argument("model", type=Path, help="folder of a model pack")
    evaluate.add_argument("dataset", nargs="*", type=Path, help=DATASET_HELP)
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
    evaluate.add_argument("--report", type=Path, metavar="PLACE", help=PLACE_HELP)
    evaluate.add_argument("--scan-list", type=Path, metavar="FILE", help=LIST_HELP)
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
    evaluate.add_argument("--patients", metavar="REGEX", help=PATIENTS_HELP)
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
    check_new_file(options.json)
    check_new_file(options.scan_list)
    check_place(options.report)
    if options.save_to and options.save_to.exists():
        raise DatasetError(f"{options.save_to} exists already. Name a new folder for the model.")
    check_least(options, explain_limit=1)
    if options.masks:  # Keras measures heatmaps, when all else is done
        check_temporary_folder()
    telling(options, _evaluate, Control("The evaluation"))
    return 0


def _evaluate(options: argparse.Namespace, say: Reporter, control: Control) -> None:
    from btgui.engine.models.pack import open_pack
    from training.cautions import trained_on_these
    from training.evaluating.cautions import cautions_of
    from training.evaluating.details import against, reliability
    from training.evaluating.evaluation import measure
    from training.evaluating.examination import (
        add_explanations,
        add_strangers,
        examine,
    )
    from training.evaluating.groups import COPIES
    from training.evaluating.patients import patients_of
    from training.evaluating.report import write_report
    from training.evaluating.strangers import list_strangers
    from training.scans.masks import read_masks

    pack = open_pack(options.model)
    tested = _chosen(options, say, control)
    folders = tested.part.folders if tested.part else options.dataset
    other = open_pack(options.against) if options.against else None
    # Whatever is wrong with what was asked for is told before the reading, which takes long.
    go_on = control.raise_if_stop_wanted
    strangers = list_strangers(pack, options.strangers, say, go_on, patients=options.patients)
    masks = read_masks(options.masks, folders, say) if options.masks else None
    _groups(options, [], folders)
    packs = [pack] if other is None else [pack, other]
    readings, *of_other = _read_by_each(packs, tested.scans, say, control)
    copies = _copies(readings.scans, tested.trained, say, control)
    leaked = copies[COPIES] if copies else None
    groups = _groups(options, readings.scans, folders)
    groups |= {_BY_COPIES: copies} if copies else {}
    patients = patients_of(readings.scans, say, tested.trained)
    result = measure(
        readings,
        pack.card.classes,
        protocol=pack.card.protocol,
        data=options.data or tested.words,
        patients=patients.numbers,
        leaked=leaked,
    )
    cautions = cautions_of(pack, tested, readings.scans, result, leaked)
    if other is not None:
        cautions += filter(None, [trained_on_these(_beside(pack, other), other, readings.scans)])
    found = examine(pack, readings, result, groups, cautions, patients)
    if other is not None:
        found = replace(found, against=against((pack, readings), (other, of_other[0]), patients))
    if strangers:
        found = add_strangers(found, strangers, go_on)
    if masks is not None:
        found = add_explanations(found, masks, options.explain_limit, say, go_on)
    figures = found.to_json() | {
        "model": pack.card.name,
        "class_order": list(pack.card.classes),
        "display_names": list(pack.card.display_names),
        "reliability": reliability(readings),
        # Whether these scans chose the model's best epoch: then they are no test.
        "chose": tested.chose,
    }
    if not options.events:
        _show(found, figures, say)
    _write(options, figures, readings, pack.card.classes)
    if options.report:
        begin(say, "reporting", 0, control)
        page = write_to(options.report, lambda folder: write_report(found, folder))
        say(f"Wrote {page}.")
    for caution in cautions:
        say(caution)
    say(_in_words(pack, result, patients))
    if options.save_to:
        _save(options, pack, result, tested, say)


def _beside(pack: ModelPack, other: ModelPack) -> str:
    """Return what stands for the other model: a calibrated copy and its original have one name."""
    return other.card.name if other.card.name != pack.card.name else other.card.id


def _write(
    options: argparse.Namespace,
    figures: dict[str, Any],
    readings: Readings,
    classes: tuple[str, ...],
) -> None:
    from training.evaluating.details import scan_rows

    if options.json:
        write_json(options.json, figures | {"scans": scan_rows(readings, classes)})
    if options.scan_list:
        said = {"": readings.probabilities}
        write_scan_list(options.scan_list, readings.scans, classes, said)


def _show(found: Examination, figures: dict[str, Any], say: Reporter) -> None:
    """Tell a terminal what matters most, and a file or a pipe all figures."""
    if sys.stdout.isatty():
        say(_for_a_person(found))
    else:
        print(json.dumps(figures, indent=1))


def _for_a_person(found: Examination) -> str:
    """Return the figures that matter most, as lines for a terminal."""
    from training.evaluating.details import name_of_all
    from training.reports.page import p_value

    card, result = found.pack.card, found.result
    rows = [["", "scans", "recall", "precision", "F1"]]
    for name, shown in zip(card.classes, card.display_names, strict=True):
        shares = (found.classes[name][which].value for which in ("recall", "precision", "f1"))
        rows.append([shown, f"{result.per_class[name]['count']:,}", *map(_percent, shares)])
    width = max(len(name) for name, *_ in rows)
    lines = [f"{name:{width}}" + "".join(f"{cell:>11}" for cell in cells) for name, *cells in rows]
    if found.tumour:
        shares = (found.tumour[which].value for which in ("sensitivity", "specificity"))
        lines.append(
            "Tumours called a tumour: {}. Healthy called healthy: {}.".format(
                *map(_percent, shares)
            )
        )
    if (free := result.leak_free) and free["count"]:
        lines.append(
            f"Without a copy in the training folder: {free['correct']:,} of {free['count']:,} right, "
            f"{percent_exactly(free['accuracy'])}."
        )
    error, chance = found.calibration_error["after"].value, found.calibration_by_chance["after"]
    lines.append(f"Calibration error: {_percent(error)} ({_percent(chance)} by chance alone).")
    if found.against is not None:
        part = found.against["parts"][name_of_all(card.classes)]
        who = found.against["model_id" if found.against["model"] == card.name else "model"]
        right, p = _percent(part["second"]), p_value(part["p_value"])
        lines.append(f"{who}: {right} right on the same scans, p {p}.")
    return "\n".join([*lines, "All figures: --json FILE, or --report PLACE to read."])


def _percent(share: float) -> str:
    return "-" if isnan(share) else percent_exactly(share)


def _in_words(pack: ModelPack, result: TestResult, patients: Patients) -> str:
    low, high = result.interval
    return (
        f"{pack.card.name}, {pack.card.protocol} protocol: {result.correct} of {result.count} right, "
        f"{percent_exactly(result.accuracy)} (95 % interval {percent_exactly(low)} to "
        f"{percent_exactly(high)}, of {patients.in_words})"
    )


def _save(
    options: argparse.Namespace,
    pack: ModelPack,
    result: TestResult,
    tested: Tested,
    say: Reporter,
) -> None:
    """Write the pack that holds the result.

    Raises
    ------
    ModelPackError
        It cannot be written; a program that runs the command has its figures by then, and is
        warned instead.
    """
    from training.fitting.save_model import add_result

    if tested.chose:
        say(f"Not saved to {options.save_to}: a card holds tests, and these scans chose the model.")
        return
    try:
        add_result(pack, result, options.save_to)
    except ModelPackError as error:
        if not options.events:
            raise
        say.emit(Message("warning", str(error)))
        return
    say(f"Saved with this result to {options.save_to}.")


def _read_by_each(
    packs: list[ModelPack], scans: list[LabelledScan], say: Reporter, control: Control
) -> list[Readings]:
    from training.evaluating.evaluation import read_all

    total = len(scans)
    read = begin(say, "reading", total, control)
    readings: list[Readings] = []
    for pack in packs:
        # Each model reads every scan; what is told is scans, not readings.
        readings.append(
            read_all(pack, scans, lambda done: read((len(readings) * total + done) // len(packs)))
        )
    return readings


def _copies(
    read: list[LabelledScan], trained: list[LabelledScan], say: Reporter, control: Control
) -> Groups:
    """Part the scans by how alike training scans are; empty where none are known."""
    from training.evaluating.groups import by_copies

    if not trained:
        return {}
    say("Looking for copies of training scans …")
    return by_copies(read, trained, begin(say, "comparing", len(read) + len(trained), control))


def _groups(
    options: argparse.Namespace,
    read: list[LabelledScan],
    folders: list[Path],
) -> dict[str, Groups]:
    """Return every way to part the scans that was asked for, or that their places tell."""
    from training.evaluating.groups import by_collection, by_name, by_plane, by_source

    groups = {"By collection": by_collection(read), "By folder": by_source(read)}
    if options.planes:
        groups["By plane"] = by_plane(read, options.planes, folders)
    if options.group_by:
        groups["By name"] = by_name(read, options.group_by)
    return groups


def _chosen(options: argparse.Namespace, say: Reporter, control: Control) -> Tested:
    """Return what to test on, with the patients that the files' names tell where asked for."""
    from training.evaluating.patients import named_in_test
    from training.fitting.material import part_of_run
    from training.tested_scans import choose_tested, of_part

    go_on = control.raise_if_stop_wanted
    if run := options.validation_of or options.test_of:
        if options.dataset:
            raise DatasetError("Name a data set, or a run with --validation-of or --test-of.")
        tested = of_part(part_of_run(run, say, test=bool(options.test_of), go_on=go_on))
    elif options.dataset:
        tested = choose_tested(options.dataset, go_on)
    else:
        raise DatasetError("Name a data set to test on, or --validation-of with a run's folder.")
    return named_in_test(tested, options.patients) if options.patients else tested
