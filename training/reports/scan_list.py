"""Which file each number of a report stands for: a table to keep, beside a report to pass on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from btgui.engine.datasets.dataset import LabelledScan
from btgui.engine.exports.csv_file import writing_table

LIST_HELP = (
    "write a CSV table here of which file each scan number of the report stands for, and what was "
    "said of it; it names folders and files, which the report does not need when it is passed on"
)
NUMBERS = (
    "Scan numbers are those of the list of scans, which names the files and can be saved apart from "
    "this page."
)


def scan_number(index: int, scan: LabelledScan) -> str:
    """Return what a report calls a scan: the slices of many patients have files of one name."""
    return f"Scan {index + 1}, {scan.path.name}"


def write_scan_list(
    file: Path,
    scans: Sequence[LabelledScan],
    classes: Sequence[str],
    said: Mapping[str, NDArray[np.float64]],
) -> None:
    """Write a row a scan: number, path, class and, a model, its verdict and probabilities.

    Parameters
    ----------
    scans
        All that were read, in the order of their numbers.
    said
        A model's name in the headers ("" for the only one) to its probabilities, (scans, classes).

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
