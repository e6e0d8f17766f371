"""The commands of ``python -m training``, one per module."""

import argparse

from btgui.engine.errors import TrainingError

DATASET_HELP = "folder with one subfolder per class, or a CSV table"
PATIENTS_HELP = (
    "regular expression whose group finds the patient in a file name, such as '^([^_]+)_', where no "
    "table names patients; confidence intervals are then based on patients, not on scans"
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
