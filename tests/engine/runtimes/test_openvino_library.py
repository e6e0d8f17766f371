import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
# Runs a network in a new process whose every use of a socket is noted.
PROGRAM = """
import sys, threading
from pathlib import Path

used = []
sys.addaudithook(lambda name, _arguments: used.append(name) if name.startswith("socket.") else None)
from btgui.engine.models.pack import open_pack
from btgui.engine.runtimes.openvino_runtime import OpenVinoRuntime

runtime = OpenVinoRuntime(open_pack(Path(sys.argv[1])))
runtime.warm_up()
print(used, [thread.name for thread in threading.enumerate()])
"""


def test_running_a_network_opens_no_socket_and_starts_no_sender(tiny_pack):
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tiny_pack.folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.stdout.strip() == "[] ['MainThread']", ended.stderr
