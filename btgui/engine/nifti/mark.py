"""Recognising NIfTI files by name, without loading nibabel."""

from __future__ import annotations

from pathlib import Path

NIFTI_SUFFIXES = (".nii", ".nii.gz")


def is_nifti(path: Path) -> bool:
    """Whether the name has an extension of NIfTI files."""
    return path.name.casefold().endswith(NIFTI_SUFFIXES)


def volume_name(path: Path) -> str:
    """Return the file's name without its extension."""
    name = path.name
    ending = next((one for one in NIFTI_SUFFIXES if name.casefold().endswith(one)), "")
    return name[: len(name) - len(ending)]
