"""``python -m training novelty``: add a novelty detector to a model that was made without one."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from training.commands.telling import add_telling_to, telling
from training.control import Control
from training.destinations import check_free, check_temporary_folder
from training.event_output import Reporter, begin


def add_to(commands: Any) -> None:  # noqa: ANN401  (argparse names no type for it)
    """Describe the command's arguments."""
    novelty = commands.add_parser(
        "novelty",
        help="add a novelty detector to a model made without one",
        description="Write a copy of a model that recognises scans unlike its training scans. These "
        "are found by the digests that the model records; all else stays as it is.",
    )
    novelty.set_defaults(command=run)
    novelty.add_argument("model", type=Path, help="folder of a model pack")
    novelty.add_argument(
        "folder", nargs="+", type=Path, help="folders with the scans that trained the model"
    )
    novelty.add_argument("--output", type=Path, required=True, help="folder of the new pack")
    add_telling_to(novelty)


def run(options: argparse.Namespace) -> int:
    """Run the command; return the exit status."""
    check_free(options.output)
    check_temporary_folder()
    telling(options, _add, Control("The command"))
    return 0


def _add(options: argparse.Namespace, say: Reporter, control: Control) -> Path:
    from btgui.engine.datasets.dataset import read_class_folder, under_series_windows
    from btgui.engine.models.pack import open_pack
    from training.added_detector import add_detector, parts_of

    go_on = control.raise_if_stop_wanted
    pack = open_pack(options.model)
    found = [scan for folder in options.folder for scan in read_class_folder(folder, "any", go_on)]
    parts = parts_of(pack, under_series_windows(found, go_on))
    total = sum(map(len, parts.values()))
    output = Path(options.output.resolve())
    add_detector(pack, parts, output, begin(say, "reading", total, control))
    say(f"Saved {pack.card.name} to {output}.")
    return output
