import csv
import os

import pytest

from btgui.engine.exports.csv_file import writing_table


def written(file, row):
    with writing_table(file) as writer:
        writer.writerow(row)
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return next(csv.reader(stream))


@pytest.mark.parametrize("number", ["-12.50", "+3", "-1", "0.5", "-1e+06", "-2.5e-07", 7])
def test_a_number_stays_a_number(tmp_path, number):
    assert written(tmp_path / "t.csv", [number]) == [str(number)]


@pytest.mark.parametrize("text", ["=1", "-1+cmd|' /C calc'!A0", "+a", "@b", "\t=1", "-", "-1.5e3x"])
def test_what_a_spreadsheet_would_compute_is_text(tmp_path, text):
    assert written(tmp_path / "t.csv", [text]) == [f"'{text}"]


def test_bytes_that_are_no_text_are_written_in_signs(tmp_path):
    assert written(tmp_path / "t.csv", [os.fsdecode(b"sch\xe4del")]) == ["sch\\udce4del"]
