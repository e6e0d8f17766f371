"""Nothing leaves this computer: the application's processes open no socket of any network."""

import os
import socket
import subprocess
import sys
from pathlib import Path

from tests.offline import Watch, open_network_sockets
from tools.make_series import make_series

ROOT = Path(__file__).resolve().parents[1]
# The window as it is started, on a DICOM series: read as a whole, one slice explained.
WINDOW = """
import multiprocessing, os, sys, time
from pathlib import Path
sys.path.insert(0, os.getcwd())

def main():
    from btgui import app
    app.shipped_models_folder = lambda: Path(sys.argv[1])
    application = app.create_application(["btgui"])
    window = app.create_window()
    explained = []
    window.service.explanation_ready.connect(explained.append)
    window.show()
    app._begin(window, [Path(sys.argv[2])], sample=False)
    end = time.monotonic() + 120
    while not (window.series.whole.verdict and explained) and time.monotonic() < end:
        application.processEvents()
        time.sleep(0.01)
    assert window.series.whole.verdict and explained
    from tests.offline import open_network_sockets
    children = [child.pid for child in multiprocessing.active_children()]
    assert children
    print([open_network_sockets(pid) for pid in (os.getpid(), *children)])
    window.close()

if __name__ == "__main__":
    main()
"""
LIBRARIES = """
import training.__main__
import pydicom.pixels
import requests
"""


def run(script: str, *arguments: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_the_watch_sees_what_it_is_there_for(tmp_path, monkeypatch):
    watch = Watch(tmp_path, monkeypatch)
    run("import socket; socket.socket().bind(('127.0.0.1', 0))")
    assert watch.processes() == 1
    assert [event.split()[0] for event in watch.events()] == ["socket.__new__", "socket.bind"]
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        opened.listen()
        if sys.platform == "linux":
            assert len(open_network_sockets(os.getpid())) >= 1


def test_the_window_opens_no_socket_while_it_reads_a_series(tiny_pack, tmp_path, monkeypatch):
    make_series(tmp_path / "series", slices=5, size=64)
    watch = Watch(tmp_path, monkeypatch)
    held = run(WINDOW, tiny_pack.folder.parent, tmp_path / "series")
    assert watch.processes() >= 2  # the window, and the network beside it
    assert not watch.events()
    assert held.split() == ["[[],", "[]]"]


def test_the_training_opens_none_by_loading_its_libraries(tmp_path, monkeypatch):
    watch = Watch(tmp_path, monkeypatch)
    run(LIBRARIES)
    assert watch.processes() == 1
    assert not watch.events()
