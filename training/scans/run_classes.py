"""What the classes of a run's model are, and what they are called: decided here alone."""

from __future__ import annotations

from dataclasses import replace

from btgui.engine.datasets.dataset import LabelledScan, classes_of
from btgui.engine.training_request import TrainingRequest
from btgui.engine.training_runs.start import classes_of_start
from training.scans.split_note import SplitNote


def with_classes(
    request: TrainingRequest, scans: list[LabelledScan], note: SplitNote | None
) -> tuple[TrainingRequest, tuple[str, ...]]:
    """Return a request with the names to show, and the classes in the order of the outputs.

    A run that begins has the classes of the model that it goes on from, where that knows all that
    the scans are of; else those of the scans. The names that the request has go before those that
    the model has.

    Parameters
    ----------
    scans
        All of the request's.
    note
        The split that the run began with; None where it begins.

    Raises
    ------
    ModelPackError
        The model that the run goes on from cannot be read.
    """
    if note is not None:
        classes, names = note.classes, dict(note.display_names)
    else:
        found = classes_of(scans)
        names = classes_of_start(request.weights, found)
        classes = tuple(names) or found
    shown = names | dict(request.display_names)
    return replace(request, display_names=tuple(shown.items())), classes
