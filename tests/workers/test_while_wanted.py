import threading
import time
from pathlib import Path

import pytest

from btgui.engine.errors import Cancelled, ScanError
from btgui.workers.while_wanted import while_wanted


def test_what_was_read_or_raised_comes_back():
    def fail():
        raise ScanError("gone")

    assert while_wanted(Path("x"), lambda: 7, lambda: True) == 7
    with pytest.raises(ScanError, match="gone"):
        while_wanted(Path("x"), fail, lambda: True)


def test_a_drive_without_an_answer_is_waited_for_no_longer_than_it_is_wanted():
    answer = threading.Event()
    start = time.monotonic()
    with pytest.raises(Cancelled):
        while_wanted(Path("x"), lambda: answer.wait(120), lambda: False)
    answer.set()
    assert time.monotonic() - start < 60
