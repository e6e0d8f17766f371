"""Lines on standard output, whatever the terminal, pipe or file at its end can take."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from btgui.engine.errors import ExportError


def print_json(values: dict[str, Any]) -> None:
    """Print an object as one line, in ASCII."""
    print_line(json.dumps(values))


def print_line(line: str) -> None:
    """Print a line at once; what the terminal cannot show, in signs.

    Raises
    ------
    BrokenPipeError
        Nobody reads on.
    ExportError
        The file that it goes into cannot be written.
    """
    encoding = sys.stdout.encoding or "utf-8"
    try:
        sys.stdout.write(line.encode(encoding, "backslashreplace").decode(encoding) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        # The rest goes nowhere: Python would try to write it as it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise ExportError(
            f"Nothing more can be written to standard output ({error.strerror})."
        ) from error
