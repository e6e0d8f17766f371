"""The option by which commands that measure are told whose scans are tested."""

from __future__ import annotations

import argparse


def add_patients_to(command: argparse.ArgumentParser) -> None:
    """Describe it."""
    command.add_argument(
        "--patients",
        metavar="REGEX",
        help="what this finds in file names tells patients apart, such as '^([^_]+)_', where no "
        "table does: intervals are of patients, not of scans",
    )
