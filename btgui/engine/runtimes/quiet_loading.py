"""Loading TensorFlow's libraries without their informational logs on standard error.

The libraries log how they compute and that there is no GPU before this can be turned off:
``TF_CPP_MIN_LOG_LEVEL`` takes effect only later. So everything written to standard error during
loading, even from C++, is held back, and then passed on without these log lines. Output is lost
only if the process is killed during loading.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

# Abseil's format: "I", the day as MMDD (0000 before logging is initialised), the time.
_NOTE = re.compile(rb"I\d{4} \d\d:\d\d:|WARNING: All log messages before absl::InitializeLog")
_STANDARD_ERROR = 2


@contextmanager
def loading_quietly() -> Iterator[None]:
    """Hold back log lines while TensorFlow or Keras is imported in the block; later calls do nothing."""
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
