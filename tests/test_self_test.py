import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.timeout(240)
def test_the_self_test_passes_and_reports_in_one_json_line(isolated_home):
    command = [sys.executable, str(ROOT / "main.py"), "--self-test"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=200)
    report = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    assert report["ok"]
    assert report["verdict"] == "notumor"  # the sample is a healthy head
    assert report["tensorflow_imported_before_window"] is False
    assert "gpu_failed" in report["device"]
    assert report["printers"] >= 0
    assert set(report["milliseconds"]) == {"read", "preprocess", "predict", "explain"}
    assert report["seconds_to_window"] < report["seconds_to_first_verdict"]
    assert not [*isolated_home.rglob("*.*")]  # nothing of the user's is touched


def test_a_broken_installation_fails_the_self_test_with_a_reason(isolated_home, tmp_path):
    script = (
        "import sys; from pathlib import Path; from btgui import app, self_test;"
        f"app.shipped_models_folder = lambda: Path({str(tmp_path)!r});"
        "self_test._SECONDS_AT_MOST = 3.0;"
        "sys.exit(self_test.run_self_test())"
    )
    command = [sys.executable, "-c", script]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=ROOT, timeout=100
    )
    report = json.loads(done.stdout)
    assert done.returncode == 1
    assert report["ok"] is False
    assert report["error"]
