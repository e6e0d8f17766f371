"""Reading a slice of a NIfTI file as a scan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from btgui.engine.errors import ScanError
from btgui.engine.geometry import edges_of, location_of, plane_of
from btgui.engine.nifti.volume import NiftiVolume, open_volume
from btgui.engine.pictures.window_level import apply_window
from btgui.engine.scan import Scan, ScanAddress

# Free-text fields, which may name the patient.
_FREE_TEXT = frozenset({"descrip", "aux_file", "db_name", "intent_name"})


def read_nifti(address: ScanAddress) -> Scan:
    """Read a slice; ``address.frame`` counts slices in display order, volume by volume.

    Raises
    ------
    ScanError
        The file is damaged, or has no such slice.
    """
    volume = open_volume(address.path)
    layout = volume.layout
    number, place = divmod(address.frame, layout.slices)
    if not 0 <= number < layout.volumes:
        raise ScanError(
            f"{address.path.name} has {layout.slices * layout.volumes} slices; there is no slice "
            f"{address.frame + 1}."
        )
    values = volume.read(number, place)
    window = volume.window(number)
    header = _texts(volume)
    orientation = layout.orientation
    return Scan(
        path=address.path,
        grey=apply_window(values, window),
        values=values,
        window=window,
        window_source="0.5th to 99.5th percentile of the volume's values",
        file_format="NIfTI",
        sha256=volume.sha256,
        spacing_mm=layout.spacing_mm,
        metadata=_facts(volume, number, place),
        frame=address.frame,
        edges=edges_of(orientation),
        plane=plane_of(orientation),
        header=header,
        header_patient=_FREE_TEXT & header.keys(),
        slice_location_mm=location_of(layout.position(place), orientation),
    )


def _facts(volume: NiftiVolume, number: int, place: int) -> dict[str, str]:
    layout = volume.layout
    width, height = layout.shape[layout.across], layout.shape[layout.down]
    facts = {"Size": f"{width} x {height}", "Slice": f"{place + 1} of {layout.slices}"}
    if layout.volumes > 1:
        facts["Volume"] = f"{number + 1} of {layout.volumes}"
    facts["Data type"] = str(volume.header.get_data_dtype().newbyteorder("=").name)
    if layout.distance_mm is not None:
        facts["Slice spacing (mm)"] = f"{layout.distance_mm:.2f}"
    return facts


def _texts(volume: NiftiVolume) -> Mapping[str, str]:
    return {name: text for name, value in volume.header.items() if (text := _text(value))}


def _text(value: Any) -> str:  # noqa: ANN401  (a header field of any type)
    value = np.asarray(value)
    if value.dtype.kind == "S":
        return bytes(value.item()).rstrip(b"\0 ").decode("utf-8", "replace").strip()
    return ", ".join(f"{part:g}" for part in np.atleast_1d(value).ravel().tolist())
