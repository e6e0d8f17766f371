"""``python -m training compare``: compare several models on the same scans."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from btgui.engine.errors import DatasetError
from btgui.engine.percentages import percent_exactly
from training.commands import DATASET_HELP, PATIENTS_HELP
from training.commands.telling import add_telling_to, telling
from training.control import Control
from training.destinations import check_new_file, write_json
from training.event_output import Reporter, begin
from training.reports.place import PLACE_HELP, check_place, write_to
from training.reports.scan_list import LIST_HELP, write_scan_list


def add_to(commands: Any) -> None:  # noqa: ANN401  (argparse names no type for it)
    """Add the command and its arguments to the parser."""
    compare = commands.add_parser("compare", help="compare models on the same scans")
    compare.set_defaults(command=run)
    compare.add_argument("model", nargs="+", type=Path, help="folders of two or more model packs")
    compare.add_argument("--dataset", nargs="+", type=Path, required=True, help=DATASET_HELP)
    compare.add_argument("--patients", metavar="REGEX", help=PATIENTS_HELP)
    compare.add_argument("--report", type=Path, metavar="PLACE", help=PLACE_HELP)
    compare.add_argument("--scan-list", type=Path, metavar="FILE", help=LIST_HELP)
    compare.add_argument(
        "--json", type=Path, metavar="FILE", help="write all figures and the scans' paths as JSON"
    )
    add_telling_to(compare)


def run(options: argparse.Namespace) -> int:
    """Run the command; return the exit status."""
    if not (options.json or options.report or options.scan_list):
        raise DatasetError(
            "Name at least one file to write: --report with a new folder or web page, --json or "
            "--scan-list."
        )
    check_new_file(options.json)
    check_new_file(options.scan_list)
    check_place(options.report)
    telling(options, _compare, Control("The comparison"))
    return 0


def _compare(options: argparse.Namespace, say: Reporter, control: Control) -> None:
    from training.comparison.contenders import open_contenders
    from training.comparison.findings import find, to_window_json
    from training.comparison.measuring import compare
    from training.comparison.report import write_report

    contenders = open_contenders(options.model)
    findings = find(compare(contenders, options.dataset, say, control, patients=options.patients))
    if options.json:
        write_json(options.json, to_window_json(findings))
    if options.scan_list:
        made = findings.comparison
        said = {model.contender.mark: model.probabilities for model in made.models}
        write_scan_list(options.scan_list, made.scans, made.classes, said)
    page = None
    if options.report:
        begin(say, "reporting", 0, control)
        page = write_to(options.report, lambda folder: write_report(findings, folder))
    for caution in findings.cautions:
        say(caution)
    for model in findings.comparison.models:
        low, high = model.result.interval
        say(
            f"{model.contender.title}, {model.contender.protocol_words} protocol: "
            f"accuracy {percent_exactly(model.result.accuracy)}, {model.result.correct:,} of "
            f"{model.result.count:,} (95 % interval {percent_exactly(low)} to "
            f"{percent_exactly(high)}, from {findings.comparison.patients.in_words})."
        )
    if page is not None:
        say(f"Open {page}.")
