import csv
from pathlib import Path

import pytest

from btgui.engine.errors import ExportError
from btgui.engine.exports.csv_table import ResultRow, write_results_csv

ROWS = [
    ResultRow(Path('Schädel, "7".png'), "a", {"a": 0.75, "b": 0.25}, "m"),
    ResultRow(Path("=cmd.png"), "", {}, "m", "@bad"),
]


def test_every_row_is_written_in_order_with_a_mark_for_spreadsheets(tmp_path):
    file = tmp_path / "t.csv"
    write_results_csv(file, ROWS, ["a", "b"])
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    with file.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    assert rows[0] == ["path", "verdict", "probability a", "probability b", "model", "error"]
    assert rows[1] == ['Schädel, "7".png', "a", "0.7500", "0.2500", "m", ""]


def test_no_cell_is_taken_for_a_formula(tmp_path):
    write_results_csv(tmp_path / "t.csv", ROWS, ["a", "b"])
    with (tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as stream:
        last = list(csv.reader(stream))[-1]
    assert not any(cell.startswith(("=", "@", "+", "-")) for cell in last)
    assert "=cmd.png" in last[0]


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(ExportError, match="Choose another folder"):
        write_results_csv(tmp_path / "none" / "t.csv", ROWS, ["a", "b"])
