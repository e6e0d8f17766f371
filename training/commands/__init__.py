"""The commands of ``python -m training``, one a file."""

DATASET_HELP = "folder with a sub-folder a class, or a CSV"
