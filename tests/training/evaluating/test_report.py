"""The whole of an evaluation on the small model: command, page, pictures, numbers."""

import csv
import json

import cv2
import numpy as np
import pytest

from training.__main__ import main


@pytest.fixture
def outlined(four_classes):
    """A table of outlines of two gliomas of the test part, with their plane."""
    table = four_classes.parent / "masks.csv"
    mask = np.zeros((96, 96), np.uint8)
    cv2.circle(mask, (34, 34), 8, 255, -1)
    cv2.imwrite(str(table.with_name("mask.png")), mask)
    with table.open("w", newline="", encoding="utf-8") as stream:
        rows = csv.writer(stream)
        rows.writerow(["image", "mask", "plane"])
        rows.writerows([[f"Testing/glioma/{n:02d}.png", "mask.png", "axial"] for n in range(2)])
    return table


def test_everything_is_measured_and_written(
    tiny_pack, four_classes, outlined, make_heads, tmp_path, capsys
):
    make_heads(2)
    strange = tmp_path / "strange"
    strange.mkdir()
    for file in tmp_path.glob("head-*.png"):
        file.rename(strange / file.name)
    report = tmp_path / "report"
    arguments = [tiny_pack.folder, four_classes, "--report", report, "--masks", outlined]
    arguments += ["--planes", outlined, "--group-by", "(0)", "--strangers", strange]
    assert main(["evaluate", *map(str, arguments)]) == 0
    figures = json.loads((report / "evaluation.json").read_text(encoding="utf-8"))
    assert json.loads(capsys.readouterr().out)["count"] == figures["count"] == 8
    assert set(figures["groups"]) == {
        "By folder",
        "By likeness to the training folder",
        "By plane",
        "By name",
    }
    assert figures["groups"]["By plane"]["axial"]["count"] == 2
    assert set(figures["strangers_called_healthy"]) == {"strange"}
    assert {row["stage"] for row in figures["pointing"]} == {f"Stage {n}" for n in range(1, 6)}
    assert len(figures["randomisation"]) == 6
    page = (report / "index.html").read_text(encoding="utf-8")
    for picture in ("confusion.png", "roc.png", "reliability.png", "randomisation.png"):
        assert f"src='{picture}'" in page
        assert cv2.imread(str(report / picture)) is not None
    wrong = figures["count"] - figures["correct"]
    assert len(list((report / "mistakes").iterdir())) == wrong
    assert "Not a medical device" in page
    assert str(tmp_path) not in page


def test_a_folder_that_holds_something_is_not_written_to(tiny_pack, four_classes, tmp_path, capsys):
    (tmp_path / "report").mkdir()
    (tmp_path / "report" / "mine.txt").write_text("mine")
    arguments = [tiny_pack.folder, four_classes, "--report", tmp_path / "report"]
    assert main(["evaluate", *map(str, arguments)]) == 1
    assert "holds something already" in capsys.readouterr().err
    assert [file.name for file in (tmp_path / "report").iterdir()] == ["mine.txt"]


def test_the_test_reads_scans_as_the_application_does(tiny_pack, four_classes):
    from btgui.engine.analysis import Analyser
    from btgui.engine.dataset import read_dataset
    from training.evaluation import read_all

    scans = [scan for scan in read_dataset(four_classes) if scan.split == "test"]
    readings = read_all(tiny_pack, scans, lambda _: None)
    app = Analyser(tiny_pack)
    for scan, said in zip(scans, readings.probabilities, strict=True):
        assert app.read(scan.path).prediction.probabilities == pytest.approx(said, abs=1e-4)
