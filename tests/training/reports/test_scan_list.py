import csv

import numpy as np

from btgui.engine.datasets.dataset import LabelledScan
from training.reports.scan_list import scan_number, write_scan_list

CLASSES = ("glioma", "notumor")


def test_each_number_has_a_file_and_what_each_model_said_of_it(tmp_path):
    (tmp_path / "Doe").symlink_to(tmp_path / "elsewhere")  # told as the user named it
    scans = [
        LabelledScan(tmp_path / patient / "IM0003.dcm", "glioma", "test", "x")
        for patient in ("Doe", "Roe")
    ]
    assert [scan_number(i, scan) for i, scan in enumerate(scans)] == [
        "Scan 1, IM0003.dcm",
        "Scan 2, IM0003.dcm",
    ]
    file = tmp_path / "scans.csv"
    said = {"A": np.array([[0.9, 0.1], [0.25, 0.75]]), "B": np.array([[0.5, 0.5], [1, 0]])}
    write_scan_list(file, scans, CLASSES, said)
    with file.open(newline="", encoding="utf-8-sig") as stream:
        rows = list(csv.DictReader(stream))
    assert [(row["number"], row["path"]) for row in rows] == [
        (str(number), str(scan.path)) for number, scan in enumerate(scans, 1)
    ]
    assert list(rows[1].items())[2:] == [
        ("class", "glioma"),
        ("A verdict", "notumor"),
        ("A probability glioma", "0.2500"),
        ("A probability notumor", "0.7500"),
        ("B verdict", "glioma"),
        ("B probability glioma", "1.0000"),
        ("B probability notumor", "0.0000"),
    ]
