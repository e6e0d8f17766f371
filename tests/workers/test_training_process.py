"""The training process with small programs in place of the training command."""

import os
import signal
import subprocess
import sys

import psutil
import pytest

from btgui.engine.training_runs.events import (
    Command,
    Ended,
    Message,
    PhaseStarted,
    to_line,
)
from btgui.workers.training_process import TrainingProcess, training_program

PATIENCE = 60_000
SUCCEEDED = to_line(Ended("succeeded", pack="/models/new"))


@pytest.fixture
def run(qtbot):
    """Return a function that runs Python code and returns its events and its ending."""

    def to_the_end(program, *, meanwhile=lambda _process: None):
        process = TrainingProcess(program=(sys.executable, "-c"))
        events, endings = [], []
        process.event_arrived.connect(events.append)
        process.ended.connect(endings.append)
        process.start([program])
        assert process.is_running()
        meanwhile(process)
        qtbot.waitUntil(lambda: not process.is_running(), timeout=PATIENCE)
        (ending,) = endings
        return events, ending

    return to_the_end


def test_events_arrive_in_order_and_the_last_one_says_how_it_ended(run):
    told = [
        PhaseStarted("reading"),
        Message("info", "Tumeur cérébrale"),
        Ended("succeeded", pack="/m"),
    ]
    program = "\n".join(f"print({to_line(event)!r})" for event in told)
    events, ending = run(program)
    assert events == told
    assert (ending.how, ending.text) == ("succeeded", "Done.")


def test_events_are_told_while_it_runs(run, monkeypatch):
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)
    begun = to_line(PhaseStarted("reading"))
    program = f"import sys\nprint({begun!r})\nsys.stdin.readline()\nprint({SUCCEEDED!r})"

    def let_it_end_once_it_is_heard(process):
        process.event_arrived.connect(lambda _event: process.tell(Command.CONTINUE))

    events, _ = run(program, meanwhile=let_it_end_once_it_is_heard)
    assert len(events) == 2


def test_a_line_in_parts_is_one_event_and_what_is_no_event_is_logged(run):
    events, ending = run(
        "import sys, time\n"
        f"line = {SUCCEEDED!r}\n"
        "sys.stdout.write('no event\\n' + line[:20]); sys.stdout.flush(); time.sleep(0.2)\n"
        "print(line[20:])\n"
    )
    assert [event.how for event in events] == ["succeeded"]
    assert "no event" in ending.log


def test_an_event_of_another_protocol_or_kind_does_no_harm(run):
    events, ending = run(
        'print(\'{"protocol": 99, "kind": "phase"}\')\n'
        'print(\'{"protocol": 1, "kind": "from the future"}\')\n'
        f"print({SUCCEEDED!r})\n"
    )
    assert len(events) == 1
    assert ending.how == "succeeded"


def test_floods_keep_only_their_end(run):
    _, ending = run(
        "import sys\n"
        "sys.stderr.write('x' * 3_000_000 + 'the reason')\n"
        "sys.stdout.write('y' * 3_000_000)\n"
        "sys.exit(9)\n"
    )
    assert ending.how == "crashed"  # a signal of this number is the system's
    assert "status 9" in ending.text
    assert ending.log.endswith("the reason") or "the reason" in ending.log
    assert len(ending.log) <= 20_000


@pytest.mark.parametrize(
    ("how", "reason", "status"),
    [("failed", "No scan of glioma is left.", 1), ("stopped", "Resume it later.", 4)],
)
def test_its_own_words_are_what_the_user_reads(run, how, reason, status):
    last = to_line(Ended(how, reason))
    _, ending = run(f"import sys\nprint({last!r})\nsys.exit({status})")
    assert (ending.how, ending.text) == (how, reason)


@pytest.mark.skipif(os.name == "nt", reason="signals are those of Unix")
@pytest.mark.parametrize(
    ("number", "how", "words"),
    [
        (signal.SIGKILL, "killed", "memory ran out"),
        (signal.SIGSEGV, "crashed", "signal 11"),
        (signal.SIGBUS, "killed", "perhaps because the disk is full"),
    ],
)
def test_an_end_by_a_signal_is_told(run, number, how, words):
    _, ending = run(f"import os\nos.kill(os.getpid(), {int(number)})")
    assert ending.how == how
    assert words in ending.text


def test_a_program_that_is_not_there_is_told(qtbot, tmp_path):
    process = TrainingProcess(program=(str(tmp_path / "gone"),))
    with qtbot.waitSignal(process.ended, timeout=PATIENCE) as ended:
        process.start(["fit"])
    assert ended.args[0].how == "could_not_start"
    assert not process.is_running()


def test_a_start_that_fails_at_once_is_told_only_after_it(qtbot):
    process = TrainingProcess(program=("",))  # Qt refuses it without trying
    with qtbot.waitSignal(process.ended) as ended:
        process.start([])
        assert process.is_running()
    assert ended.args[0].how == "could_not_start"
    assert not process.is_running()


def test_what_it_is_told_reaches_it(run):
    program = (
        "import sys\n"
        "assert sys.stdin.readline() == 'pause\\n'\n"
        "assert sys.stdin.readline() == 'stop\\n'\n"
        f"print({to_line(Ended('stopped', 'Stopped.'))!r})\n"
    )

    def tell(process):
        process.tell(Command.PAUSE)
        process.tell(Command.STOP)

    _, ending = run(program, meanwhile=tell)
    assert ending.how == "stopped"


def test_closing_asks_it_to_stop_and_ends_its_input(run):
    stopped = to_line(Ended("stopped", "Stopped."))
    program = f"import sys\nassert sys.stdin.read() == 'stop\\n'\nprint({stopped!r})"
    _, ending = run(program, meanwhile=lambda process: process.close(PATIENCE))
    assert ending.how == "stopped"


def test_a_killed_one_ends_at_once(run):
    _, ending = run("import time\ntime.sleep(600)", meanwhile=lambda process: process.kill())
    assert ending.how == "killed"
    assert ending.text == "The process was ended at once; its last checkpoint is kept."


def test_one_that_closed_its_output_can_still_be_ended(run):
    program = "import os, time\nos.close(1)\nos.close(2)\ntime.sleep(600)"
    running = []

    def close(process):
        process.close(300)
        running.append(process.is_running())

    _, ending = run(program, meanwhile=close)
    assert (ending.how, running) == ("killed", [False])


def test_a_second_start_is_refused_while_one_runs(qtbot):
    process = TrainingProcess(program=(sys.executable, "-c"))
    process.start(["import time; time.sleep(600)"])
    with pytest.raises(RuntimeError, match="no running command"):
        process.start(["pass"])
    process.kill()
    qtbot.waitUntil(lambda: not process.is_running(), timeout=PATIENCE)
    qtbot.waitUntil(lambda: not process.children())  # nothing of the one before is kept
    with qtbot.waitSignal(process.ended, timeout=PATIENCE) as ended:
        process.start(["pass"])
    assert ended.args[0].how == "crashed"  # it said nothing of its end


def test_the_real_command_answers(qtbot, tmp_path):
    process = TrainingProcess()
    events = []
    process.event_arrived.connect(events.append)
    (tmp_path / "request.json").write_text("{}")
    with qtbot.waitSignal(process.ended, timeout=120_000) as ended:
        process.start(["fit", "--request", str(tmp_path / "request.json"), "--events"])
    assert ended.args[0].how == "failed"
    assert "Expected a training request in" in ended.args[0].text
    assert isinstance(events[-1], Ended)


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is Unix's")
def test_the_child_ends_when_its_parent_is_killed(tmp_path):
    child = (
        "from training.control import Control, commands_on_standard_input, obey_lines\n"
        "import time\n"
        "control = Control()\n"
        "obey_lines(control, commands_on_standard_input(), end_is_stop=True)\n"
        "while not control.stop_wanted(): time.sleep(0.05)\n"
    )
    parent = (
        "import sys, time\n"
        "from PySide6.QtCore import QCoreApplication\n"
        "from btgui.workers.training_process import TrainingProcess\n"
        "app = QCoreApplication([])\n"
        "process = TrainingProcess(program=(sys.executable, '-c'))\n"
        f"process.start([{child!r}])\n"
        "process._process.waitForStarted()\n"
        "print(process._process.processId(), flush=True)\n"
        "time.sleep(600)\n"
    )
    running = subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE, text=True)
    number = int(running.stdout.readline())
    running.kill()
    running.communicate()
    assert (
        psutil.wait_procs([psutil.Process(number)] if psutil.pid_exists(number) else [], 60)[1]
        == []
    )


def test_the_command_is_this_application(monkeypatch, tmp_path):
    program = training_program()
    assert program[0] == sys.executable
    assert program[1].endswith("main.py")
    assert program[2] == "train"
    monkeypatch.setattr("sys.frozen", True, raising=False)
    monkeypatch.setattr("sys.executable", str(tmp_path / "btgui"))
    assert training_program() == (str(tmp_path / "btgui"), "train")
