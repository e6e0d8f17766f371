"""``python -m training probe``: measure how long a training step takes on this computer."""

from __future__ import annotations

import argparse
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from btgui.engine.counting import counted
from btgui.engine.training_request import PRESETS
from training.commands import PRESET_HELP, check_least
from training.commands.telling import add_telling_to, telling
from training.control import Control
from training.destinations import check_new_file, write_json
from training.event_output import Reporter
from training.networks.architectures import ARCHITECTURE_HELP


def add_to(commands: Any) -> None:  # noqa: ANN401  (argparse names no type for it)
    """Add the command and its arguments to the parser."""
    probe = commands.add_parser(
        "probe", help="measure how long a training step takes on this computer"
    )
    probe.set_defaults(command=run)
    probe.add_argument("--architecture", default="mobilenetv2", help=ARCHITECTURE_HELP)
    probe.add_argument("--preset", choices=sorted(PRESETS), default="recommended", help=PRESET_HELP)
    probe.add_argument("--batch-size", type=int, default=32, help="scans per step (default 32)")
    probe.add_argument(
        "--frozen-stages",
        type=int,
        default=0,
        help="number of early stages whose weights stay frozen (default 0)",
    )
    probe.add_argument(
        "--half-precision",
        action="store_true",
        help="train in mixed precision on a GPU, as fit does with --set mixed_precision=1",
    )
    probe.add_argument(
        "--classes", type=int, default=4, metavar="N", help="number of classes (default 4)"
    )
    probe.add_argument("--json", type=Path, metavar="FILE", help="write the times as JSON")
    add_telling_to(probe)


def run(options: argparse.Namespace) -> int:
    """Run the command; return the exit status."""
    check_new_file(options.json)
    check_least(options, batch_size=1, classes=1)
    telling(options, _probe, Control("The measurement"))
    return 0


def _probe(options: argparse.Namespace, reporter: Reporter, control: Control) -> None:
    from training.fitting.probe import probe
    from training.networks.back_end import check_back_end

    check_back_end()
    recipe = replace(
        PRESETS[options.preset],
        batch_size=options.batch_size,
        frozen_stages=options.frozen_stages,
        mixed_precision=options.half_precision,
    )
    reporter(f"Timing training steps of {options.architecture} …")
    times = probe(options.architecture, recipe, options.classes, control)
    if options.half_precision and times.device.device_kind != "gpu":
        reporter("Mixed precision needs a GPU; these steps ran in full precision.")
    if options.json:
        write_json(options.json, asdict(times))
    reporter(
        f"{times.training:.3f} s per training step of {counted(times.batch_size, 'scan')}, "
        f"{times.validation:.3f} s per validation step, on {times.device.name}."
    )
