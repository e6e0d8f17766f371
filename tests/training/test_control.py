import signal
import subprocess
import sys
import threading

import pytest

from btgui.engine.errors import Cancelled
from btgui.engine.training_runs.events import Command
from training.__main__ import main
from training.control import Control, obey_lines, obeying_signals


def test_nothing_is_wanted_at_first():
    control = Control()
    control.wait_while_paused()
    told = (control.paused(), control.stop_wanted(), control.finish_wanted())
    assert told == (False, False, False)


@pytest.mark.parametrize("going_on", [Command.CONTINUE, Command.STOP, Command.FINISH])
def test_a_pause_lasts_until_the_run_may_go_on_or_is_to_end(going_on):
    control = Control()
    control.tell(Command.PAUSE)
    waiting = threading.Thread(target=control.wait_while_paused)
    waiting.start()
    waiting.join(0.05)
    assert waiting.is_alive()
    control.tell(going_on)
    waiting.join(10)
    assert not waiting.is_alive()
    assert control.stop_wanted() == (going_on is Command.STOP)
    assert control.finish_wanted() == (going_on is Command.FINISH)


def test_what_is_to_stop_does_not_wait_whatever_it_is_told_then():
    control = Control()
    control.tell(Command.STOP)
    control.tell(Command.PAUSE)
    assert not control.paused()
    control.wait_while_paused()
    assert control.stop_wanted()


def test_a_signal_may_tell_it_at_any_point_of_its_waiting():
    control = Control()
    told = []

    def handler(_frame, _event, _argument):
        told.append(control.tell(Command.CONTINUE))
        return handler

    def wait():
        sys.settrace(handler)
        control.wait_while_paused()

    control.tell(Command.PAUSE)
    waiting = threading.Thread(target=wait, daemon=True)
    waiting.start()
    waiting.join(10)
    assert told
    assert not waiting.is_alive()


def test_what_is_stopped_is_named():
    control = Control("The evaluation")
    control.raise_if_stop_wanted()
    control.tell(Command.STOP)
    with pytest.raises(Cancelled, match=r"The evaluation was stopped.*nothing was written"):
        control.raise_if_stop_wanted()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["evaluate", "model", "scans"], "The evaluation was stopped"),
        (
            ["compare", "one", "other", "--dataset", "scans", "--json", "new"],
            "The comparison was stopped",
        ),
        (["calibrate", "model", "scans", "--output", "new"], "The calibration was stopped"),
        (["probe", "--architecture", "mobilenetv2"], "The measurement was stopped"),
    ],
)
def test_every_command_that_is_stopped_says_which_it_was(
    arguments, words, monkeypatch, tmp_path, capsys
):
    def stopped(_options, _work, control):
        control.tell(Command.STOP)
        control.raise_if_stop_wanted()

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(f"training.commands.{arguments[0]}.telling", stopped)
    assert main(arguments) != 0
    assert words in capsys.readouterr().err


def test_commands_are_read_line_by_line_and_the_rest_is_passed_over():
    control = Control()
    obey_lines(control, ["hello\n", "pause\n", "\n"]).join(10)
    assert control.paused()
    obey_lines(control, ["finish\n"]).join(10)
    assert control.finish_wanted()
    assert not control.stop_wanted()


def test_a_library_that_looks_at_standard_input_waits_for_no_command():
    script = (
        "import os\n"
        "from training.control import Control, commands_on_standard_input, obey_lines\n"
        "control = Control()\n"
        "reading = obey_lines(control, commands_on_standard_input())\n"
        "print(os.read(0, 1), flush=True)\n"
        "reading.join()\n"
        "print(control.finish_wanted())\n"
    )
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout.readline().strip() == b"b''"
        child.stdin.write(b"\xff\nfinish\n")
        child.stdin.close()
        assert child.stdout.read().strip() == b"True"


def test_a_signal_stops_and_a_second_one_is_the_system_s_again():
    script = (
        "import signal\n"
        "from training.control import Control, obeying_signals\n"
        "control = Control()\n"
        "with obeying_signals(control):\n"
        "    signal.raise_signal(signal.SIGTERM)\n"
        "    print(control.stop_wanted(), flush=True)\n"
        "    signal.raise_signal(signal.SIGTERM)\n"
        "    print('never', flush=True)\n"
    )
    # In a process of its own: a signal that came late would end the tests.
    child = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert child.stdout.split() == [b"True"]
    assert child.returncode == -signal.SIGTERM


def test_ctrl_c_is_answered_at_once(capfd):
    control = Control()
    with obeying_signals(control):
        signal.raise_signal(signal.SIGINT)
    assert control.stop_wanted()
    assert "press Ctrl+C again to end at once" in capfd.readouterr().err


def test_what_another_program_leads_leaves_the_terminal_to_it():
    control = Control()
    with obeying_signals(control, terminal=False):
        signal.raise_signal(signal.SIGINT)
        assert not control.stop_wanted()
        signal.raise_signal(signal.SIGTERM)
    assert control.stop_wanted()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_a_closed_terminal_stops_however_often_it_is_told_unless_that_is_ignored():
    script = (
        "import signal\n"
        "from training.control import Control, obeying_signals\n"
        "for handler in (signal.SIG_DFL, signal.SIG_IGN):\n"
        "    signal.signal(signal.SIGHUP, handler)\n"
        "    control = Control()\n"
        "    with obeying_signals(control):\n"
        "        for _ in range(3):\n"
        "            signal.raise_signal(signal.SIGHUP)\n"
        "        print(control.stop_wanted(), flush=True)\n"
    )
    child = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert child.stdout.split() == [b"True", b"False"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_that_is_ignored_stays_so(number):
    before = signal.signal(number, signal.SIG_IGN)  # as in the background of a shell script
    try:
        control = Control()
        with obeying_signals(control):
            signal.raise_signal(number)
        assert not control.stop_wanted()
        assert signal.getsignal(number) == signal.SIG_IGN
    finally:
        signal.signal(number, before)


def test_the_handlers_are_those_from_before_afterwards():
    before = signal.getsignal(signal.SIGTERM)
    with obeying_signals(Control()):
        assert signal.getsignal(signal.SIGTERM) != before
    assert signal.getsignal(signal.SIGTERM) == before
