import csv
import os
from dataclasses import replace
from pathlib import Path

import pytest

from btgui.engine.errors import ExportError
from btgui.engine.exports.folder_table import ResultRow, write_results_csv

ROWS = [
    ResultRow(
        Path('Schädel, "7".png'), "a", {"a": 0.75, "b": 0.25}, "m", "", 7, remark="look closely"
    ),
    ResultRow(Path("=cmd.png"), "", {}, "m", "@bad"),
]


def read_back(file):
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream))


def test_every_row_is_written_in_order_with_a_mark_for_spreadsheets(tmp_path):
    file = tmp_path / "t.csv"
    write_results_csv(file, ROWS, ["a", "b"])
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = read_back(file)
    assert rows[0] == [
        "path",
        "frame",
        "verdict",
        "probability a",
        "probability b",
        "model",
        "error",
        "remark",
    ]
    assert rows[1] == ['Schädel, "7".png', "7", "a", "0.7500", "0.2500", "m", "", "look closely"]


def test_no_cell_is_taken_for_a_formula(tmp_path):
    write_results_csv(tmp_path / "t.csv", ROWS, ["a", "b"])
    last = read_back(tmp_path / "t.csv")[-1]
    assert not any(cell.startswith(("=", "@", "+", "-")) for cell in last)
    assert "=cmd.png" in last[0]


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(ExportError, match="Choose another folder"):
        write_results_csv(tmp_path / "none" / "t.csv", ROWS, ["a", "b"])


def test_a_scan_that_failed_has_its_reason_and_no_numbers(tmp_path):
    write_results_csv(tmp_path / "t.csv", ROWS, ["a", "b"])
    assert read_back(tmp_path / "t.csv")[2][1:] == ["", "", "", "", "m", "'@bad", ""]


@pytest.mark.parametrize("start", list("=+-@\t\r"))
def test_every_start_of_a_formula_is_defused(tmp_path, start):
    row = ResultRow(Path("a.png"), f"{start}A1", {"a": 1.0}, "m", "")
    write_results_csv(tmp_path / "t.csv", [row], ["a"])
    assert read_back(tmp_path / "t.csv")[1][2] == f"'{start}A1"


def test_a_name_of_bytes_that_are_no_text_is_written_too(tmp_path):
    row = ResultRow(Path(os.fsdecode(b"sch\xe4del.png")), "a", {"a": 1.0}, "m")
    write_results_csv(tmp_path / "t.csv", [row], ["a"])
    assert read_back(tmp_path / "t.csv")[1] == ["sch\\udce4del.png", "", "a", "1.0000", "m", "", ""]


def test_a_table_that_fails_leaves_the_old_one(tmp_path):
    (tmp_path / "t.csv").write_text("old")

    def rows():
        yield ROWS[0]
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_results_csv(tmp_path / "t.csv", rows(), ["a", "b"])
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("t.csv", "old")]


def test_of_no_rows_the_headings_are_written(tmp_path):
    write_results_csv(tmp_path / "t.csv", [], ["a"])
    assert read_back(tmp_path / "t.csv") == [
        ["path", "frame", "verdict", "probability a", "model", "error", "remark"]
    ]


def test_what_was_unpacked_is_named_by_its_archive(tmp_path):
    row = replace(ROWS[0], source=Path("scans.zip") / "CD" / "one.png")
    write_results_csv(tmp_path / "t.csv", [row], ["a", "b"])
    assert read_back(tmp_path / "t.csv")[1][0] == str(row.source)
