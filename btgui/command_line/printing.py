"""Printing lines to standard output, whatever characters the terminal, pipe or file accepts."""

from __future__ import annotations

import errno
import json
import os
import sys
from typing import Any

from btgui.engine.errors import ExportError


def print_json(values: dict[str, Any]) -> None:
    """Print a JSON object as one line of ASCII."""
    print_line(json.dumps(values))


def print_line(line: str) -> None:
    """Print a line and flush; characters that the encoding lacks become escape sequences.

    Raises
    ------
    BrokenPipeError
        The reader has closed the pipe.
    ExportError
        The output cannot be written.
    """
    encoding = sys.stdout.encoding or "utf-8"
    try:
        sys.stdout.write(line.encode(encoding, "backslashreplace").decode(encoding) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        if error.errno == errno.EINVAL:  # what Windows says of a closed pipe
            raise BrokenPipeError(*error.args) from error
        # The buffered rest is discarded: Python would otherwise try to write it again on exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise ExportError(
            f"Nothing more can be written to standard output ({error.strerror})."
        ) from error
