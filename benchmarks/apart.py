"""Training commands in processes of their own: nothing of one training is left for the next."""

from __future__ import annotations

import multiprocessing
import sys
from dataclasses import replace
from pathlib import Path


def run_apart(side: int | None, *arguments: str) -> None:
    """Run a command of ``python -m training``; end this program where it fails.

    Parameters
    ----------
    side
        Of the pictures that networks are shown, in pixels; each network's own where None.
    """
    child = multiprocessing.get_context("spawn").Process(target=_run, args=(side, arguments))
    child.start()
    child.join()
    if child.exitcode:
        sys.exit(f"{' '.join(arguments)} ended with {child.exitcode}; the same command goes on.")


def work_of(model: Path) -> Path:
    """Return the work folder of the training of a model."""
    return model.with_name(f"{model.name}.run")


def _run(side: int | None, arguments: tuple[str, ...]) -> None:
    from training.__main__ import main
    from training.networks.architectures import ARCHITECTURES

    if side is not None:
        for name, known in ARCHITECTURES.items():
            ARCHITECTURES[name] = replace(known, input_side=side)
    sys.exit(main(list(arguments)))
