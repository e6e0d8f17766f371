import threading

import pytest

from btgui.engine.errors import ScanError
from btgui.engine.notifications import subscribe
from btgui.workers import reading
from btgui.workers.analysis_worker import AnalysisService
from btgui.workers.answers import Unread
from btgui.workers.reading import in_words, read_or_why, scans_among


def test_a_file_is_read_and_a_scan_returned_as_it_is(scan_file):
    scan, milliseconds = read_or_why(scan_file, lambda: True)
    assert scan.path == scan_file
    assert milliseconds > 0
    assert read_or_why(scan, lambda: True) == (scan, 0.0)


def test_why_a_file_cannot_be_read_is_returned(tmp_path):
    (tmp_path / "empty.png").touch()
    why, _ = read_or_why(tmp_path / "empty.png", lambda: True)
    assert isinstance(why, Unread)
    assert "empty.png" in why.reason


def test_the_unexpected_is_told_with_its_traceback():
    messages = []
    unsubscribe = subscribe(messages.append)
    assert in_words(ScanError("gone"), "It failed.") == "gone"
    assert not messages
    assert in_words(ZeroDivisionError(), "It failed.") == "It failed."
    unsubscribe()
    assert "ZeroDivisionError" in messages[0].details


@pytest.fixture
def silent_drive(monkeypatch):
    """Reading that never returns, with an event that is set when it has begun."""
    begun, answer = threading.Event(), threading.Event()

    def wait(*_):
        begun.set()
        answer.wait(60)

    monkeypatch.setattr(reading, "read_scan", wait)
    monkeypatch.setattr(reading, "find_scans", wait)
    yield begun
    answer.set()


def test_what_is_not_wanted_any_more_is_not_waited_for(silent_drive, scan_file):
    assert read_or_why(scan_file, lambda: False) == (None, 0.0)
    assert scans_among([scan_file], lambda: False) == []


def test_the_service_closes_and_leaves_a_drive_without_an_answer(silent_drive, qtbot, scan_file):
    service = AnalysisService()
    service.read_scan(scan_file)
    assert silent_drive.wait(30)
    service.close()
    assert not service._thread.isRunning()
