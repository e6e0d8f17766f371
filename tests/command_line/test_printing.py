import errno
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from btgui.command_line.printing import print_line
from tests.conftest import write_head

FULL = Path("/dev/full")
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(params=["analyze", "models"])
def command(request, isolated_home, tmp_path):
    """The arguments to start a program that prints one line and then more."""
    program = [sys.executable, ROOT / "main.py"]
    if request.param == "models":
        return [*program, "models", "list"]
    return [*program, "analyze", "--runtime", "openvino", write_head(tmp_path / "head.png")]


@pytest.fixture
def buffered(monkeypatch):
    """Standard output is buffered, as it is by default."""
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)


@pytest.mark.usefixtures("buffered")
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other pipes")
def test_a_pipe_that_is_closed_early_ends_the_command_without_a_word(command):
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, check=False, timeout=100)
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")


def test_a_pipe_that_is_closed_early_is_known_on_windows_too(monkeypatch):
    class Closed(io.StringIO):
        encoding = "utf-8"

        def flush(self):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))

    monkeypatch.setattr(sys, "stdout", Closed())
    with pytest.raises(BrokenPipeError):
        print_line("a line")


@pytest.mark.usefixtures("buffered")
@pytest.mark.skipif(not FULL.exists(), reason="the system has no disk that is always full")
def test_where_the_disk_is_full_the_command_says_so(command):
    with FULL.open("wb") as full:
        done = subprocess.run(
            command, stdout=full, stderr=subprocess.PIPE, check=False, timeout=100, text=True
        )
    assert done.returncode == 1
    reason = "No space left on device"
    assert done.stderr == f"btgui: Nothing more can be written to standard output ({reason}).\n"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has another shell")
def test_without_any_output_the_command_does_its_work(command):
    closed = ["sh", "-c", 'exec "$@" >&-', "sh", *command]
    done = subprocess.run(closed, stderr=subprocess.PIPE, check=False, timeout=100)
    assert (done.returncode, done.stderr) == (0, b"")


def test_what_the_terminal_cannot_show_is_written_in_signs(monkeypatch):
    taken = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(taken, encoding="cp1252"))
    print_line("Größe Δ")
    assert taken.getvalue() == "Größe \\u0394\n".encode("cp1252")
