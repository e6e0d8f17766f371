"""The commands of ``python -m training``, one a file."""

DATASET_HELP = "folder with a sub-folder a class, or a CSV"
PATIENTS_HELP = (
    "what this finds in file names tells patients apart, such as '^([^_]+)_', where no table does: "
    "intervals are of patients, not of scans"
)
PRESET_HELP = "values of the recipe (default recommended)"
