"""The command line: ``python -m training audit|fit|average|evaluate|compare``."""

from __future__ import annotations

import argparse
import os
import sys

from btgui.engine.errors import BtguiError
from training.commands import audit, average, compare, evaluate, fit

_COMMANDS = (audit, fit, average, evaluate, compare)


def main(arguments: list[str] | None = None) -> int:
    """Run a command; exit status 0 (done), 1 (failed, the reason is on stderr) or 2 (misuse)."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in _COMMANDS:
        command.add_to(commands)
    options = parser.parse_args(arguments)
    try:
        return int(options.command(options))
    except BtguiError as error:
        print(f"btgui: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("btgui: stopped. Go on later with --resume.", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
