import json
import math

import pytest

from btgui.engine.training_runs.events import (
    DeviceKnown,
    Ended,
    EpochDone,
    Message,
    Paused,
    PhaseStarted,
    Progress,
    StepDone,
    from_line,
    to_line,
)

EVENTS = (
    PhaseStarted("preprocessing", 120),
    Progress("comparing", 10, 120),
    DeviceKnown("gpu", "Some card", 2),
    StepDone(1, 25, 3, 40, 0.7, 0.6, 28.5, 120.0, 900),
    Paused(),
    EpochDone(2, 25, 0.5, 0.8, 0.6, 0.75, best=True),
    Message("warning", 'A scan, "head.png", cannot be read:\nit is empty, täglich.'),
    Ended("stopped", "You stopped it.", ""),
)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.kind)
def test_an_event_comes_back_from_its_line_as_it_was(event):
    line = to_line(event)
    assert "\n" not in line
    assert from_line(line) == event
    assert json.loads(line)["protocol"] == 1


def test_a_loss_that_is_no_number_stays_none():
    line = to_line(EpochDone(1, 2, math.nan, 0.5, math.inf, 0.5, best=False))
    json.loads(line, parse_constant=pytest.fail)  # strict JSON
    read = from_line(line)
    assert math.isnan(read.loss)
    assert math.isnan(read.validation_loss)


def test_a_kind_of_a_newer_version_is_passed_over_and_so_are_new_values():
    assert from_line('{"protocol": 1, "kind": "weather", "rain": true}') is None
    line = json.dumps(json.loads(to_line(EVENTS[0])) | {"new": 1})
    assert from_line(line) == EVENTS[0]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("2026-01-01 loading …", "a line of JSON"),
        ("[1, 2]", "protocol 1"),
        ('{"kind": "phase", "phase": "fitting"}', "protocol 1"),
        ('{"protocol": 2, "kind": "phase", "phase": "fitting"}', "protocol 1"),
        ('{"protocol": 1, "kind": "progress", "phase": "fitting"}', "complete progress"),
        ('{"protocol": 1, "kind": "message", "level": "info", "text": 3}', "text to be str"),
    ],
)
def test_what_is_no_event_of_this_protocol_is_refused(line, words):
    with pytest.raises(ValueError, match=words):
        from_line(line)


def test_a_step_tells_how_much_of_the_fit_is_done():
    assert StepDone(2, 4, 5, 10, 0.7, 0.6, 28.5, 120.0, 900).share_done == 0.375


def test_a_file_name_that_is_no_text_can_be_told():
    event = Message("warning", "M\udce4rz.png cannot be read. Überprüfen.")
    line = to_line(event)
    assert line.isascii()
    assert from_line(line) == event
