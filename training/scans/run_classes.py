"""The classes of a run's model and their display names."""

from __future__ import annotations

from dataclasses import replace

from btgui.engine.datasets.dataset import LabelledScan, classes_of
from btgui.engine.training_request import TrainingRequest
from btgui.engine.training_runs.start import classes_of_start
from training.scans.split_note import SplitNote


def with_classes(
    request: TrainingRequest, scans: list[LabelledScan], note: SplitNote | None
) -> tuple[TrainingRequest, tuple[str, ...]]:
    """Return the request with display names, and the classes in the order of the outputs.

    A new run has the classes of the model to fine-tune, if that knows all classes of the scans;
    otherwise those of the scans. Display names in the request take precedence over the model's.

    Parameters
    ----------
    scans
        All scans of the request.
    note
        The split of a run in progress; None for a new run.

    Raises
    ------
    ModelPackError
        The model to fine-tune cannot be read.
    """
    if note is not None:
        classes, names = note.classes, dict(note.display_names)
    else:
        found = classes_of(scans)
        names = classes_of_start(request.weights, found)
        classes = tuple(names) or found
    shown = names | dict(request.display_names)
    return replace(request, display_names=tuple(shown.items())), classes
