import argparse
import errno
import os
from types import SimpleNamespace

import pytest

from btgui.engine.errors import RequestError, TrainingError
from btgui.engine.training_runs.events import Ended
from training.commands import telling as module
from training.commands.telling import telling

OPTIONS = argparse.Namespace(events=False, end_with_input=False)


def test_a_full_disk_is_told_in_a_sentence():
    def work(_reporter, _control):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "figures.json")

    with pytest.raises(
        TrainingError, match=r"figures\.json cannot be read or written: No space left"
    ):
        telling(OPTIONS, work)


@pytest.mark.parametrize(("error", "how"), [(RequestError, "refused"), (TrainingError, "failed")])
def test_an_end_that_would_come_again_is_called_a_refusal(monkeypatch, error, how):
    told = []
    reporter = SimpleNamespace(emit=told.append)
    monkeypatch.setattr(module, "event_lines_on_standard_output", lambda: reporter)
    monkeypatch.setattr(module, "obey_lines", lambda *_, **__: None)

    def work(_reporter, _control):
        raise error("Choose other weights.")

    with pytest.raises(error):
        telling(argparse.Namespace(events=True, end_with_input=False), work)
    assert told == [Ended(how, "Choose other weights.")]


def test_what_is_no_matter_of_disks_is_not_hidden():
    def work(_reporter, _control):
        raise ConnectionError(errno.ECONNRESET, os.strerror(errno.ECONNRESET))

    with pytest.raises(ConnectionError):
        telling(OPTIONS, work)
