import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
pytestmark = pytest.mark.skipif(os.name == "nt", reason="sends a POSIX signal")
# In place of the application: at Ctrl+C it takes its time, as if it asked, then ends by itself.
APPLICATION = """
import signal, sys, time
asked = []
signal.signal(signal.SIGINT, lambda *_: asked.append(True))
print("ready", flush=True)
while not asked:
    time.sleep(0.01)
time.sleep(1)
sys.exit(7)
"""
SCRIPT = """
import sys
sys.path.insert(0, {root!r})
import start
start.PYTHON, start.ROOT = sys.executable, start.Path({place!r})
sys.exit(start.run_application([]))
"""


def test_ctrl_c_is_left_to_the_application(tmp_path):
    (tmp_path / "main.py").write_text(APPLICATION)
    command = [sys.executable, "-c", SCRIPT.format(root=str(ROOT), place=str(tmp_path))]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True, text=True
    ) as process:
        assert process.stdout.readline() == "ready\n"
        time.sleep(0.2)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to both
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 7
    assert "Traceback" not in errors
