"""The network's process, which sees the scans, speaks with nobody but the window."""

import textwrap

from btgui.engine.network_process.client import ProcessRuntime
from tests.conftest import write_head

# Loaded by Python itself as the child starts. Everything in Python that opens a connection,
# listens or asks for a host's address tells of it here, whichever library it is in.
WATCH = """
    import sys

    def watch(event, arguments):
        if event in {"socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto",
                     "socket.gethostbyname"}:
            with open(TOLD, "a") as told:
                told.write(f"{event} {arguments[1:]}\\n")

    with open(TOLD, "a") as told:
        told.write("watching\\n")
    sys.addaudithook(watch)
"""


def test_reading_and_explaining_asks_for_no_connection(tiny_pack, tmp_path, monkeypatch, inputs):
    told = tmp_path / "told.txt"
    watch = f"TOLD = {str(told)!r}\n{textwrap.dedent(WATCH)}"
    (tmp_path / "sitecustomize.py").write_text(watch)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    runtime = ProcessRuntime(tiny_pack)
    try:
        files = [write_head(tmp_path / f"{n}.png", seed=n) for n in range(3)]
        assert sum(len(batch) for batch in runtime.readings(files)) == 3
        assert len(runtime.stage_maps(inputs[0], 0, "grad_cam")) == 5
    finally:
        runtime.close()
    lines = told.read_text().splitlines()
    assert set(lines) == {"watching"}
