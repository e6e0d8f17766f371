"""A NIfTI file as series: one per volume, or a single one if each volume is a single slice."""

from __future__ import annotations

import re
from pathlib import Path

from btgui.engine.geometry import location_of, plane_of
from btgui.engine.nifti.layout import Layout
from btgui.engine.nifti.mark import volume_name
from btgui.engine.nifti.volume import NiftiVolume
from btgui.engine.scan import ScanAddress
from btgui.engine.studies.sequences import before_sequence, sequence_of
from btgui.engine.studies.series import Series, Slice

_BIDS = re.compile(r"sub-[a-zA-Z0-9]+(_ses-[a-zA-Z0-9]+)?")
_LISTED = 32  # functional and diffusion files hold hundreds of volumes


def series_of_nifti(path: Path) -> tuple[Series, ...]:
    """Read the file's header and return its volumes as series, at most the first 32.

    Volumes of one slice each form one series, whose images all lie at the same position.

    Raises
    ------
    ScanError
        The file cannot be opened, or is not a volume that can be shown.
    """
    file = NiftiVolume(path)
    layout = file.layout
    listed = [range(volume, volume + 1) for volume in range(min(layout.volumes, _LISTED))]
    groups = [range(layout.volumes)] if layout.slices == 1 else listed
    findings = _findings(layout)
    several = len(groups) > 1
    # The header has no field for the sequence, but file names often state it, as in BIDS
    # ("sub-01_T1w.nii.gz").
    name = volume_name(path)
    sequence = sequence_of(name)
    return tuple(
        Series(
            key=f"{path}\n{volumes[0]}",
            patient="",  # the format has no field for it
            study=f"folder {path.parent} {_subject(name)}",
            uid="",
            number=volumes[0] + 1 if several else 0,
            description=name
            + (f", volume {volumes[0] + 1} of {layout.volumes}" if several else ""),
            modality="",
            plane=plane_of(layout.orientation),
            sequence=sequence,
            contrast_agent=None,
            distance_mm=layout.distance_mm,
            slices=tuple(
                _slice(path, file, volume, place)
                for volume in volumes
                for place in range(layout.slices)
            ),
            findings=findings,
            breaks=tuple(range(1, len(volumes))),
            named_by_file=True,
        )
        for volumes in groups
    )


def _subject(name: str) -> str:
    """Return the part of a file name that volumes of one person share, as far as names show it.

    In BIDS this is "sub-01_ses-2"; elsewhere the text before the sequence ("IXI002-Guys-T1").
    """
    found = _BIDS.match(name)
    return found[0] if found else before_sequence(name)


def _slice(path: Path, file: NiftiVolume, volume: int, place: int) -> Slice:
    layout = file.layout
    position = layout.position(place)
    return Slice(
        ScanAddress(path, volume * layout.slices + place),
        place + 1 if layout.slices > 1 else volume + 1,
        position,
        layout.orientation,
        location_of(position, layout.orientation),
        file.modified_ns,
    )


def _findings(layout: Layout) -> tuple[str, ...]:
    findings = []
    if layout.orientation is None:
        findings.append("The header does not state the orientation of the slices.")
    if layout.spacing_mm is None:
        findings.append(
            "The header does not state the unit of the voxel size, or states an impossible size."
        )
    if layout.slices == 1 and layout.volumes > 1:
        findings.append(f"All {layout.volumes} slices lie at the same position.")
    elif layout.volumes > _LISTED:
        findings.append(f"Only the first {_LISTED} of {layout.volumes} volumes are listed.")
    return tuple(findings)
