import argparse
import errno
import os
import signal
import subprocess
import sys
import threading
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

import pytest

from btgui.engine.errors import Cancelled, RequestError, TrainingError
from btgui.engine.training_runs.events import Ended, Progress
from training.commands import telling as module
from training.commands.telling import telling
from training.control import Control
from training.event_output import TerminalReporter

OPTIONS = argparse.Namespace(events=False, end_with_input=False)


def test_a_full_disk_is_told_in_a_sentence():
    def work(_options, _reporter, _control):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "figures.json")

    with pytest.raises(
        TrainingError, match=r"figures\.json cannot be read or written: No space left"
    ):
        telling(OPTIONS, work, Control())


@pytest.mark.parametrize(
    ("end", "told"),
    [
        (RequestError("Choose other weights."), Ended("refused", "Choose other weights.")),
        (TrainingError("The disk is gone."), Ended("failed", "The disk is gone.")),
        (Cancelled("Stopped."), Ended("stopped", "Stopped.")),
        (KeyError("x"), Ended("failed", "An unexpected error: KeyError('x').")),
        (Path("model"), Ended("succeeded", pack="model")),
        (None, Ended("succeeded")),
    ],
)
def test_the_last_event_is_how_the_work_ended(monkeypatch, end, told):
    events = []
    reporter = SimpleNamespace(emit=events.append)
    monkeypatch.setattr(module, "event_lines_on_standard_output", lambda: reporter)
    monkeypatch.setattr(module, "commands_on_standard_input", list)

    def work(_options, _reporter, _control):
        if isinstance(end, Exception):
            raise end
        return end

    fails = isinstance(end, Exception)
    with pytest.raises(type(end)) if fails else nullcontext():
        telling(argparse.Namespace(events=True, end_with_input=False), work, Control())
    assert events == [told]


@pytest.mark.parametrize("end_with_input", [True, False])
def test_commands_are_taken_from_who_is_told_and_their_end_stops_where_that_is_asked_for(
    monkeypatch, end_with_input
):
    monkeypatch.setattr(module, "event_lines_on_standard_output", TerminalReporter)
    monkeypatch.setattr(module, "commands_on_standard_input", lambda: ["finish\n"])
    control, seen = Control(), []

    def work(_options, _reporter, _control):
        for thread in threading.enumerate():
            if thread.name == "commands":
                thread.join(10)
        seen.append((control.finish_wanted(), control.stop_wanted()))

    telling(argparse.Namespace(events=True, end_with_input=end_with_input), work, control)
    assert seen == [(True, end_with_input)]


def test_what_ends_a_command_is_told_on_a_line_of_its_own(monkeypatch, capsys):
    def work(_options, reporter, _control):
        reporter.emit(Progress("reading", 3, 8))
        raise TrainingError("The disk is gone.")

    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with pytest.raises(TrainingError):
        telling(OPTIONS, work, Control())
    said = capsys.readouterr().err
    assert "Reading" in said
    assert said.endswith("\r\x1b[K")


def test_ctrl_c_is_for_the_program_that_leads_the_work(monkeypatch):
    monkeypatch.setattr(module, "event_lines_on_standard_output", TerminalReporter)
    monkeypatch.setattr(module, "commands_on_standard_input", list)
    heeded = []

    def work(_options, _reporter, _control):
        heeded.append(signal.getsignal(signal.SIGINT) != signal.SIG_IGN)

    for events, end_with_input in ((True, True), (True, False), (False, True)):
        telling(argparse.Namespace(events=events, end_with_input=end_with_input), work, Control())
    assert heeded == [False, True, True]


def test_what_is_no_matter_of_disks_is_not_hidden():
    def work(_options, _reporter, _control):
        raise ConnectionError(errno.ECONNRESET, os.strerror(errno.ECONNRESET))

    with pytest.raises(ConnectionError):
        telling(OPTIONS, work, Control())


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_a_terminal_that_is_closed_stops_the_work_as_it_should():
    script = (
        "import signal, time\n"
        "from training import __main__ as program\n"
        "from training.commands import fit\n"
        "from training.commands.telling import telling\n"
        "from training.control import Control\n"
        "def work(options, reporter, control):\n"
        "    while True:\n"
        "        reporter('At work.')\n"
        "        control.raise_if_stop_wanted()\n"
        "        time.sleep(0.01)\n"
        "fit.run = lambda options: telling(options, work, Control())\n"
        "signal.signal(signal.SIGHUP, signal.SIG_DFL)\n"  # nohup has it ignored
        "raise SystemExit(program.main(['fit', 'scans']))\n"
    )
    ours, theirs = os.openpty()
    child = subprocess.Popen([sys.executable, "-c", script], stdout=theirs, stderr=theirs)
    os.close(theirs)
    assert os.read(ours, 100).startswith(b"At work.")
    os.close(ours)
    child.send_signal(signal.SIGHUP)
    assert child.wait(60) == 4
