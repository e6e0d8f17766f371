import csv
import json

import pytest

from tests.conftest import CLASSES, write_head


def lines(output: str) -> list[dict]:
    return [json.loads(line) for line in output.splitlines()]


def test_each_scan_gets_one_json_line(btgui, tmp_path):
    files = [write_head(tmp_path / f"{n}.png", seed=n) for n in range(20)]
    status, output, _ = btgui("analyze", tmp_path, "--json")
    read = lines(output)
    assert status == 0
    assert [line["path"] for line in read] == [str(file) for file in files]
    for line in read:
        assert set(line) == {
            "path",
            "verdict",
            "probabilities",
            "model",
            "milliseconds",
            "heatmaps",
        }
        assert tuple(line["probabilities"]) == CLASSES
        assert sum(line["probabilities"].values()) == pytest.approx(1)
        assert line["verdict"] == max(line["probabilities"], key=line["probabilities"].get)
        assert line["model"] == "small"
        assert set(line["milliseconds"]) == {"read", "preprocess", "predict"}


def test_a_failure_is_told_in_its_line_and_the_rest_goes_on(btgui, tmp_path):
    (tmp_path / "a.png").write_bytes(b"nothing")
    write_head(tmp_path / "b.png")
    status, output, error = btgui("analyze", tmp_path, "--json")
    failed, read = lines(output)
    assert status == 3
    assert set(failed) == {"path", "error"}
    assert "a.png" in failed["error"]
    assert "verdict" in read
    assert "1 of 2 scans could not be read" in error


def test_without_json_the_verdict_is_in_words(btgui, scan_file):
    status, output, _ = btgui("analyze", scan_file)
    assert status == 0
    assert output.startswith(f"{scan_file}: ")
    assert output.rstrip().endswith("%)")


def test_heatmaps_are_written_for_the_class_that_was_asked_for(btgui, scan_file, tmp_path):
    folder = tmp_path / "why" / "deep"
    status, output, _ = btgui(
        "analyze", scan_file, "--json", "--explain", folder, "--target", "pituitary"
    )
    assert status == 0
    names = [f"head-pituitary-stage{n}.png" for n in range(1, 6)]
    assert lines(output)[0]["heatmaps"] == [str(folder / name) for name in names]
    assert sorted(file.name for file in folder.iterdir()) == names
    again = lines(btgui("analyze", scan_file, "--json", "--explain", folder)[1])
    assert not set(again[0]["heatmaps"]) & {str(folder / name) for name in names}


def test_a_table_is_written_and_never_over_another(btgui, scan_file, tmp_path):
    table = tmp_path / "results.csv"
    assert btgui("analyze", scan_file, "--csv", table)[0] == 0
    with table.open(encoding="utf-8-sig", newline="") as stream:
        assert [row["path"] for row in csv.DictReader(stream)] == [str(scan_file)]
    before = table.read_bytes()
    status, _, error = btgui("analyze", scan_file, "--csv", table)
    assert status == 2
    assert "exists already" in error
    assert table.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--model", "nobody"], "There are: small"),
        (["--target", "fracture"], "expected a class among glioma"),
    ],
)
def test_misuse_is_told_before_anything_is_read(btgui, scan_file, arguments, words):
    status, output, error = btgui("analyze", scan_file, *arguments)
    assert status == 2
    assert not output
    assert words in error


def test_an_empty_folder_is_misuse(btgui, tmp_path):
    status, _, error = btgui("analyze", tmp_path)
    assert status == 2
    assert "no scan was found" in error
