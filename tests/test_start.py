import importlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import venv
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).resolve().parents[1]
# In place of the application: asked to end, it takes its time, as if it asked, then ends by itself.
APPLICATION = """
import signal, sys, time
asked = []
for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, lambda *_: asked.append(True))
print("ready", flush=True)
while not asked:
    time.sleep(0.01)
time.sleep(0.5)
sys.exit(7)
"""
SCRIPT = """
import sys
sys.path.insert(0, {root!r})
import start
start.PYTHON, start.ROOT = sys.executable, start.Path({place!r})
start.WINDOWS = {windows}
wait = start.subprocess.Popen.wait

def wait_and_tell(*arguments):
    print("waits", flush=True)
    return wait(*arguments)

start.subprocess.Popen.wait = wait_and_tell
sys.exit(start.run_application([]))
"""


@pytest.fixture
def start(tmp_path, monkeypatch):
    """The script, for a folder of its own in which every environment is made by copying one file."""
    start = importlib.import_module("start")
    (tmp_path / "requirements.txt").write_text("made==1.0", encoding="utf-8")
    environment = tmp_path / ".venv"
    monkeypatch.setattr(start, "ENVIRONMENT", environment)
    monkeypatch.setattr(start, "PYTHON", environment / "python")
    monkeypatch.setattr(start, "LOCK", tmp_path / ".venv.lock")
    monkeypatch.setattr(start, "install", lambda _requirements: 0)

    def create(folder, **_):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        (folder / "python").symlink_to(sys.executable)

    monkeypatch.setattr(venv, "create", create)
    return start


needs_links = pytest.mark.skipif(os.name == "nt", reason="links to the running Python")


@pytest.mark.parametrize("asked", ["-h", "--help"])
def test_help_sets_nothing_up(start, capfd, asked):
    assert start.main([asked]) == 0
    said = capfd.readouterr()
    assert "start.py test" in said.out
    assert not said.err
    assert not start.ENVIRONMENT.exists()


@needs_links
def test_a_second_start_sets_nothing_up(start, tmp_path, capfd):
    assert start.set_up(tmp_path / "requirements.txt") == 0
    assert "Setting up" in capfd.readouterr().err
    assert start.set_up(tmp_path / "requirements.txt") == 0
    assert capfd.readouterr().err == ""


@needs_links
def test_an_environment_whose_python_does_not_run_is_made_anew(start, tmp_path):
    start.ENVIRONMENT.mkdir()
    start.PYTHON.write_text("no program", encoding="utf-8")
    start.PYTHON.chmod(0o755)
    assert start.set_up(tmp_path / "requirements.txt") == 0
    assert start.PYTHON.is_symlink()


@needs_links
def test_an_environment_that_works_is_kept(start, tmp_path, monkeypatch):
    start.ENVIRONMENT.mkdir()
    start.PYTHON.symlink_to(sys.executable)  # without its `pyvenv.cfg` it finds the pip of that
    monkeypatch.setattr(venv, "create", None)
    assert start.set_up(tmp_path / "requirements.txt") == 0


@needs_links
def test_a_start_beside_another_waits_for_it(start, tmp_path, monkeypatch):
    begun, go_on = threading.Event(), threading.Event()
    installed = []

    def install(requirements):
        begun.set()
        go_on.wait(30)
        installed.append(requirements)
        return 0

    monkeypatch.setattr(start, "install", install)
    said = []

    def say(text):
        said.append(text)
        if "waiting" in text:
            go_on.set()

    monkeypatch.setattr(start, "say", say)
    monkeypatch.setattr(start, "time", SimpleNamespace(sleep=lambda _seconds: None))
    statuses = []
    first, second = (
        threading.Thread(
            target=lambda: statuses.append(start.set_up(tmp_path / "requirements.txt"))
        )
        for _ in range(2)
    )
    first.start()
    assert begun.wait(30)
    second.start()
    first.join(30)
    second.join(30)
    assert statuses == [0, 0]
    assert len(installed) == 1
    assert [text for text in said if "waiting for it" in text]


@needs_links
def test_what_is_installed_is_compiled_for_the_first_start(tmp_path, monkeypatch):
    start = importlib.import_module("start")
    monkeypatch.setattr(start, "ENVIRONMENT", tmp_path)
    monkeypatch.setattr(start, "PYTHON", sys.executable)
    for name in ("requirements.txt", "module.py"):
        (tmp_path / name).touch()
    (tmp_path / "of_another_python.py").write_text("print 1", encoding="utf-8")
    assert start.install(tmp_path / "requirements.txt") == 0
    assert [file.name.split(".")[0] for file in tmp_path.rglob("*.pyc")] == ["module"]


def test_a_folder_that_cannot_be_written_to_is_named_with_the_reason(
    start, tmp_path, monkeypatch, capfd
):
    monkeypatch.setattr(start, "LOCK", tmp_path / "missing" / ".venv.lock")
    assert start.set_up(tmp_path / "requirements.txt") == 1
    assert f"{start.ENVIRONMENT} could not be created: [Errno 2]" in capfd.readouterr().err


def test_an_environment_that_may_not_be_read_is_named_with_the_reason(
    start, tmp_path, monkeypatch, capfd
):
    def refuse(_path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "exists", refuse)
    assert start.set_up(tmp_path / "requirements.txt") == 1
    assert "could not be created: [Errno 13] Permission denied" in capfd.readouterr().err


@pytest.mark.parametrize("version", [(3, 10, 9), (3, 14, 0)])
def test_a_python_that_the_pinned_packages_do_not_know_is_refused(
    start, monkeypatch, capfd, version
):
    monkeypatch.setattr(sys, "version_info", version)
    assert start.main([]) == 1
    assert "Python 3.11, 3.12 or 3.13 is needed" in capfd.readouterr().err


def test_a_system_without_debian_s_tools_is_not_told_to_use_them(start, monkeypatch, capfd):
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    assert start.install_packages(["libegl1"]) == 1
    said = capfd.readouterr().err
    assert "libegl1" in said
    assert "apt-get" not in said


def started(place, *, windows):
    """Start the script with another application; return the process."""
    (place / "main.py").write_text(APPLICATION)
    script = SCRIPT.format(root=str(ROOT), place=str(place), windows=windows)
    return subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        text=True,
    )


needs_signals = pytest.mark.skipif(os.name == "nt", reason="sends a POSIX signal")


@needs_signals
def test_ctrl_c_is_left_to_the_application(tmp_path):
    with started(tmp_path, windows=True) as process:
        assert {process.stdout.readline() for _ in range(2)} == {"ready\n", "waits\n"}
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to both
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 7
    assert "Traceback" not in errors


@needs_signals
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_the_script_is_asked_to_do_reaches_the_application(tmp_path, number):
    with started(tmp_path, windows=False) as process:
        assert process.stdout.readline() == "ready\n"
        process.send_signal(number)  # to the script alone
        _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (7, "")
