"""The check of the packaged application, on the source tree in its place."""

import os
import sys
from pathlib import Path

import numpy as np
import pytest

from btgui.engine.scan import Scan
from tools import check_bundle
from tools.bundle_training import train_a_model

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def program(tmp_path_factory) -> Path:
    """A program that starts the application from its source."""
    if os.name == "nt":
        pytest.skip("needs a shell script as the program")
    file = tmp_path_factory.mktemp("program") / "btgui"
    file.write_text(f"#!/bin/sh\nexec '{sys.executable}' '{ROOT / 'main.py'}' \"$@\"\n")
    file.chmod(0o755)
    return file


# It trains the tests' own network, in a second: that the shipped ones train is shown elsewhere.
TRAINING = """\
import sys
sys.path.insert(0, {root!r})
command, *arguments = sys.argv[1:]
if command == "train":
    from tests.training.conftest import train_with_tiny
    sys.exit(train_with_tiny([*arguments, "--architecture", "tiny"]))
from main import main
sys.exit(main([command, *arguments]))
"""


@pytest.fixture
def training_program(tmp_path) -> Path:
    """A program that trains a tiny network and, for all else, is the application."""
    if os.name == "nt":
        pytest.skip("needs a script as the program")
    file = tmp_path / "program"
    file.write_text(f"#!{sys.executable}\n{TRAINING.format(root=str(ROOT))}")
    file.chmod(0o755)
    return file


@pytest.fixture
def environment(tmp_path):
    return {"HOME": str(tmp_path), "BTGUI_HOME": str(tmp_path), "PATH": "/nonexistent"}


def test_every_kind_of_scan_is_read_with_the_source_s_values(program, tmp_path, environment):
    read = check_bundle._analyze(program, tmp_path, environment)
    assert read == dict.fromkeys([*check_bundle.DICOM_FILES, "JPEG", "NIfTI"], "read")


def test_other_values_and_a_file_that_is_not_there_are_told(
    program, tmp_path, environment, monkeypatch
):
    files = {"implicit": "MR_small_implicit.dcm", "RLE": "MR_small_RLE.dcm", "none": "none.dcm"}
    monkeypatch.setattr(check_bundle, "DICOM_FILES", files)
    honest = Scan.values_sha256

    def one_off(scan: Scan) -> str:
        if "RLE" in scan.path.name:
            scan.values[0, 0] = np.nextafter(scan.values[0, 0], np.float32(9e9))
        return honest(scan)

    monkeypatch.setattr(Scan, "values_sha256", one_off)
    read = check_bundle._analyze(program, tmp_path, environment)
    assert read.pop("implicit") == "read"
    assert "differ from those that the source tree reads" in read.pop("RLE")
    assert "none.dcm" in read.pop("none")
    assert read == {"JPEG": "read", "NIfTI": "read"}


def test_a_program_that_trains_is_told_with_its_seconds(training_program, tmp_path, environment):
    outcome = train_a_model(training_program, tmp_path, environment)
    assert outcome["ok"], outcome
    assert outcome["train_s"] > 0
    assert outcome["read_s"] > 0


def test_a_program_that_cannot_train_is_told(tmp_path, environment):
    if os.name == "nt":
        pytest.skip("needs a shell script as the program")
    broken = tmp_path / "broken"
    broken.write_text("#!/bin/sh\necho 'no module named keras' >&2\nexit 1\n")
    broken.chmod(0o755)
    outcome = train_a_model(broken, tmp_path, environment)
    assert outcome == {"ok": False, "problem": "status 1: no module named keras\n"}
