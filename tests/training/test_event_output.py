import io
import subprocess
import sys

import pytest

from btgui.engine.training_runs.events import (
    DeviceKnown,
    Ended,
    EpochDone,
    Message,
    PhaseStarted,
    Progress,
    StepDone,
    from_line,
)
from training.event_output import LineReporter, TerminalReporter, begin

STEP = StepDone(2, 25, 3, 40, 0.7, 0.625, 28.4, 150.0, 900)
EPOCH = EpochDone(2, 25, 0.5, 0.8, 0.6, 0.75, best=True)


class Terminal(io.StringIO):
    def isatty(self):
        return True


def told(stream, *events):
    reporter = TerminalReporter(stream)
    for event in events:
        reporter.emit(event)
    return stream.getvalue()


def test_every_event_is_a_line_and_a_sentence_is_a_message():
    lines = []
    reporter = LineReporter(lines.append)
    reporter("Comparing 10 scans …")
    reporter.emit(STEP)
    assert [from_line(line) for line in lines] == [Message("info", "Comparing 10 scans …"), STEP]
    assert all(line.endswith("\n") for line in lines)


def test_a_reader_that_has_gone_does_not_end_the_run():
    def gone(_line):
        raise BrokenPipeError

    reporter = LineReporter(gone)
    reporter("one")
    reporter("two")


def test_a_person_reads_a_moving_line_and_one_line_an_epoch():
    text = told(Terminal(), DeviceKnown("gpu", "A card", 2), STEP, EPOCH)
    assert text.startswith("Training on 2 x A card.\n\rEpoch 2/25 [............] 3/40, 2 min left")
    assert "loss 0.700, acc. 62 %, 28 scans/s" in text
    last = text.splitlines()[-1]
    assert "validation loss 0.600, accuracy 75.0 %, the best so far." in last
    assert text.endswith("\n")


def test_a_download_is_told_in_megabytes():
    assert "3 of 9 MB" in told(Terminal(), Progress("downloading", 3_000_000, 9 * 10**6))


def test_where_nothing_can_move_steps_are_not_written():
    assert told(io.StringIO(), STEP, Progress("comparing", 1, 2), PhaseStarted("fitting")) == ""
    assert told(io.StringIO(), Message("warning", "Careful.")) == "Warning: Careful.\n"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (float("nan"), " 1/1, loss"),
        (-1.0, " 1/1, loss"),
        (0.0, " 1/1, loss"),
        (20.0, ", 1 min left"),
        (5400.0, ", 1.5 h left"),
    ],
)
def test_the_time_left_is_told_where_it_is_known(seconds, words):
    step = StepDone(1, 1, 1, 1, 0.1, 0.9, 10.0, seconds, 1)
    assert words in told(Terminal(), step)


@pytest.mark.parametrize("columns", [40, 80])
def test_the_moving_line_never_wraps(monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    long = StepDone(12, 25, 143, 143, 0.1234, 0.951, 123.0, 3000.0, 900)
    far = Progress("preprocessing", 123_456, 1_234_567)
    lines = told(Terminal(), long, far, Message("info", "Done.")).split("\r")
    for line in (line.removesuffix("\x1b[K") for line in lines[1:3]):
        assert 0 < len(line) < columns
        assert "\x1b" not in line
    assert lines[3] == "\x1b[KDone.\n"


@pytest.mark.parametrize(
    ("done", "bar"), [(0, "[............]"), (5, "[######......]"), (10, "[############]")]
)
def test_a_bar_shows_how_far_a_phase_is(done, bar):
    assert bar in told(Terminal(), Progress("comparing", done, 10))
    assert "[............] 0 of 0" in told(Terminal(), Progress("comparing", 0, 0))


def test_event_lines_have_standard_output_to_themselves():
    program = (
        "import os\n"
        "from btgui.engine.training_runs.events import Ended\n"
        "from training.event_output import event_lines_on_standard_output\n"
        "reporter = event_lines_on_standard_output()\n"
        "print('a library prints')\n"
        "os.write(1, b'another one, below Python\\n')\n"
        "reporter.emit(Ended('succeeded'))\n"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert from_line(ended.stdout.decode()) == Ended("succeeded")
    assert b"a library prints" in ended.stderr
    assert b"below Python" in ended.stderr


def test_with_event_lines_all_other_output_is_in_utf_8(monkeypatch):
    program = (
        "import sys\n"
        "from training.event_output import event_lines_on_standard_output\n"
        "event_lines_on_standard_output()\n"
        "print('Müller', flush=True)\n"
        "sys.stderr.write('Köpfe Δ')\n"
    )
    monkeypatch.setenv("PYTHONIOENCODING", "cp1252")  # as in the packaged application on Windows
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert ended.stderr.decode().split() == ["Müller", "Köpfe", "Δ"]


def test_a_phase_tells_how_far_it_is_and_always_its_end():
    lines = []
    counted = begin(LineReporter(lines.append), "comparing", 1000)
    for done in range(1, 1001):
        counted(done)
    events = [from_line(line) for line in lines]
    assert events[0] == PhaseStarted("comparing", 1000)
    assert events[1] == Progress("comparing", 1, 1000)
    assert events[-1] == Progress("comparing", 1000, 1000)
    assert len(events) < 50
