"""Whether a file is a NIfTI volume: told by its name, without the library that reads them."""

from __future__ import annotations

from pathlib import Path

NIFTI_SUFFIXES = (".nii", ".nii.gz")


def is_nifti(path: Path) -> bool:
    """Whether the name ends as that of a NIfTI file."""
    return path.name.casefold().endswith(NIFTI_SUFFIXES)


def volume_name(path: Path) -> str:
    """Return the file's name without its ending."""
    name = path.name
    ending = next((one for one in NIFTI_SUFFIXES if name.casefold().endswith(one)), "")
    return name[: len(name) - len(ending)]
