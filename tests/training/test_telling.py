import argparse
import errno
import os

import pytest

from btgui.engine.errors import TrainingError
from training.commands.telling import telling

OPTIONS = argparse.Namespace(events=False, end_with_input=False)


def test_a_full_disk_is_told_in_a_sentence():
    def work(_reporter, _control):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "figures.json")

    with pytest.raises(
        TrainingError, match=r"figures\.json cannot be read or written: No space left"
    ):
        telling(OPTIONS, work)


def test_what_is_no_matter_of_disks_is_not_hidden():
    def work(_reporter, _control):
        raise ConnectionError(errno.ECONNRESET, os.strerror(errno.ECONNRESET))

    with pytest.raises(ConnectionError):
        telling(OPTIONS, work)
