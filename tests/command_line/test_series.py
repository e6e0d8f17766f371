import json
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import pytest

from tests.conftest import read_table, write_head
from tools.make_series import make_series

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def study(tmp_path):
    folder = tmp_path / "study"
    for name in ("T1 post contrast", "T2"):
        make_series(folder / name, slices=6, size=64, description=name, patient="SECRET")
    return folder


def test_each_series_gets_a_line_and_no_patient_a_name(btgui, study):
    status, output, error = btgui("series", study)
    told = sorted(line.split(", ", 2)[2] for line in output.splitlines() if line[0] != " ")
    assert status == 0
    assert output.startswith("Patient 1, study 1, ")
    assert told[0].startswith("T1 post contrast (6 slices, axial, T1): ")
    assert told[1].startswith("T2 (6 slices, axial, T2): ")
    assert output.count(" on average") == 2  # what each verdict rests on, as in the window
    assert "SECRET" not in output + error


def test_json_tells_the_verdict_and_every_slice(btgui, study):
    status, output, _ = btgui("series", study / "T2", "--json")
    (line,) = map(json.loads, output.splitlines())
    assert status == 0
    assert line["path"] == str(study / "T2")
    assert len(line["probabilities"]) == line["slices"] == 6
    assert sum(line["probabilities"][0]) == pytest.approx(1)
    assert line["verdict"] in {*line["classes"], None}


def test_a_zip_is_read_and_named_as_the_user_has_it(btgui, study, tmp_path):
    archive = tmp_path / "study.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for one in (study / "T2").iterdir():
            file.write(one, f"T2/{one.name}")
    status, output, _ = btgui("series", archive, "--json")
    assert status == 0
    assert json.loads(output)["path"] == str(archive / "T2")


def test_a_series_in_two_folders_is_named_by_the_one_that_holds_both(btgui, study, monkeypatch):
    whole = study / "T2"
    for file in sorted(whole.iterdir()):
        part = whole / ("first" if file.name < "slice0004" else "second")
        part.mkdir(exist_ok=True)
        file.rename(part / file.name)
    monkeypatch.chdir(whole)
    status, output, _ = btgui("series", "first", whole / "second", "--json")
    assert status == 0
    assert json.loads(output)["path"] == str(whole)


def test_a_series_on_two_drives_is_named_by_the_folder_of_its_first_slice(
    btgui, study, monkeypatch
):
    def on_two_drives(_paths):
        raise ValueError("Paths don't have the same drive")

    monkeypatch.setattr("btgui.command_line.series.os.path.commonpath", on_two_drives)
    status, output, _ = btgui("series", study / "T2", "--json")
    assert status == 0
    assert json.loads(output)["path"] == str(study / "T2")


def test_a_table_is_written_but_over_no_file(btgui, study, tmp_path):
    table = tmp_path / "series.csv"
    status, _, _ = btgui("series", study, "--csv", table)
    assert status == 0
    assert {row["description"] for row in read_table(table)} == {"T1 post contrast", "T2"}
    status, _, error = btgui("series", study, "--csv", table)
    assert status == 2
    assert "exists already" in error


def test_a_slice_that_cannot_be_read_is_counted(btgui, study):
    file = sorted((study / "T2").iterdir())[2]
    file.write_bytes(file.read_bytes()[:-3000])
    status, output, error = btgui("series", study / "T2", "--json")
    assert status == 3
    assert json.loads(output)["slices_not_read"] == 1
    assert "1 slice could not be read; btgui analyze says why." in error


def test_what_is_no_series_is_told(btgui, study, tmp_path):
    write_head(study / "head.png")
    (study / "notes.txt").write_text("no scan", encoding="utf-8")
    status, _, error = btgui("series", study)
    assert status == 0
    assert "notes.txt" in error
    assert "1 single scan is not a series: btgui analyze reads it." in error
    status, _, error = btgui("series", write_head(tmp_path / "head.png"))
    assert status == 2
    assert "no series of several slices" in error
    status, _, error = btgui("series", tmp_path / "gone")
    assert status == 2
    assert "does not exist" in error


def test_a_place_that_cannot_be_looked_at_is_told_in_words(btgui, tmp_path):
    status, _, error = btgui("series", tmp_path / ("x" * 300))
    assert status == 2
    assert "xxx cannot be opened (file name too long). Check that" in error


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """The folder for temporary files, empty."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)  # where it was found before
    return folder


@pytest.fixture(params=["SIGTERM", "SIGHUP"])
def number(request):
    """A signal that child processes do not ignore (under nohup, SIGHUP is ignored)."""
    number = getattr(signal, request.param)
    before = signal.signal(number, signal.SIG_DFL)
    yield number
    signal.signal(number, before)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows asks no program to end")
@pytest.mark.usefixtures("isolated_home")
def test_a_command_that_is_asked_to_end_leaves_nothing_unpacked(tmp_path, temporary, number):
    folder = tmp_path / "study"
    make_series(folder, slices=150, size=64, description="T1", patient="SECRET")
    file = shutil.make_archive(str(folder), "zip", folder)
    command = [sys.executable, ROOT / "main.py", "series", "--runtime", "openvino", file]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        while not [*temporary.glob("btgui-*/*")] and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(number)
        for _ in range(20):  # a shell and its terminal ask one after the other
            time.sleep(0.005)
            process.send_signal(number)
        _, error = process.communicate(timeout=100)
    assert (process.returncode, error) == (128 + number, b"")
    assert not [*temporary.glob("btgui-*")]


def test_what_a_killed_command_left_unpacked_goes_with_the_next(btgui, study, temporary):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left = temporary / f"btgui-{ended.pid}-x"
    left.mkdir()
    assert btgui("series", study)[0] == 0
    assert not left.exists()
