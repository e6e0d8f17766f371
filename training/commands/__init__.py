"""The commands of ``python -m training``, one per module."""

import argparse

from btgui.engine.errors import TrainingError

DATASET_HELP = "folder with one sub-folder per class, or a CSV table"
PATIENTS_HELP = (
    "pattern that finds the patient in a file name, such as '^([^_]+)_', for scans without a "
    "table of patients; confidence intervals then resample patients, not scans"
)
PRESET_HELP = "preset of the recipe (default recommended)"


def check_least(options: argparse.Namespace, **least: int) -> None:
    """Check that numeric options are not below their lower bounds.

    Parameters
    ----------
    least
        The smallest value allowed for each option, by the option's name.

    Raises
    ------
    TrainingError
        An option is below its bound.
    """
    for name, smallest in least.items():
        if (value := getattr(options, name)) < smallest:
            raise TrainingError(
                f"Expected --{name.replace('_', '-')} to be {smallest} or more, received {value}."
            )
