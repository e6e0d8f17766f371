"""The scan list: a table of the files behind a report's scan numbers, kept apart from the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from btgui.engine.datasets.dataset import LabelledScan
from btgui.engine.exports.csv_file import writing_table

LIST_HELP = (
    "write a CSV table of the file and the verdict behind each scan number of the report; the table "
    "contains paths, which need not be passed on with the report"
)
NUMBERS = (
    "Scan numbers refer to the list of scans, which names the files and can be saved separately from "
    "this page."
)


def scan_number(index: int, scan: LabelledScan) -> str:
    """Return a scan's name in a report, with its number: files of many patients share names."""
    return f"Scan {index + 1}, {scan.path.name}"


def write_scan_list(
    file: Path,
    scans: Sequence[LabelledScan],
    classes: Sequence[str],
    said: Mapping[str, NDArray[np.float64]],
) -> None:
    """Write one row per scan: number, path, class and, for each model, verdict and probabilities.

    Parameters
    ----------
    scans
        All scans that were read, in the order of their numbers.
    said
        The probabilities, (scans, classes), by the model's name in the headers ("" for a single
        model).

    Raises
    ------
    ExportError
        The file cannot be written.
    """
    columns = ["verdict", *(f"probability {name}" for name in classes)]
    with writing_table(file) as writer:
        headers = [f"{mark} {column}".strip() for mark in said for column in columns]
        writer.writerow(["number", "path", "class", *headers])
        for index, scan in enumerate(scans):
            cells: list[object] = [index + 1, scan.path.absolute(), scan.label]
            for probabilities in said.values():
                cells.append(classes[int(probabilities[index].argmax())])
                cells += [f"{value:.4f}" for value in probabilities[index]]
            writer.writerow(cells)
