import sys
import threading

import pytest

from btgui.engine import notifications
from btgui.engine.notifications import (
    Notification,
    install_exception_hooks,
    notify,
    notify_exception,
    subscribe,
)


@pytest.fixture
def hooks(monkeypatch):
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    install_exception_hooks()


def test_every_listener_hears_a_message_until_it_unsubscribes(told):
    others = []
    unsubscribe = subscribe(others.append)
    notify(Notification("info", "one"))
    unsubscribe()
    unsubscribe()  # twice does no harm
    notify(Notification("info", "two"))
    assert [message.text for message in told] == ["one", "two"]
    assert [message.text for message in others] == ["one"]


def test_where_nobody_listens_it_goes_to_standard_error(capsys):
    assert not notifications._listeners
    notify(Notification("warning", "Nobody is here.", "details"))
    assert capsys.readouterr().err == "btgui: Nobody is here.\ndetails"


def test_without_a_standard_error_stream_a_message_nobody_hears_does_no_harm(monkeypatch):
    assert not notifications._listeners
    monkeypatch.setattr(sys, "stderr", None)  # as in a windowed program
    notify(Notification("warning", "Nobody is here."))


def test_a_listener_may_unsubscribe_while_it_is_told(told):
    heard = []

    def once(message):
        heard.append(message.text)
        unsubscribe()

    unsubscribe = subscribe(once)
    notify(Notification("info", "one"))
    notify(Notification("info", "two"))
    assert heard == ["one"]
    assert len(told) == 2


def test_an_exception_comes_with_its_traceback(told):
    notify_exception(ValueError("wrong"), "It failed.")
    assert told[0].text == "It failed."
    assert "ValueError: wrong" in told[0].details


def test_what_nobody_caught_is_told_from_any_thread(told, hooks):
    sys.excepthook(ValueError, ValueError("on main"), None)
    thread = threading.Thread(target=lambda: 1 / 0)
    thread.start()
    thread.join()
    assert "on main" in told[0].details
    assert "ZeroDivisionError" in told[1].details


def test_ctrl_c_stays_what_it_is(told, hooks, monkeypatch):
    passed_on = []
    monkeypatch.setattr(sys, "__excepthook__", lambda *arguments: passed_on.append(arguments))
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert len(passed_on) == 1
    assert not told
