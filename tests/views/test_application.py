import os
import subprocess
import sys

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QFileOpenEvent


@pytest.fixture
def windowless(qapp, monkeypatch):
    """The application as it is before there is a window."""
    qapp.take_requests()
    monkeypatch.setattr(qapp, "_has_window", False)
    return qapp


def ask(qapp, url):
    qapp.postEvent(qapp, QFileOpenEvent(url))


def test_what_was_asked_for_before_there_is_a_window_waits(qtbot, windowless, scan_file):
    with qtbot.assertNotEmitted(windowless.files_requested, wait=200):
        ask(windowless, QUrl.fromLocalFile(str(scan_file)))
    assert windowless.take_requests() == [scan_file]
    assert windowless.take_requests() == []


def test_files_that_were_dropped_together_are_told_together(qtbot, windowless, make_heads):
    windowless.take_requests()
    heads = make_heads(3)
    with qtbot.waitSignal(windowless.files_requested) as told:
        for head in heads:
            ask(windowless, QUrl.fromLocalFile(str(head)))
    assert told.args == [heads]


def test_an_address_is_no_file(qtbot, windowless):
    windowless.take_requests()
    with qtbot.assertNotEmitted(windowless.files_requested, wait=200):
        ask(windowless, QUrl("https://example.org"))
    assert windowless.take_requests() == []


def test_its_style_is_the_same_whatever_the_system_asks_of_qt():
    program = (
        "from btgui.views.application import Application\n"
        "print(Application(['btgui']).style().name())"
    )
    asked = os.environ | {"QT_STYLE_OVERRIDE": "windows"}
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, env=asked
    )
    assert done.stdout.strip() == b"fusion"
