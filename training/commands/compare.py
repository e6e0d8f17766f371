"""``python -m training compare``: several models on the same scans, as a report."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from training.commands.progress import say


def add_to(commands: Any) -> None:  # noqa: ANN401  (argparse names no type for it)
    """Describe the command's arguments."""
    compare = commands.add_parser("compare", help="compare models on the same scans")
    compare.set_defaults(command=run)
    compare.add_argument("model", nargs="+", type=Path, help="folders of two or more model packs")
    compare.add_argument("--dataset", nargs="+", type=Path, required=True, help="labelled scans")
    compare.add_argument(
        "--report", type=Path, required=True, metavar="DIR", help="new folder for the report"
    )


def run(options: argparse.Namespace) -> int:
    """Run the command; return the exit status."""
    from training.comparison.contenders import open_contenders
    from training.comparison.findings import find
    from training.comparison.measuring import compare
    from training.comparison.report import PAGE_FILE, check_free, write_report

    report = options.report.resolve()
    check_free(report)
    contenders = open_contenders(options.model)
    findings = find(compare(contenders, options.dataset, say))
    write_report(findings, report)
    for caution in findings.cautions:
        print(caution)
    for model in findings.comparison.models:
        low, high = model.result.interval
        print(
            f"{model.contender.title}, {model.contender.protocol_words} protocol: "
            f"{model.result.correct} of {model.result.count} right, {model.result.accuracy:.1%} "
            f"(95 % interval {low:.1%} to {high:.1%})"
        )
    say(f"Open {options.report / PAGE_FILE}.")
    return 0
