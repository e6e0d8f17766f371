import threading
from pathlib import Path

import pytest

from btgui.engine.disk import time_limit
from btgui.engine.disk.time_limit import read_in_time
from btgui.engine.errors import Cancelled, ScanError

FILE = Path("folder/slice.dcm")


def test_what_is_read_arrives():
    assert read_in_time(FILE, lambda: 7) == 7


def test_what_goes_wrong_arrives_as_it_is():
    def fail():
        raise ScanError("slice.dcm is damaged.")

    with pytest.raises(ScanError, match=r"^slice\.dcm is damaged\.$"):
        read_in_time(FILE, fail)


def test_what_never_ends_is_given_up_on_and_does_not_keep_the_program():
    forever, before = threading.Event(), threading.enumerate()
    with pytest.raises(ScanError, match=r"Reading slice\.dcm was abandoned") as given_up:
        read_in_time(FILE, forever.wait, seconds=0.05)
    assert "local disk" in str(given_up.value)
    (left,) = [thread for thread in threading.enumerate() if thread not in before]
    assert left.name == "btgui-read"
    assert left.daemon
    forever.set()
    left.join(5)


def test_who_stops_does_not_wait_for_a_drive_without_an_answer(monkeypatch):
    monkeypatch.setattr(time_limit, "_ENDING_SECONDS", 0.01)
    forever = threading.Event()
    with pytest.raises(Cancelled):
        read_in_time(FILE, forever.wait, is_cancelled=lambda: True)
    forever.set()


def test_what_is_read_before_it_is_stopped_arrives():
    assert read_in_time(FILE, lambda: 7, is_cancelled=lambda: True) == 7
