"""Closing the main window while work is in progress."""

import sys

import pytest

from btgui import app
from btgui.views import training_desk
from btgui.workers import training_process
from tests.views.training_wizard.fake_run import OBEYING


@pytest.fixture
def window(qtbot, monkeypatch):
    """A window without a model, whose training command is a small program."""
    monkeypatch.setattr(
        training_process, "training_program", lambda: (sys.executable, "-u", "-c", OBEYING)
    )
    app.create_application(["btgui"])
    window = app.create_window()
    # Before it closes, which would ask about the training.
    qtbot.addWidget(window, before_close_func=lambda _window: window.training.process.close())
    window.show()
    return window


def test_a_training_goes_on_where_the_window_stays_open_for_other_work(window, monkeypatch):
    window.training.process.start(["fit"])
    with monkeypatch.context() as patch:
        patch.setattr(training_desk, "ask_to_stop_and_close", lambda *_: True)
        patch.setattr(window.measuring, "may_close", lambda: False)
        assert not window.close()
    assert window.isVisible()
    assert window.training.process.is_running()
