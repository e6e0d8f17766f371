import hashlib
import io
import json
import os
import shutil
import struct
import zipfile
from dataclasses import replace
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import pytest

from btgui.command_line import analyze, opening
from btgui.engine.analysis import Analyser
from btgui.engine.errors import ExportError
from btgui.engine.models.pack import write_pack
from btgui.engine.results import Prediction
from btgui.engine.runtimes.openvino_runtime import OpenVinoRuntime
from btgui.engine.scan import PERCENTILES_SOURCE, SERIES_SOURCE, ScanAddress
from btgui.engine.scan_source import read_scan
from btgui.engine.settings import Settings, save_settings
from btgui.engine.studies.series_window import window_of_series
from tests.conftest import CLASSES, read_table, write_head
from tests.dicom_files import series_without_windows
from tests.nifti_files import world_volume, write_nifti
from tools.make_series import make_series


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
            "novelty",
            "remark",
            "model",
            "greys",
            "milliseconds",
            "heatmaps",
            "values_sha256",
        }
        assert tuple(line["probabilities"]) == CLASSES
        assert sum(line["probabilities"].values()) == pytest.approx(1)
        assert line["verdict"] == max(line["probabilities"], key=line["probabilities"].get)
        assert line["model"] == "small"
        assert line["novelty"] is None  # this model has no prototypes
        assert line["greys"] == {"source": "8-bit image, unchanged"}
        assert set(line["milliseconds"]) == {"read", "preprocess", "predict"}


def test_a_gpu_that_fails_is_told_beside_what_the_processor_reads(btgui, tmp_path, monkeypatch):
    monkeypatch.setattr(
        opening, "create_runtime", lambda pack, _: OpenVinoRuntime(pack, gpu_failed="No memory.")
    )
    status, output, errors = btgui("analyze", write_head(tmp_path / "head.png"), "--json")
    assert (status, len(lines(output))) == (0, 1)
    assert errors == "btgui: the GPU cannot be used, so the CPU is used: No memory.\n"


def test_the_digest_of_the_values_is_that_of_every_picture(btgui, tmp_path):
    volume = write_nifti(tmp_path / "v.nii.gz", world_volume((60, 70, 3)))
    for line in lines(btgui("analyze", volume, "--json")[1]):
        values = read_scan(ScanAddress(volume, line["frame"] - 1)).values
        plain = struct.pack(f"<{values.size}f", *values.ravel().tolist())
        assert line["values_sha256"] == hashlib.sha256(plain).hexdigest()


def test_the_window_that_fed_the_network_is_told_in_numbers(btgui, tmp_path):
    (file,) = make_series(tmp_path, slices=1, size=64)
    assert lines(btgui("analyze", file, "--json")[1])[0]["greys"] == {
        "source": "window in the DICOM header",
        "centre": 350.0,
        "width": 700.0,
    }


def test_slices_have_the_window_of_their_series_as_in_the_window_and_one_alone_its_own(
    btgui, tmp_path
):
    files = series_without_windows(tmp_path, slices=5)
    window = window_of_series([ScanAddress(file) for file in files])
    read = lines(btgui("analyze", tmp_path, "--json")[1])
    expected = {"source": SERIES_SOURCE, "centre": window.centre, "width": window.width}
    assert [line["greys"] for line in read] == [expected] * 5
    (whole,) = lines(btgui("series", tmp_path, "--json")[1])
    for line, probabilities in zip(read, whole["probabilities"], strict=True):
        assert list(line["probabilities"].values()) == pytest.approx(probabilities, abs=1e-5)
    (alone,) = lines(btgui("analyze", files[0], "--json")[1])
    assert alone["greys"]["source"] == PERCENTILES_SOURCE


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
    assert output.rstrip().endswith(" %)")


@pytest.fixture
def answering(monkeypatch):
    """Return a function that has every scan read with these probabilities."""
    names = ("Glioma", "Meningioma", "No tumour", "Pituitary tumour")
    classify = Analyser.classify_many

    def answer(*shares):
        made = Prediction(CLASSES, names, shares, (0.0,) * 4)

        def surely(self, places, tell, **options):
            told = partial(replace, prediction=made)
            classify(self, places, lambda place, read: tell(place, told(read)), **options)

        monkeypatch.setattr(Analyser, "classify_many", surely)

    return answer


def test_an_almost_certain_verdict_is_not_said_to_be_certain(btgui, scan_file, answering):
    answering(0.99936, 0.0006, 0.0, 0.0)
    assert btgui("analyze", scan_file)[1] == f"{scan_file}: Glioma (>99 %)\n"


def test_what_makes_a_verdict_doubtful_is_told_in_each_form(btgui, scan_file, answering, tmp_path):
    answering(0.3, 0.3, 0.38, 0.02)
    doubt = "All tumour classes together: 62 %. Look closely."
    table = tmp_path / "results.csv"
    output = btgui("analyze", scan_file, "--csv", table)[1]
    assert output == f"{scan_file}: No tumour (38 %). {doubt}\n"
    assert [row["remark"] for row in read_table(table)] == [doubt]
    assert lines(btgui("analyze", scan_file, "--json")[1])[0]["remark"] == doubt


def test_a_scan_without_a_head_is_told(btgui, tmp_path, answering):
    answering(0.9, 0.05, 0.05, 0.0)
    cv2.imwrite(str(tmp_path / "black.png"), np.zeros((64, 64), np.uint8))
    output = btgui("analyze", tmp_path / "black.png")[1]
    assert output.endswith("Glioma (90 %). No head outline was found; the whole scan is used.\n")


def test_a_zip_file_is_to_be_unpacked_first(btgui, tmp_path):
    with zipfile.ZipFile(tmp_path / "disc.ZIP", "w") as archive:
        archive.write(write_head(tmp_path / "a.png"), "a.png")
    status, output, error = btgui("analyze", tmp_path / "disc.ZIP")
    assert (status, output) == (2, "")
    assert "disc.ZIP is a ZIP file. Unpack it" in error


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


def test_every_slice_of_a_volume_has_its_own_line_row_and_heatmaps(btgui, tmp_path):
    volume = write_nifti(tmp_path / "v.nii.gz", world_volume((60, 70, 3)))
    table, why = tmp_path / "results.csv", tmp_path / "why"
    status, output, _ = btgui("analyze", volume, "--json", "--csv", table, "--explain", why)
    assert status == 0
    assert [(line["path"], line["frame"]) for line in lines(output)] == [
        (str(volume), frame) for frame in (1, 2, 3)
    ]
    assert [row["frame"] for row in read_table(table)] == ["1", "2", "3"]
    assert len({name for line in lines(output) for name in line["heatmaps"]}) == 15
    assert f"{volume}, frame 2: " in btgui("analyze", tmp_path)[1]


def test_heatmaps_have_the_proportions_of_the_body(btgui, tmp_path):
    volume = write_nifti(tmp_path / "v.nii", world_volume((60, 70, 1)), np.diag([1, 2, 6, 1]))
    (read,) = lines(btgui("analyze", volume, "--json", "--explain", tmp_path)[1])
    assert cv2.imread(read["heatmaps"][0]).shape == (140, 60, 3)


def test_a_table_is_written_and_never_over_another(btgui, scan_file, tmp_path):
    table = tmp_path / "results.csv"
    assert btgui("analyze", scan_file, "--csv", table)[0] == 0
    assert [row["path"] for row in read_table(table)] == [str(scan_file)]
    before = table.read_bytes()
    status, _, error = btgui("analyze", scan_file, "--csv", table)
    assert status == 2
    assert "exists already" in error
    assert table.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--csv", "x" * 300], "Choose a shorter name."),
        (["--model", "nobody"], "Available models: small"),
        (["--target", "fracture"], "expected one of the classes glioma"),
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
    assert "no scans were found" in error


def test_a_failed_scan_has_its_row_in_the_table(btgui, tmp_path):
    table = tmp_path / "results.csv"
    good = write_head(tmp_path / "good.png")
    status, _, error = btgui("analyze", tmp_path / "gone.png", good, "--csv", table)
    failed, read = read_table(table)
    assert status == 3
    assert "gone.png was not found" in failed["error"]
    assert "gone.png was not found" in error
    assert not failed["verdict"]
    assert not failed["probability glioma"]
    assert read["verdict"] in CLASSES
    assert sum(float(read[f"probability {name}"]) for name in CLASSES) == pytest.approx(1, abs=2e-4)
    assert not read["error"]


def test_a_zip_that_cannot_be_looked_at_costs_no_other_scan(btgui, scan_file, tmp_path):
    status, output, error = btgui("analyze", scan_file, tmp_path / f"{'x' * 300}.zip")
    assert status == 3
    assert scan_file.name in output
    assert "cannot be opened (file name too long). Check that" in error


def test_a_table_for_a_missing_folder_is_refused_before_a_scan_is_read(btgui, scan_file, tmp_path):
    status, output, error = btgui("analyze", scan_file, "--csv", tmp_path / "none" / "t.csv")
    assert status == 2
    assert not output
    assert "does not exist" in error


def test_a_table_that_cannot_be_written_is_told_after_the_verdicts(
    btgui, scan_file, tmp_path, monkeypatch
):
    folder = tmp_path / "tables"
    folder.mkdir()
    # The drive goes while scans are read.
    monkeypatch.setattr(analyze, "check_new_file", lambda _file: folder.rmdir())
    status, output, error = btgui("analyze", scan_file, "--csv", folder / "t.csv")
    assert status == 3
    assert output.startswith(f"{scan_file}: ")
    assert "cannot be written" in error


def test_heatmaps_are_as_large_as_the_scan_and_differ_by_method(btgui, scan_file, tmp_path):
    pictures = {}
    for method in ("grad_cam", "grad_cam_plus_plus"):
        arguments = ("--json", "--explain", tmp_path / method, "--method", method)
        read = lines(btgui("analyze", scan_file, *arguments)[1])[0]
        assert "explain" in read["milliseconds"]
        pictures[method] = [cv2.imread(name) for name in read["heatmaps"]]
        assert [picture.shape for picture in pictures[method]] == [(128, 128, 3)] * 5
    assert not np.array_equal(*pictures.values())


def test_heatmaps_of_scans_of_one_name_do_not_replace_each_other(btgui, tmp_path):
    for number in range(2):
        (tmp_path / f"{number}").mkdir()
        write_head(tmp_path / f"{number}" / "head.png", seed=number)
    arguments = ("--json", "--explain", tmp_path / "why", "--target", "glioma")
    read = lines(btgui("analyze", tmp_path / "0", tmp_path / "1", *arguments)[1])
    written = [name for line in read for name in line["heatmaps"]]
    assert len(set(written)) == 10
    assert sorted(str(file) for file in (tmp_path / "why").iterdir()) == sorted(written)


def test_heatmaps_of_scans_named_by_uids_carry_the_whole_uid(btgui, tmp_path):
    names = ("1.2.840.113619.2.7", "1.2.840.113619.2.8")
    for number, file in enumerate(make_series(tmp_path / "made", slices=2, size=64)):
        file.rename(tmp_path / names[number])
    arguments = ("--explain", tmp_path / "why", "--target", "glioma")
    assert btgui("analyze", *(tmp_path / name for name in names), *arguments)[0] == 0
    assert sorted(file.name for file in (tmp_path / "why").iterdir()) == [
        f"{name}-glioma-stage{n}.png" for name in names for n in range(1, 6)
    ]


def test_a_class_of_any_name_gets_its_heatmaps_in_their_folder(
    btgui, scan_file, tmp_path, tiny_pack, isolated_home
):
    mine = isolated_home / "data" / "models" / "mine"
    shutil.copytree(tiny_pack.folder, mine)
    classes = ("../a", "grade 3/4", "c\\d", "e")
    card = replace(tiny_pack.card, id="mine", classes=classes, results=())
    (mine / "card.json").write_text(json.dumps(card.to_json()))
    for target in classes:
        folder = tmp_path / "why"
        arguments = ("--model", "mine", "--json", "--explain", folder, "--target", target)
        status, output, _ = btgui("analyze", scan_file, *arguments)
        assert status == 0
        assert {Path(name).parent for name in lines(output)[0]["heatmaps"]} == {folder}
    assert len(list(folder.iterdir())) == 20


def test_a_name_too_long_for_a_heatmap_is_told_and_the_rest_goes_on(btgui, tmp_path):
    write_head(tmp_path / ("a" * 245 + ".png"))
    write_head(tmp_path / "b.png")
    status, output, error = btgui("analyze", tmp_path, "--json", "--explain", tmp_path / "why")
    first, second = lines(output)
    assert status == 3
    assert "cannot be written" in error
    assert "btgui: no heatmaps for 1 of 2 scans." in error
    assert first["verdict"] in CLASSES  # it is as good without
    assert (len(first["heatmaps"]), len(second["heatmaps"])) == (0, 5)


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", os.fsdecode(b"sch\xe4del.png")),
        ("ascii", "schädel.png"),
        ("cp1252", "头部 😀.png"),
    ],
    ids=["bytes that are no text", "umlaut", "Chinese"],
)
def test_a_name_in_any_script_is_told_on_any_terminal(btgui, tmp_path, monkeypatch, name, encoding):
    scan = write_head(tmp_path / "plain.png").rename(tmp_path / name)
    for more in ([], ["--json"]):
        stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
        with monkeypatch.context() as patched:
            patched.setattr("sys.stdout", stream)
            status = btgui("analyze", scan, *more)[0]
        output = stream.buffer.getvalue()
        assert status == 0
        assert output
    assert json.loads(output)["path"] == str(scan)


def test_the_user_s_own_default_model_is_taken(btgui, tiny_pack, scan_file, isolated_home):
    mine = replace(tiny_pack.card, id="mine", results=())
    write_pack(isolated_home / "data" / "models" / "mine", mine, tiny_pack.model_file)
    assert lines(btgui("analyze", scan_file, "--json")[1])[0]["model"] == "small"
    save_settings(Settings(default_model_id="mine"), isolated_home / "data")
    assert lines(btgui("analyze", scan_file, "--json")[1])[0]["model"] == "mine"
    named = btgui("analyze", scan_file, "--json", "--model", "small")
    assert lines(named[1])[0]["model"] == "small"


def test_a_spoilt_model_is_told_before_anything_is_read(btgui, scan_file):
    with (btgui.shipped / "small" / "model.keras").open("ab") as file:
        file.write(b"x")
    status, output, error = btgui("analyze", scan_file)
    assert status == 2
    assert not output
    assert "changed or damaged" in error


def test_a_file_in_the_place_of_the_heatmaps_folder_is_misuse(btgui, scan_file):
    status, output, error = btgui("analyze", scan_file, "--explain", scan_file)
    assert status == 2
    assert not output
    assert error.startswith(f"btgui: {scan_file} cannot be used as the folder for heatmaps (")


def test_heatmaps_that_cannot_be_written_cost_no_verdict(btgui, scan_file, tmp_path, monkeypatch):
    def refuse(file, _picture):
        raise ExportError(f"{file} cannot be written: No space left on device.")

    monkeypatch.setattr("btgui.command_line.analyze.write_picture", refuse)
    status, output, error = btgui("analyze", scan_file, "--json", "--explain", tmp_path / "why")
    (read,) = lines(output)
    assert status == 3
    assert read["verdict"] in CLASSES
    assert read["heatmaps"] == []
    assert "no heatmaps." in error
    assert "No space left" in error
    assert "btgui: no heatmaps for 1 of 1 scan." in error
