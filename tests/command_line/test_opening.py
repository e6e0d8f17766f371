import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import write_head

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other pipes")
def test_a_pipe_that_is_closed_early_ends_the_command_without_a_word(isolated_home, tmp_path):
    reading, writing = os.pipe()
    os.close(reading)
    head = write_head(tmp_path / "head.png")
    command = [sys.executable, ROOT / "main.py", "analyze", "--runtime", "openvino", head]
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, check=False, timeout=100)
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")
