"""``python -m training evaluate``: measure a model on labelled scans."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from btgui.engine.errors import DatasetError, ModelPackError
from btgui.engine.training_runs.events import Message
from training.commands import DATASET_HELP, PATIENTS_HELP, check_least
from training.commands.telling import add_telling_to, telling
from training.control import Control
from training.destinations import check_free, check_new_file, check_temporary_folder, write_json
from training.event_output import Reporter, begin, print_while_read
from training.reports.place import PLACE_HELP, check_place, write_to
from training.reports.scan_list import LIST_HELP, write_scan_list

if TYPE_CHECKING:
    from btgui.engine.datasets.dataset import LabelledScan
    from btgui.engine.models.pack import ModelPack
    from training.evaluating.evaluation import Readings
    from training.evaluating.examination import Examination
    from training.evaluating.groups import Groups
    from training.tested_scans import Tested

_BY_COPIES = "By likeness to the training folder"


def add_to(commands: Any) -> None:  # noqa: ANN401  (argparse names no type for it)
    """Add the command and its arguments to the parser."""
    evaluate = commands.add_parser("evaluate", help="measure a model on labelled scans")
    evaluate.set_defaults(command=run)
    evaluate.add_argument("model", type=Path, help="folder of a model pack")
    evaluate.add_argument("dataset", nargs="*", type=Path, help=DATASET_HELP)
    evaluate.add_argument(
        "--validation-of",
        type=Path,
        metavar="RUN",
        help="instead of a data set: the validation scans of the run with this work folder, which "
        "chose its best epoch",
    )
    evaluate.add_argument(
        "--test-of",
        type=Path,
        metavar="RUN",
        help="instead of a data set: the test scans of the run with this work folder or, if it has "
        "none, its validation scans",
    )
    evaluate.add_argument(
        "--against", type=Path, metavar="MODEL", help="compare with this model on the same scans"
    )
    evaluate.add_argument("--data", help="description of the test data for the model card")
    evaluate.add_argument("--report", type=Path, metavar="PLACE", help=PLACE_HELP)
    evaluate.add_argument("--scan-list", type=Path, metavar="FILE", help=LIST_HELP)
    evaluate.add_argument("--json", type=Path, metavar="FILE", help="write all figures as JSON")
    evaluate.add_argument(
        "--masks",
        type=Path,
        help="CSV table of tumour outlines (columns image, mask): measure the heatmaps against them",
    )
    evaluate.add_argument(
        "--explain-limit",
        type=int,
        default=300,
        metavar="N",
        help="measure the heatmaps of at most N outlined scans (default 300)",
    )
    evaluate.add_argument(
        "--planes",
        type=Path,
        metavar="CSV",
        help="CSV table of imaging planes (columns image, plane): report figures by plane",
    )
    evaluate.add_argument(
        "--group-by",
        metavar="REGEX",
        help="report figures by what this pattern finds in file names, such as '_(T1C|T1|T2)_' for "
        "sequences",
    )
    evaluate.add_argument("--patients", metavar="REGEX", help=PATIENTS_HELP)
    evaluate.add_argument(
        "--strangers",
        action="append",
        default=[],
        type=Path,
        metavar="FOLDER",
        help="folder of abnormal scans of classes that the model does not know: report how many are "
        "classified as no tumour (may be repeated)",
    )
    evaluate.add_argument(
        "--save-to", type=Path, help="write a copy of the model pack with the result in its card"
    )
    add_telling_to(evaluate)


def run(options: argparse.Namespace) -> int:
    """Run the command; return the exit status."""
    check_new_file(options.json)
    check_new_file(options.scan_list)
    check_place(options.report)
    check_free(options.save_to)
    check_least(options, explain_limit=1)
    if options.masks:  # measuring heatmaps, the last step, runs Keras
        check_temporary_folder()
    telling(options, _evaluate, Control("The evaluation"))
    return 0


@dataclass(frozen=True, eq=False)
class _Asked:
    """The models and scans of an evaluation; ``other`` is the model to compare with, if any."""

    pack: ModelPack
    other: ModelPack | None
    tested: Tested
    folders: list[Path]
    strangers: dict[str, list[LabelledScan]]
    masks: dict[Path, Path] | None


def _evaluate(options: argparse.Namespace, say: Reporter, control: Control) -> None:
    from training.evaluating.in_words import sentence

    asked = _look_up(options, say, control)
    found = _measure(options, asked, say, control)
    figures = _all_figures(found, asked.tested)
    if not options.events:
        _show(found, figures, say)
    _write(options, found, figures, say, control)
    for text in (*found.cautions, sentence(found)):
        say(text)
    if options.save_to:
        _save(options, found, asked.tested, say)


def _look_up(options: argparse.Namespace, say: Reporter, control: Control) -> _Asked:
    """Look up the models, scans and tables, so that errors in them precede the long reading."""
    from btgui.engine.models.pack import open_pack
    from training.evaluating.strangers import list_strangers
    from training.scans.masks import read_masks

    pack = open_pack(options.model)
    tested = _chosen(options, say, control)
    folders = tested.part.folders if tested.part else options.dataset
    other = open_pack(options.against) if options.against else None
    go_on = control.raise_if_stop_wanted
    strangers = list_strangers(pack, options.strangers, say, go_on, patients=options.patients)
    masks = read_masks(options.masks, folders, say) if options.masks else None
    _groups(options, [], folders)  # without scans: only refuses an invalid table or pattern
    return _Asked(pack, other, tested, folders, strangers, masks)


def _chosen(options: argparse.Namespace, say: Reporter, control: Control) -> Tested:
    """Return the scans to test on, with patients found by ``--patients`` in file names, if given."""
    from training.evaluating.patients import named_in_test
    from training.fitting.material import part_of_run
    from training.tested_scans import choose_tested, of_part

    go_on = control.raise_if_stop_wanted
    if run := options.validation_of or options.test_of:
        if options.dataset:
            raise DatasetError(
                "Name a data set or, with --validation-of or --test-of, a run; not both."
            )
        tested = of_part(part_of_run(run, say, test=bool(options.test_of), go_on=go_on))
    elif options.dataset:
        tested = choose_tested(options.dataset, go_on)
    else:
        raise DatasetError(
            "Name a data set to test on or, with --validation-of or --test-of, the work folder of "
            "a run."
        )
    return named_in_test(tested, options.patients) if options.patients else tested


def _measure(
    options: argparse.Namespace, asked: _Asked, say: Reporter, control: Control
) -> Examination:
    """Read the scans with each model and compute all figures that the options request."""
    from training.evaluating.details import against
    from training.evaluating.examination import add_explanations, add_strangers

    go_on = control.raise_if_stop_wanted
    packs = [asked.pack] if asked.other is None else [asked.pack, asked.other]
    readings, *of_other = _read_by_each(packs, asked.tested.scans, say, control)
    found = _examine(options, asked, readings, say, control)
    if asked.other is not None:
        both = (asked.pack, readings), (asked.other, of_other[0])
        found = replace(found, against=against(*both, found.patients))
    if asked.strangers:
        found = add_strangers(found, asked.strangers, go_on)
    if asked.masks is not None:
        found = add_explanations(found, asked.masks, options.explain_limit, say, go_on)
    return found


def _read_by_each(
    packs: list[ModelPack], scans: list[LabelledScan], say: Reporter, control: Control
) -> list[Readings]:
    from training.evaluating.evaluation import read_all

    total = len(scans)
    read = begin(say, "reading", total, control)
    readings: list[Readings] = []
    for pack in packs:
        # Every model reads every scan, but progress counts scans, not readings.
        readings.append(
            read_all(pack, scans, lambda done: read((len(readings) * total + done) // len(packs)))
        )
    return readings


def _examine(
    options: argparse.Namespace,
    asked: _Asked,
    readings: Readings,
    say: Reporter,
    control: Control,
) -> Examination:
    """Return the figures of the model's readings, and the cautions that apply to them."""
    from training.evaluating.cautions import cautions_of
    from training.evaluating.evaluation import measure
    from training.evaluating.examination import examine
    from training.evaluating.groups import COPIES, by_novelty
    from training.evaluating.patients import patients_of

    pack, tested, read = asked.pack, asked.tested, readings.scans
    groups = _groups(options, read, asked.folders)
    groups["By novelty"] = by_novelty(readings.novelty)
    leaked = None
    if copies := _copies(read, tested.trained, say, control):
        groups[_BY_COPIES], leaked = copies, copies[COPIES]
    patients = patients_of(read, say, tested.trained)
    result = measure(
        readings,
        pack.card.classes,
        protocol=pack.card.protocol,
        data=options.data or tested.words,
        patients=patients.numbers,
        leaked=leaked,
    )
    cautions = cautions_of(pack, tested, read, result, leaked, asked.other)
    return examine(pack, readings, result, groups, cautions, patients)


def _copies(
    read: list[LabelledScan], trained: list[LabelledScan], say: Reporter, control: Control
) -> Groups:
    """Group the scans by their similarity to training scans; empty if no training scans are known."""
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
    """Return the groupings of the scans: by their paths, and by plane and name if requested."""
    from training.evaluating.groups import by_collection, by_name, by_plane, by_source

    groups = {"By collection": by_collection(read), "By folder": by_source(read)}
    if options.planes:
        groups["By plane"] = by_plane(read, options.planes, folders)
    if options.group_by:
        groups["By name"] = by_name(read, options.group_by)
    return groups


def _all_figures(found: Examination, tested: Tested) -> dict[str, Any]:
    """Return the figures as JSON values, with what a window needs to display them."""
    from training.evaluating.details import reliability

    card = found.pack.card
    return found.to_json() | {
        "model": card.name,
        "class_order": list(card.classes),
        "display_names": list(card.display_names),
        "reliability": reliability(found.readings),
        # Whether these scans chose the model's best epoch, so that they are no test.
        "chose": tested.chose,
    }


def _show(found: Examination, figures: dict[str, Any], say: Reporter) -> None:
    """Print the main figures to a terminal, or all figures as JSON to a file or pipe."""
    from training.evaluating.in_words import table

    if sys.stdout.isatty():
        say(f"{table(found)}\nFor all figures, use --json FILE or --report PLACE.")
    else:
        print_while_read(json.dumps(figures, indent=1))


def _write(
    options: argparse.Namespace,
    found: Examination,
    figures: dict[str, Any],
    say: Reporter,
    control: Control,
) -> None:
    from training.evaluating.details import scan_rows
    from training.evaluating.report import write_report

    readings, classes = found.readings, found.pack.card.classes
    if options.json:
        write_json(options.json, figures | {"scans": scan_rows(readings, classes)})
    if options.scan_list:
        said = {"": readings.probabilities}
        write_scan_list(options.scan_list, readings.scans, classes, said)
    if options.report:
        begin(say, "reporting", 0, control)
        page = write_to(options.report, lambda folder: write_report(found, folder))
        say(f"Wrote {page}.")


def _save(options: argparse.Namespace, found: Examination, tested: Tested, say: Reporter) -> None:
    """Write a copy of the model pack with the test result in its card.

    Raises
    ------
    ModelPackError
        The pack cannot be written. With ``--events`` this is a warning instead, as the calling
        program has the figures by then.
    """
    from training.fitting.save_model import add_result
    from training.scans.scan_record import among, chosen_by

    if tested.chose or among(found.readings.scans, chosen_by(found.pack)).any():
        say(
            f"Not saved to {options.save_to}: a model card records tests only, and scans tested here "
            f"selected the model."
        )
        return
    try:
        add_result(found.pack, found.result, options.save_to)
    except ModelPackError as error:
        if not options.events:
            raise
        say.emit(Message("warning", str(error)))
        return
    say(f"Saved with this result to {options.save_to}.")
