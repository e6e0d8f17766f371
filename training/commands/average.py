"""``python -m training average``: average the weights of models of one line of training."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from training.event_output import TerminalReporter


def add_to(commands: Any) -> None:  # noqa: ANN401  (argparse names no type for it)
    """Add the command and its arguments to the parser."""
    average = commands.add_parser(
        "average", help="average the weights of models fine-tuned from one another"
    )
    average.set_defaults(command=run)
    average.add_argument("model", nargs="+", type=Path, help="folders of two or more model packs")
    average.add_argument(
        "--run",
        type=Path,
        required=True,
        help="work folder of the run whose validation scans decide whether the average is better",
    )
    average.add_argument(
        "--bias-correction",
        action="store_true",
        help="fit class biases to these scans, even if the run's recipe does not",
    )
    average.add_argument(
        "--name", default="My model", help='name of the new model (default "My model")'
    )
    average.add_argument("--output", type=Path, required=True, help="folder of the new model pack")


def run(options: argparse.Namespace) -> int:
    """Run the command; return the exit status."""
    from btgui.engine.models.pack import open_pack
    from training.average import average
    from training.networks.back_end import check_back_end

    check_back_end()
    packs = [open_pack(folder) for folder in options.model]
    average(
        packs,
        options.run,
        options.output.resolve(),
        options.name,
        TerminalReporter(),
        bias_correction=options.bias_correction,
    )
    return 0
