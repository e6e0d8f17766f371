"""The commands of ``python -m training``, one a file."""

import argparse

from btgui.engine.errors import TrainingError

DATASET_HELP = "folder with a sub-folder a class, or a CSV"
PATIENTS_HELP = (
    "what this finds in file names tells patients apart, such as '^([^_]+)_', where no table does: "
    "intervals are of patients, not of scans"
)
PRESET_HELP = "values of the recipe (default recommended)"


def check_least(options: argparse.Namespace, **least: int) -> None:
    """Refuse options that are smaller than makes sense.

    Raises
    ------
    TrainingError
        One of them is.
    """
    for name, smallest in least.items():
        if (value := getattr(options, name)) < smallest:
            raise TrainingError(
                f"Expected for --{name.replace('_', '-')} a number from {smallest}, received {value}."
            )
