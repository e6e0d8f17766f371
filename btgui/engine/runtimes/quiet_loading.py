"""TensorFlow's libraries loaded without their notes on standard error.

They note how they compute and that there is no GPU before anything can tell them not to:
``TF_CPP_MIN_LOG_LEVEL`` counts only afterwards. So what is written to standard error meanwhile,
below Python too, is held back, and all but those notes passed on. Only what a process that is
killed at this moment had written is lost.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

# As Abseil writes them: "I", the day as MMDD (0000 before its logging is set up), the time.
_NOTE = re.compile(rb"I\d{4} \d\d:\d\d:|WARNING: All log messages before absl::InitializeLog")
_STANDARD_ERROR = 2


@contextmanager
def loading_quietly() -> Iterator[None]:
    """Have TensorFlow, or Keras with it, imported within; quick where that was done before."""
    if "tensorflow" in sys.modules:
        yield
        return
    try:
        own = os.dup(_STANDARD_ERROR)
    except OSError:  # a windowed program may have none
        yield
        return
    with tempfile.TemporaryFile() as held_back:
        os.dup2(held_back.fileno(), _STANDARD_ERROR)
        try:
            yield
        finally:
            os.dup2(own, _STANDARD_ERROR)
            os.close(own)
            held_back.seek(0)
            for line in held_back:
                if not _NOTE.match(line):
                    os.write(_STANDARD_ERROR, line)
