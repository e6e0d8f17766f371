"""``python -m training audit``: check a data set for copies, leaks, conflicts and shortcuts."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from btgui.engine.disk.folders import folder_name
from training.commands import DATASET_HELP
from training.commands.telling import add_telling_to, telling
from training.control import Control
from training.destinations import check_new_file, write_json
from training.event_output import Reporter, print_while_read


def add_to(commands: Any) -> None:  # noqa: ANN401  (argparse names no type for it)
    """Add the command and its arguments to the parser."""
    audit = commands.add_parser(
        "audit", help="check a data set for copies, leaks, label conflicts and shortcuts"
    )
    audit.set_defaults(command=run)
    audit.add_argument("dataset", nargs="+", type=Path, help=DATASET_HELP)
    audit.add_argument(
        "--report", type=Path, metavar="FILE.html", help="write the findings as a web page"
    )
    audit.add_argument("--json", type=Path, metavar="FILE", help="write all findings as JSON")
    add_telling_to(audit)


def run(options: argparse.Namespace) -> int:
    """Run the command; return the exit status."""
    check_new_file(options.report)
    check_new_file(options.json)
    telling(options, _audit, Control("The audit"))
    return 0


def _audit(options: argparse.Namespace, say: Reporter, control: Control) -> None:
    from btgui.engine.datasets.dataset import read_dataset, under_series_windows
    from training.auditing.audit import audit
    from training.auditing.report import write_report
    from training.scans.disjoint import check_disjoint

    go_on = control.raise_if_stop_wanted
    scans = [scan for folder in options.dataset for scan in read_dataset(folder, go_on)]
    check_disjoint(options.dataset, scans)
    found = audit(under_series_windows(scans, go_on), say, control)
    for alarm in found.alarms():
        print_while_read(alarm.text)
    if not found.alarms():
        print_while_read("Nothing suspicious was found.")
    if found.unmeasured:
        print_while_read(found.unmeasured)
    if options.json:
        write_json(options.json, found.to_json())
    if options.report:
        write_report(
            found,
            options.report,
            ", ".join(folder_name(folder.resolve()) for folder in options.dataset),
        )
    say(f"Done in {found.seconds:.0f} s.")
