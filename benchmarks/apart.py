"""Training commands in separate processes, so that no state carries over from one to the next."""

from __future__ import annotations

import multiprocessing
import sys
from dataclasses import replace
from pathlib import Path


def run_apart(side: int | None, *arguments: str) -> None:
    """Run a command of ``python -m training``; exit this program if the command fails.

    Parameters
    ----------
    side
        Side of the network's input in pixels; None for each network's own.
    """
    child = multiprocessing.get_context("spawn").Process(target=_run, args=(side, arguments))
    child.start()
    child.join()
    if child.exitcode:
        sys.exit(
            f"{' '.join(arguments)} failed with exit status {child.exitcode}. Run the same command "
            f"again to continue."
        )


def work_of(model: Path) -> Path:
    """Return the work folder of a model's training run."""
    return model.with_name(f"{model.name}.run")


def _run(side: int | None, arguments: tuple[str, ...]) -> None:
    from training.__main__ import main
    from training.networks.architectures import ARCHITECTURES

    if side is not None:
        for name, known in ARCHITECTURES.items():
            ARCHITECTURES[name] = replace(known, input_side=side)
    sys.exit(main(list(arguments)))
